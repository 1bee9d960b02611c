package io.roost.objectstore.auth;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A signature of version 2, in the {@code Authorization} header or the query ("Signing and authenticating REST requests",
 * AWS S3 developer guide). It signs the method, three header fields, all of x-amz-*, the bucket, the undecoded path and
 * the sub-resources; a parameter that is neither signed nor harmless is refused here. Immutable.
 */
public final class SignatureV2 implements Authentication.Signed {
    static final String QUERY_SIGNATURE = "Signature";
    static final String QUERY_KEY = "AWSAccessKeyId";

    private static final String QUERY_EXPIRES = "Expires";

    /** Parameters that are part of the signed resource. */
    private static final Set<String> SIGNED_PARAMETERS = Set.of(
            "accelerate",
            "acl",
            "analytics",
            "cors",
            "defaultObjectAcl",
            "delete",
            "inventory",
            "lifecycle",
            "location",
            "logging",
            "metrics",
            "notification",
            "object-lock",
            "partNumber",
            "policy",
            "replication",
            "requestPayment",
            "response-cache-control",
            "response-content-disposition",
            "response-content-encoding",
            "response-content-language",
            "response-content-type",
            "response-expires",
            "restore",
            "select",
            "select-type",
            "storageClass",
            "tagging",
            "torrent",
            "uploadId",
            "uploads",
            "versionId",
            "versioning",
            "versions",
            "website");

    /** Parameters that are not signed and only choose what a list shows, or name the signature itself. */
    private static final Set<String> UNSIGNED_PARAMETERS = Set.of(
            QUERY_KEY,
            QUERY_EXPIRES,
            QUERY_SIGNATURE,
            "continuation-token",
            "delimiter",
            "encoding-type",
            "fetch-owner",
            "key-marker",
            "list-type",
            "marker",
            "max-keys",
            "max-parts",
            "max-uploads",
            "part-number-marker",
            "prefix",
            "start-after",
            "upload-id-marker",
            "version-id-marker",
            "x-id");

    private final RawRequest request;
    private final QueryString query;
    private final AuthenticationRules rules;
    private final String accessKeyId;
    private final String signature;
    private final String dateLine;
    private final PayloadMode payload;

    private SignatureV2(
            RawRequest request,
            QueryString query,
            AuthenticationRules rules,
            String accessKeyId,
            String signature,
            String dateLine) {
        this.request = request;
        this.query = query;
        this.rules = rules;
        this.accessKeyId = accessKeyId;
        this.signature = signature;
        this.dateLine = dateLine;
        this.payload = ContentSha256.unsignedRequest(request.headers());
    }

    static SignatureV2 parseHeader(
            RawRequest request, QueryString query, String authorization, AuthenticationRules rules) {
        requireAccepted(rules, query);
        String text = authorization.substring("AWS ".length()).strip();
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature");
        }
        RequestHeaders headers = request.headers();
        SignatureV4.refuseSecurityToken(headers.first("x-amz-security-token"));
        SignatureV4.requireRecent(SignatureV4.time(headers), request.nowMillis());
        // x-amz-date is signed among the x-amz-* fields and then takes the place of Date.
        String date = headers.contains("x-amz-date") ? "" : headers.first("date");
        return new SignatureV2(request, query, rules, text.substring(0, colon), text.substring(colon + 1), date);
    }

    static SignatureV2 parseQuery(RawRequest request, QueryString query, AuthenticationRules rules) {
        requireAccepted(rules, query);
        String key = query.only(QUERY_KEY);
        String signature = query.only(QUERY_SIGNATURE);
        String expires = query.only(QUERY_EXPIRES);
        if (key == null || signature == null || expires == null) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED,
                    "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
        }
        SignatureV4.refuseSecurityToken(request.headers().first("x-amz-security-token"));
        long expiresSeconds;
        try {
            expiresSeconds = Long.parseLong(expires);
        } catch (NumberFormatException notANumber) {
            throw new S3Exception(S3Error.ACCESS_DENIED, "Invalid date (should be seconds since epoch): " + expires);
        }
        if (Math.floorDiv(request.nowMillis(), 1000L) >= expiresSeconds) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED,
                    "Request has expired",
                    new S3Exception.Detail("ServerTime", AmzDate.shown(request.nowMillis())));
        }
        return new SignatureV2(request, query, rules, key, signature, expires);
    }

    private static void requireAccepted(AuthenticationRules rules, QueryString query) {
        if (rules.signatureV2() == AuthenticationRules.SignatureV2Rule.REFUSED) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }
        for (int i = 0; i < query.count(); i++) {
            String name = query.name(i);
            if (!SIGNED_PARAMETERS.contains(name) && !UNSIGNED_PARAMETERS.contains(name)) {
                throw new S3Exception(
                        S3Error.ACCESS_DENIED,
                        "The parameter " + name + " is not covered by signature version 2. Please use"
                                + " AWS4-HMAC-SHA256.");
            }
        }
    }

    @Override
    public String accessKeyId() {
        return accessKeyId;
    }

    @Override
    public Authenticated verify(AccessKey key, SigningKeys signingKeys) {
        CanonicalText stringToSign = stringToSign();
        byte[] mac = SigningKeys.mac("HmacSHA1", key.secret().getBytes(StandardCharsets.UTF_8))
                .doFinal(stringToSign.toArray());
        byte[] expected = Base64.getEncoder().encode(mac);
        if (!MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.ISO_8859_1))) {
            throw new S3Exception(
                    S3Error.SIGNATURE_DOES_NOT_MATCH,
                    S3Error.SIGNATURE_DOES_NOT_MATCH.defaultMessage(),
                    new S3Exception.Detail("AWSAccessKeyId", accessKeyId),
                    new S3Exception.Detail("StringToSign", stringToSign.toString()),
                    new S3Exception.Detail("SignatureProvided", signature));
        }
        return new Authenticated(key.identity(), payload, request.headers());
    }

    private CanonicalText stringToSign() {
        RequestHeaders headers = request.headers();
        CanonicalText text = new CanonicalText(512);
        text.put(request.method()).put('\n');
        text.put(orEmpty(headers.first("content-md5"))).put('\n');
        text.put(orEmpty(headers.first("content-type"))).put('\n');
        text.put(dateLine).put('\n');
        TreeMap<String, List<String>> amzHeaders = new TreeMap<>();
        for (int i = 0; i < headers.count(); i++) {
            if (headers.name(i).startsWith("x-amz-")) {
                amzHeaders
                        .computeIfAbsent(headers.name(i), name -> new ArrayList<>(1))
                        .add(headers.value(i).strip());
            }
        }
        for (Map.Entry<String, List<String>> header : amzHeaders.entrySet()) {
            text.put(header.getKey())
                    .put(':')
                    .put(String.join(",", header.getValue()))
                    .put('\n');
        }
        String bucket = virtualHostBucket();
        if (!bucket.isEmpty()) {
            text.put('/').put(bucket);
        }
        text.put(request.path());
        putSubResources(text);
        return text;
    }

    /** The signed parameters, sorted, with decoded values. */
    private void putSubResources(CanonicalText text) {
        TreeMap<String, Integer> signed = new TreeMap<>();
        for (int i = 0; i < query.count(); i++) {
            String name = query.name(i);
            if (SIGNED_PARAMETERS.contains(name) && signed.put(name, i) != null) {
                throw new S3Exception(S3Error.INVALID_ARGUMENT, "The parameter " + name + " was given twice.");
            }
        }
        char separator = '?';
        for (Map.Entry<String, Integer> parameter : signed.entrySet()) {
            text.put(separator).put(parameter.getKey());
            if (query.hasValue(parameter.getValue())) {
                text.put('=').put(query.value(parameter.getValue()));
            }
            separator = '&';
        }
    }

    /** The bucket that the host names, empty when the path names it. */
    private String virtualHostBucket() {
        String host = orEmpty(request.headers().first("host")).toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        if (colon > host.lastIndexOf(']')) {
            host = host.substring(0, colon);
        }
        for (String domain : rules.domains()) {
            if (host.length() > domain.length() + 1
                    && host.endsWith(domain)
                    && host.charAt(host.length() - domain.length() - 1) == '.') {
                return host.substring(0, host.length() - domain.length() - 1);
            }
        }
        return "";
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
