package io.roost.objectstore.auth;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.RequestHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.checksums.spi.ChecksumAlgorithm;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests signed by the AWS SDK's own signer, as they would stand on the wire. */
public final class SdkSigner {
    /** The access key of AWS's published examples. */
    public static final AccessKey KEY = new AccessKey(
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            new Identity("owner", "Owner", Identity.Role.USER));

    /** 2013-05-24T00:00:00Z, the time of AWS's published examples. */
    public static final long NOW_MILLIS = Instant.parse("2013-05-24T00:00:00Z").toEpochMilli();

    /** What a gateway accepts by default. */
    public static final AuthenticationRules RULES = new AuthenticationRules(
            "us-east-1",
            AuthenticationRules.RegionRule.EXACT,
            AuthenticationRules.SignatureV2Rule.REFUSED,
            List.of("s3.amazonaws.com", "s3.localhost"));

    private SdkSigner() {}

    /** How the body is protected. */
    public enum Body {
        /** x-amz-content-sha256 is its hash. */
        HASHED,
        /** UNSIGNED-PAYLOAD. */
        UNSIGNED,
        /** Signed chunks. */
        CHUNKS,
        /** Signed chunks and a signed CRC32C trailer. */
        CHUNKS_TRAILER,
        /** Unsigned chunks and a CRC32 trailer. */
        UNSIGNED_TRAILER
    }

    /**
     * A signed request.
     *
     * @param request its head
     * @param body as sent
     */
    public record Signed(RawRequest request, Bytes body) {
        /** Parses and verifies, as a gateway does. */
        public Authenticated authenticate() {
            return SdkSigner.authenticate(request, RULES);
        }
    }

    /** Parses and verifies, as a gateway does. */
    public static Authenticated authenticate(RawRequest request, AuthenticationRules rules) {
        Authentication.Signed claim = (Authentication.Signed) Authentication.of(request, rules);
        return claim.verify(KEY, new SigningKeys(4));
    }

    /** What to sign; URIs have encoded paths. */
    public static final class Request {
        private final SdkHttpFullRequest.Builder builder = SdkHttpFullRequest.builder();
        private byte[] payload = new byte[0];
        private Body body = Body.HASHED;
        private Duration expires = Duration.ZERO;

        /** A request of this method to this URI, of which the query is decoded. */
        public Request(String method, String uri) {
            URI parsed = URI.create(uri);
            builder.method(SdkHttpMethod.fromValue(method))
                    .protocol(parsed.getScheme())
                    .host(parsed.getHost())
                    .port(parsed.getPort() < 0 ? null : parsed.getPort())
                    .encodedPath(parsed.getRawPath());
        }

        /** Adds a header. */
        public Request header(String name, String value) {
            builder.appendHeader(name, value);
            return this;
        }

        /** Adds a query parameter, not encoded. */
        public Request parameter(String name, String value) {
            builder.appendRawQueryParameter(name, value);
            return this;
        }

        /** Sets the body. */
        public Request body(Body kind, byte[] bytes) {
            body = kind;
            payload = bytes;
            return this;
        }

        /** Puts the signature into the query. */
        public Request presigned(Duration validFor) {
            expires = validFor;
            body = Body.UNSIGNED;
            return this;
        }

        /** Signs at {@link #NOW_MILLIS}. */
        public Signed sign() {
            if (payload.length > 0) {
                builder.putHeader("Content-Length", Integer.toString(payload.length));
            }
            ContentStreamProvider content = ContentStreamProvider.fromByteArray(payload);
            SignedRequest signed = AwsV4HttpSigner.create().sign(r -> {
                r.identity(AwsCredentialsIdentity.create(KEY.id(), KEY.secret()))
                        .request(builder.build())
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                        .putProperty(
                                HttpSigner.SIGNING_CLOCK, Clock.fixed(Instant.ofEpochMilli(NOW_MILLIS), ZoneOffset.UTC))
                        .putProperty(
                                AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED,
                                body != Body.UNSIGNED && body != Body.UNSIGNED_TRAILER)
                        .putProperty(
                                AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED,
                                body != Body.HASHED && body != Body.UNSIGNED);
                if (payload.length > 0 || body != Body.HASHED) {
                    r.payload(content);
                }
                if (body == Body.CHUNKS_TRAILER || body == Body.UNSIGNED_TRAILER) {
                    r.putProperty(AwsV4FamilyHttpSigner.CHECKSUM_ALGORITHM, checksum());
                }
                if (!expires.isZero()) {
                    r.putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                            .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, expires);
                }
            });
            return new Signed(raw(signed.request()), Bytes.wrap(bytes(signed)));
        }

        private ChecksumAlgorithm checksum() {
            return body == Body.CHUNKS_TRAILER ? DefaultChecksumAlgorithm.CRC32C : DefaultChecksumAlgorithm.CRC32;
        }

        private static byte[] bytes(SignedRequest signed) {
            if (signed.payload().isEmpty()) {
                return new byte[0];
            }
            try (InputStream stream = signed.payload().get().newStream()) {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A request as the gateway reads it from the wire: UTF-8 bytes as chars. */
    private static RawRequest raw(SdkHttpRequest request) {
        RequestHeaders.Builder headers = new RequestHeaders.Builder();
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            for (String value : header.getValue()) {
                headers.add(header.getKey(), wire(value));
            }
        }
        return new RawRequest(
                request.method().name(),
                request.encodedPath(),
                request.encodedQueryParameters().orElse(""),
                headers.build(),
                NOW_MILLIS);
    }

    private static String wire(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The request with another head, header fields as name, value, name, value. */
    public static RawRequest with(RawRequest request, List<String> namesAndValues) {
        return new RawRequest(
                request.method(),
                request.path(),
                request.query(),
                RequestHeaders.of(namesAndValues.toArray(new String[0])),
                request.nowMillis());
    }

    /** The header fields as name, value, name, value; a list that may be changed. */
    public static List<String> headers(RawRequest request) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < request.headers().count(); i++) {
            all.add(request.headers().name(i));
            all.add(request.headers().value(i));
        }
        return all;
    }
}
