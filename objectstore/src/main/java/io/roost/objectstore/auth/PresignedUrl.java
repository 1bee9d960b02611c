package io.roost.objectstore.auth;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.util.List;
import java.util.Locale;

/**
 * A signature of version 4 in the query ("Authenticating Requests: Using Query Parameters", AWS S3 API reference): a URL
 * that is good for some time. Immutable.
 */
public final class PresignedUrl implements Authentication.Signed {
    static final String ALGORITHM = "X-Amz-Algorithm";
    static final String SIGNATURE = "X-Amz-Signature";

    private static final String CREDENTIAL = "X-Amz-Credential";
    private static final String DATE = "X-Amz-Date";
    private static final String EXPIRES = "X-Amz-Expires";
    private static final String SIGNED_HEADERS = "X-Amz-SignedHeaders";
    private static final String CONTENT_SHA256 = "X-Amz-Content-Sha256";
    private static final String SECURITY_TOKEN = "X-Amz-Security-Token";

    private static final String METADATA = "x-amz-meta-";

    /** A week. */
    private static final long MAX_EXPIRES_SECONDS = 604_800;

    private final RawRequest request;
    private final QueryString query;
    private final Credential credential;
    private final AmzDate time;
    private final List<String> signedHeaders;
    private final String signature;
    private final ContentSha256 payload;

    private PresignedUrl(
            RawRequest request, QueryString query, Credential credential, AmzDate time, List<String> signedHeaders) {
        this.request = request;
        this.query = query;
        this.credential = credential;
        this.time = time;
        this.signedHeaders = signedHeaders;
        this.signature = required(query, SIGNATURE);
        this.payload = payload(request, query, signedHeaders);
    }

    static PresignedUrl parse(RawRequest request, QueryString query, AuthenticationRules rules) {
        if (!required(query, ALGORITHM).equals(SignatureV4.ALGORITHM)) {
            throw error("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }
        Credential credential = Credential.parse(
                required(query, CREDENTIAL),
                rules,
                wrong -> new S3Exception(
                        S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR,
                        "Error parsing the X-Amz-Credential parameter; " + wrong,
                        new S3Exception.Detail("Region", rules.region())));
        AmzDate time = AmzDate.ofBasic(required(query, DATE));
        if (time == null) {
            throw error("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }
        if (!time.day().equals(credential.scope().date())) {
            throw error("Invalid credential date \"" + credential.scope().date()
                    + "\". This date is not the same as X-Amz-Date: \"" + time.day() + "\".");
        }
        SignatureV4.refuseSecurityToken(query.contains(SECURITY_TOKEN) ? "" : null);
        SignatureV4.refuseSecurityToken(request.headers().first("x-amz-security-token"));
        requireValidNow(time, expiresSeconds(required(query, EXPIRES)), request.nowMillis());
        List<String> signedHeaders = CanonicalRequest.signedHeaders(required(query, SIGNED_HEADERS));
        if (signedHeaders == null) {
            throw error("X-Amz-SignedHeaders must be a list of header names separated by semicolons");
        }
        CanonicalRequest.requireSigned(request.headers(), signedHeaders);
        return new PresignedUrl(request, query, credential, time, signedHeaders);
    }

    @Override
    public String accessKeyId() {
        return credential.accessKeyId();
    }

    @Override
    public Authenticated verify(AccessKey key, SigningKeys signingKeys) {
        CanonicalText canonical = CanonicalRequest.of(request, query, signedHeaders, payload.text());
        SigningKeys.SigningKey signingKey = signingKeys.of(key, credential.scope());
        byte[] proved = SignatureV4.prove(canonical, time, credential, signature, signingKey, signingKeys);
        // An unsigned header cannot make the body more trusted, but it still says how the body is framed.
        PayloadMode mode = payload.kind() == ContentSha256.Kind.UNSIGNED
                ? ContentSha256.unsignedRequest(request.headers())
                : payload.mode(() -> new StreamingSignature(signingKey.copy(), time, credential.scope(), proved));
        return new Authenticated(key.identity(), mode, headersWithMetadata());
    }

    /**
     * Presigners of some SDKs move x-amz-* headers into the query. Of those S3 honours user metadata; the rest (checksums,
     * tagging, encryption) it ignores there.
     */
    private RequestHeaders headersWithMetadata() {
        RequestHeaders.Builder all = null;
        for (int i = 0; i < query.count(); i++) {
            String name = query.name(i).toLowerCase(Locale.ROOT);
            if (name.startsWith(METADATA) && !request.headers().contains(name)) {
                all = all == null ? request.headers().toBuilder() : all;
                all.add(name, headerValue(name, query.value(i)));
            }
        }
        return all == null ? request.headers() : all.build();
    }

    /** A value without blanks at its ends. What a header could not hold is refused: later it must be sent as one. */
    private static String headerValue(String name, String value) {
        boolean isNamed = name.length() > METADATA.length();
        for (int i = METADATA.length(); i < name.length(); i++) {
            isNamed &= isTokenCharacter(name.charAt(i));
        }
        boolean isText = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            isText &= (c >= ' ' && c != 0x7f) || c == '\t';
        }
        if (!isNamed || !isText) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "User metadata that no header can hold.",
                    new S3Exception.Detail("ArgumentName", name));
        }
        return value.strip();
    }

    /** RFC 9110 section 5.6.2. */
    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /**
     * What the presigner put into the last line: a hash only if it said so in the query or signed the header; an unsigned
     * header says nothing about what was signed.
     */
    private static ContentSha256 payload(RawRequest request, QueryString query, List<String> signedHeaders) {
        String inQuery = query.only(CONTENT_SHA256);
        if (inQuery != null) {
            return ContentSha256.of(inQuery);
        }
        if (signedHeaders.contains(ContentSha256.HEADER)) {
            ContentSha256 signed = ContentSha256.of(request.headers());
            return signed == null ? ContentSha256.UNSIGNED : signed;
        }
        return ContentSha256.UNSIGNED;
    }

    private static long expiresSeconds(String text) {
        long seconds;
        try {
            seconds = Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw error("X-Amz-Expires should be a number");
        }
        if (seconds < 0) {
            throw error("X-Amz-Expires must be non-negative");
        }
        if (seconds > MAX_EXPIRES_SECONDS) {
            throw error("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be"
                    + " less than 604800 seconds");
        }
        return seconds;
    }

    private static void requireValidNow(AmzDate time, long expiresSeconds, long nowMillis) {
        if (nowMillis < time.millis() - AmzDate.MAX_SKEW_MILLIS) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED,
                    "Request is not valid yet",
                    new S3Exception.Detail("ServerTime", AmzDate.shown(nowMillis)));
        }
        long endMillis = time.millis() + expiresSeconds * 1000;
        if (nowMillis >= endMillis) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED,
                    "Request has expired",
                    new S3Exception.Detail("X-Amz-Expires", Long.toString(expiresSeconds)),
                    new S3Exception.Detail("Expires", AmzDate.shown(endMillis)),
                    new S3Exception.Detail("ServerTime", AmzDate.shown(nowMillis)));
        }
    }

    private static String required(QueryString query, String name) {
        String value = query.only(name);
        if (value == null || value.isEmpty()) {
            throw error("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential,"
                    + " X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
        }
        return value;
    }

    private static S3Exception error(String message) {
        return new S3Exception(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR, message);
    }
}
