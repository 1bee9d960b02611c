package io.roost.objectstore.auth;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;

/** What a request claims about its sender, read but not yet proved. */
public sealed interface Authentication permits Authentication.Anonymous, Authentication.Signed {
    /**
     * Reads the claim and checks everything that needs no secret: form, time, region, which headers are signed.
     *
     * @throws S3Exception with the code AWS answers for what is wrong
     */
    static Authentication of(RawRequest request, AuthenticationRules rules) {
        String authorization = request.headers().first("authorization");
        QueryString query = QueryString.of(request.query());
        boolean presigned = query.contains(PresignedUrl.ALGORITHM) || query.contains(PresignedUrl.SIGNATURE);
        boolean presignedV2 = query.contains(SignatureV2.QUERY_SIGNATURE) && query.contains(SignatureV2.QUERY_KEY);
        int mechanisms = request.headers().occurrences("authorization") + (presigned ? 1 : 0) + (presignedV2 ? 1 : 0);
        if (mechanisms > 1) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string"
                            + " parameter or the Authorization header should be specified");
        }
        if (presigned) {
            return PresignedUrl.parse(request, query, rules);
        }
        if (presignedV2) {
            return SignatureV2.parseQuery(request, query, rules);
        }
        if (authorization == null) {
            return new Anonymous(ContentSha256.unsignedRequest(request.headers()), request.headers());
        }
        if (authorization.indexOf(' ') < 0) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "Authorization header is invalid -- one and only one ' ' (space) required");
        }
        if (authorization.startsWith(SignatureV4.ALGORITHM + " ")) {
            return SignatureV4.parse(request, query, authorization, rules);
        }
        if (authorization.startsWith("AWS ")) {
            return SignatureV2.parseHeader(request, query, authorization, rules);
        }
        throw new S3Exception(S3Error.INVALID_ARGUMENT, "Unsupported Authorization Type");
    }

    /**
     * No claim at all.
     *
     * @param payload how the body is protected
     * @param headers as sent
     */
    record Anonymous(PayloadMode payload, RequestHeaders headers) implements Authentication {
        /** The anonymous caller, for whom nothing needs a proof. */
        public Authenticated authenticated() {
            return new Authenticated(Identity.ANONYMOUS, payload, headers);
        }
    }

    /** A claim to hold the secret of an access key. */
    sealed interface Signed extends Authentication permits SignatureV4, PresignedUrl, SignatureV2 {
        /** The access key id to look up. */
        String accessKeyId();

        /**
         * Proves the claim.
         *
         * @param key the access key of {@link #accessKeyId}
         * @param signingKeys those of the calling thread
         * @throws S3Exception SignatureDoesNotMatch
         */
        Authenticated verify(AccessKey key, SigningKeys signingKeys);

        /** The error for an access key that does not exist. */
        default S3Exception unknownAccessKey() {
            return new S3Exception(
                    S3Error.INVALID_ACCESS_KEY_ID,
                    S3Error.INVALID_ACCESS_KEY_ID.defaultMessage(),
                    new S3Exception.Detail("AWSAccessKeyId", accessKeyId()));
        }
    }
}
