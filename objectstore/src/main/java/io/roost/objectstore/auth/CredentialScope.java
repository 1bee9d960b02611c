package io.roost.objectstore.auth;

/**
 * The scope of a signature: {@code date/region/s3/aws4_request}.
 *
 * @param date eight digits
 * @param region as the client names it
 */
record CredentialScope(String date, String region) {
    static final String SERVICE = "s3";
    static final String TERMINATOR = "aws4_request";

    CanonicalText put(CanonicalText text) {
        return text.put(date)
                .put('/')
                .put(region)
                .put('/')
                .put(SERVICE)
                .put('/')
                .put(TERMINATOR);
    }
}
