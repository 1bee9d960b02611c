package io.roost.objectstore.auth;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * A signature of version 4 in the {@code Authorization} header ("Authenticating Requests: Using the Authorization Header",
 * AWS S3 API reference). Immutable.
 */
public final class SignatureV4 implements Authentication.Signed {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private final RawRequest request;
    private final QueryString query;
    private final Credential credential;
    private final List<String> signedHeaders;
    private final String signature;
    private final AmzDate time;
    private final ContentSha256 payload;

    private SignatureV4(
            RawRequest request,
            QueryString query,
            Credential credential,
            Components components,
            AmzDate time,
            ContentSha256 payload) {
        this.request = request;
        this.query = query;
        this.credential = credential;
        this.signedHeaders = components.signedHeaders;
        this.signature = components.signature;
        this.time = time;
        this.payload = payload;
    }

    static SignatureV4 parse(RawRequest request, QueryString query, String authorization, AuthenticationRules rules) {
        Components components = Components.parse(authorization.substring(ALGORITHM.length() + 1));
        Credential credential = Credential.parse(components.credential, rules, wrong -> malformed(wrong, rules));
        RequestHeaders headers = request.headers();
        refuseSecurityToken(headers.first("x-amz-security-token"));
        AmzDate time = time(headers);
        if (!time.day().equals(credential.scope().date())) {
            throw malformed(
                    "Invalid credential date \"" + credential.scope().date()
                            + "\". This date is not the same as X-Amz-Date: \"" + time.day() + "\".",
                    rules);
        }
        requireRecent(time, request.nowMillis());
        CanonicalRequest.requireSigned(headers, components.signedHeaders);
        ContentSha256 payload = ContentSha256.of(headers);
        if (payload == null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Missing required header for this request: x-amz-content-sha256");
        }
        return new SignatureV4(request, query, credential, components, time, payload);
    }

    @Override
    public String accessKeyId() {
        return credential.accessKeyId();
    }

    @Override
    public Authenticated verify(AccessKey key, SigningKeys signingKeys) {
        CanonicalText canonical = CanonicalRequest.of(request, query, signedHeaders, payload.text());
        SigningKeys.SigningKey signingKey = signingKeys.of(key, credential.scope());
        byte[] proved = prove(canonical, time, credential, signature, signingKey, signingKeys);
        return new Authenticated(
                key.identity(),
                payload.mode(() -> new StreamingSignature(signingKey.copy(), time, credential.scope(), proved)),
                request.headers());
    }

    /** Compares a signature with the right one and returns its hex digits. */
    static byte[] prove(
            CanonicalText canonical,
            AmzDate time,
            Credential credential,
            String signature,
            SigningKeys.SigningKey signingKey,
            SigningKeys signingKeys) {
        CanonicalText stringToSign = new CanonicalText(192);
        stringToSign.put(ALGORITHM).put('\n').put(time.basic()).put('\n');
        credential.scope().put(stringToSign).put('\n').putHex(signingKeys.sha256(canonical));
        byte[] expected =
                new CanonicalText(64).putHex(signingKey.sign(stringToSign)).toArray();
        if (!MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.ISO_8859_1))) {
            throw new S3Exception(
                    S3Error.SIGNATURE_DOES_NOT_MATCH,
                    S3Error.SIGNATURE_DOES_NOT_MATCH.defaultMessage(),
                    new S3Exception.Detail("AWSAccessKeyId", credential.accessKeyId()),
                    new S3Exception.Detail("StringToSign", stringToSign.toString()),
                    new S3Exception.Detail("SignatureProvided", signature),
                    new S3Exception.Detail("CanonicalRequest", canonical.toString()));
        }
        return expected;
    }

    /** Nothing here issues temporary credentials, so no session token can be valid. */
    static void refuseSecurityToken(String token) {
        if (token != null) {
            throw new S3Exception(S3Error.INVALID_TOKEN);
        }
    }

    /** Refuses a request whose time is more than 15 minutes from ours. */
    static void requireRecent(AmzDate time, long nowMillis) {
        if (Math.abs(nowMillis - time.millis()) > AmzDate.MAX_SKEW_MILLIS) {
            throw new S3Exception(
                    S3Error.REQUEST_TIME_TOO_SKEWED,
                    S3Error.REQUEST_TIME_TOO_SKEWED.defaultMessage(),
                    new S3Exception.Detail("RequestTime", time.basic()),
                    new S3Exception.Detail("ServerTime", AmzDate.shown(nowMillis)),
                    new S3Exception.Detail("MaxAllowedSkewMilliseconds", Long.toString(AmzDate.MAX_SKEW_MILLIS)));
        }
    }

    /** The time of a request: x-amz-date, or Date in its place. */
    static AmzDate time(RequestHeaders headers) {
        String amzDate = headers.first("x-amz-date");
        String date = headers.first("date");
        AmzDate time = amzDate != null ? AmzDate.ofHttp(amzDate) : date != null ? AmzDate.ofHttp(date) : null;
        if (time == null) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED, "AWS authentication requires a valid Date or x-amz-date header");
        }
        return time;
    }

    private static S3Exception malformed(String whatIsWrong, AuthenticationRules rules) {
        return new S3Exception(
                S3Error.AUTHORIZATION_HEADER_MALFORMED,
                "The authorization header is malformed; " + whatIsWrong,
                new S3Exception.Detail("Region", rules.region()));
    }

    /** The three parts of the header. */
    private record Components(String credential, List<String> signedHeaders, String signature) {
        static Components parse(String text) {
            String credential = null;
            String signedHeaders = null;
            String signature = null;
            int begin = 0;
            while (begin <= text.length()) {
                int end = text.indexOf(',', begin);
                if (end < 0) {
                    end = text.length();
                }
                String component = text.substring(begin, end).strip();
                if (component.startsWith("Credential=") && credential == null) {
                    credential = component.substring("Credential=".length());
                } else if (component.startsWith("SignedHeaders=") && signedHeaders == null) {
                    signedHeaders = component.substring("SignedHeaders=".length());
                } else if (component.startsWith("Signature=") && signature == null) {
                    signature = component.substring("Signature=".length());
                } else {
                    throw malformed("the authorization component \"" + component + "\" is malformed.");
                }
                begin = end + 1;
            }
            if (credential == null || signedHeaders == null || signature == null) {
                throw malformed("the authorization header requires three components: Credential, SignedHeaders,"
                        + " and Signature.");
            }
            List<String> names = CanonicalRequest.signedHeaders(signedHeaders);
            if (names == null) {
                throw malformed("the authorization component \"SignedHeaders=" + signedHeaders + "\" is malformed.");
            }
            return new Components(credential, names, signature);
        }

        private static S3Exception malformed(String whatIsWrong) {
            return new S3Exception(
                    S3Error.AUTHORIZATION_HEADER_MALFORMED, "The authorization header is malformed; " + whatIsWrong);
        }
    }
}
