package io.roost.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A request as it stands on the wire, signed by the AWS SDK's signer, which tests change at will before they send it. */
final class WireRequest {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final int port;
    private final String head;
    private final byte[] body;
    private final boolean isCutShort;

    private WireRequest(int port, String head, byte[] body, boolean isCutShort) {
        this.port = port;
        this.head = head;
        this.body = body;
        this.isCutShort = isCutShort;
    }

    /** How the body is protected. */
    enum Body {
        HASHED,
        UNSIGNED,
        CHUNKS,
        CHUNKS_TRAILER,
        UNSIGNED_TRAILER
    }

    /** What came back; all empty when the connection was closed instead. */
    static final class Answer {
        private final int status;
        private final byte[] body;

        private Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        int status() {
            return status;
        }

        byte[] body() {
            return body;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The code of an error document, empty when there is none. */
        String code() {
            String text = text();
            int begin = text.indexOf("<Code>");
            return begin < 0 ? "" : text.substring(begin + "<Code>".length(), text.indexOf("</Code>"));
        }
    }

    /** A request that is being put together. */
    static final class Unsigned {
        private final int port;
        private final SdkHttpFullRequest.Builder builder = SdkHttpFullRequest.builder();
        private Body form = Body.HASHED;
        private byte[] payload = new byte[0];
        private Duration expires = Duration.ZERO;
        private Duration offset = Duration.ZERO;

        Unsigned(URI endpoint, String method, String path) {
            port = endpoint.getPort();
            builder.method(SdkHttpMethod.fromValue(method))
                    .host(endpoint.getHost())
                    .port(port)
                    .encodedPath(path);
        }

        Unsigned header(String name, String value) {
            builder.appendHeader(name, value);
            return this;
        }

        Unsigned body(Body how, byte[] bytes) {
            form = how;
            payload = bytes;
            return this;
        }

        Unsigned presigned(Duration validFor) {
            expires = validFor;
            form = Body.UNSIGNED;
            return this;
        }

        /** Signs as if the time were another. */
        Unsigned at(Duration fromNow) {
            offset = fromNow;
            return this;
        }

        WireRequest sign() {
            boolean isSigned = form != Body.UNSIGNED && form != Body.UNSIGNED_TRAILER;
            // The SDK leaves payloads unsigned over TLS only; a server takes them over both.
            builder.protocol(isSigned ? "http" : "https");
            builder.putHeader("Content-Length", Integer.toString(payload.length));
            SignedRequest signed = AwsV4HttpSigner.create().sign(r -> {
                r.identity(AwsCredentialsIdentity.create(RoostProcess.ACCESS_KEY, RoostProcess.SECRET_KEY))
                        .request(builder.build())
                        .payload(ContentStreamProvider.fromByteArray(payload))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.offset(Clock.systemUTC(), offset))
                        .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, isSigned)
                        .putProperty(
                                AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED,
                                form != Body.HASHED && form != Body.UNSIGNED);
                if (form == Body.CHUNKS_TRAILER || form == Body.UNSIGNED_TRAILER) {
                    r.putProperty(AwsV4FamilyHttpSigner.CHECKSUM_ALGORITHM, DefaultChecksumAlgorithm.CRC32);
                }
                if (!expires.isZero()) {
                    r.putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                            .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, expires);
                }
            });
            return new WireRequest(port, headOf(signed.request()), bodyOf(signed), false);
        }

        private static String headOf(SdkHttpRequest request) {
            StringBuilder head =
                    new StringBuilder(request.method().name()).append(' ').append(request.encodedPath());
            request.encodedQueryParameters().ifPresent(query -> head.append('?').append(query));
            head.append(" HTTP/1.1\r\n");
            for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
                for (String value : header.getValue()) {
                    head.append(header.getKey().toLowerCase(Locale.ROOT))
                            .append(": ")
                            .append(value)
                            .append("\r\n");
                }
            }
            return head.append("connection: close\r\n\r\n").toString();
        }

        private static byte[] bodyOf(SignedRequest signed) {
            try (InputStream stream = signed.payload().orElseThrow().newStream()) {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    String head() {
        return head;
    }

    /** A copy. */
    byte[] bodyBytes() {
        return body.clone();
    }

    /** The request with another head; the signature stays what it was. */
    WireRequest withHead(UnaryOperator<String> change) {
        return new WireRequest(port, change.apply(head), body, isCutShort);
    }

    /** The request with other bytes for a body, as many as before because Content-Length is signed. */
    WireRequest withBody(byte[] bytes) {
        if (bytes.length != body.length) {
            throw new IllegalArgumentException(bytes.length + " bytes where " + body.length + " are announced");
        }
        return new WireRequest(port, head, bytes, false);
    }

    /** The request with only the first bytes of its body, after which this side ends. */
    WireRequest cutShort(int bytes) {
        return new WireRequest(port, head, Arrays.copyOf(body, bytes), true);
    }

    /** Sends everything on a connection of its own and reads the answer until the server closes. */
    Answer send() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            try {
                socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().write(body);
                if (isCutShort) {
                    socket.shutdownOutput();
                }
            } catch (SocketException answeredEarly) {
                // A server that has refused need not read the rest; its answer is what counts.
                return answer(socket.getInputStream());
            }
            return answer(socket.getInputStream());
        }
    }

    private static Answer answer(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (SocketException reset) {
            if (all.size() == 0) {
                return new Answer(0, new byte[0]);
            }
        }
        String text = all.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Answer(0, new byte[0]);
        }
        int status = Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        return new Answer(status, text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1));
    }

    static byte[] join(List<byte[]> pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pieces.forEach(out::writeBytes);
        return out.toByteArray();
    }
}
