package io.roost.objectstore.http;

import io.roost.cluster.object.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One connection on which a test says exactly what it wants, signed with version 4 over an unsigned payload. */
final class RawClient implements AutoCloseable {
    static final String ACCESS_KEY = "AKTEST";
    static final String SECRET = "secret-of-the-tests";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Socket socket;
    private final InputStream in;
    private final int port;

    RawClient(int port) throws IOException {
        this(port, new Socket());
    }

    private RawClient(int port, Socket socket) throws IOException {
        this.port = port;
        this.socket = socket;
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(30_000);
        this.in = socket.getInputStream();
    }

    /** A client for which the system takes little before it reads. */
    static RawClient withSmallBuffer(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(128 * 1024);
        return new RawClient(port, socket);
    }

    record Answer(int status, Map<String, String> headers, Bytes body) {
        String text() {
            return body.utf8();
        }
    }

    /** Sends the head of a signed request; headers as {@code name, value, ...}. */
    void head(String method, String path, String... headers) throws IOException {
        send(signed(method, path, headers));
    }

    String signed(String method, String path, String... headers) {
        String time = TIME.format(Instant.now());
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("host", "127.0.0.1:" + port);
        fields.put("x-amz-date", time);
        fields.put("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        for (int i = 0; i < headers.length; i += 2) {
            fields.put(headers[i], headers[i + 1]);
        }
        Map<String, String> signed = new TreeMap<>(fields);
        signed.keySet().removeIf(name -> !name.equals("host") && !name.startsWith("x-amz-"));
        StringBuilder canonical =
                new StringBuilder(method + "\n" + path.split("\\?", -1)[0].replace("+", "%2B") + "\n");
        canonical
                .append(path.contains("?") ? query(path.substring(path.indexOf('?') + 1)) : "")
                .append('\n');
        signed.forEach((name, value) ->
                canonical.append(name).append(':').append(value).append('\n'));
        String names = String.join(";", signed.keySet());
        canonical.append('\n').append(names).append('\n').append(fields.get("x-amz-content-sha256"));
        String scope = time.substring(0, 8) + "/us-east-1/s3/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical.toString());
        byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
        for (String step : scope.split("/", -1)) {
            key = hmac(key, step);
        }
        fields.put(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=" + ACCESS_KEY + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                        + HexFormat.of().formatHex(hmac(key, toSign)));
        StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        fields.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString();
    }

    private static String query(String query) {
        TreeMap<String, String> sorted = new TreeMap<>();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            sorted.put(
                    equals < 0 ? parameter : parameter.substring(0, equals),
                    equals < 0 ? "" : parameter.substring(equals + 1));
        }
        StringBuilder text = new StringBuilder();
        sorted.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(value));
        return text.toString();
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Ends this side's sending. */
    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    Answer answer() throws IOException {
        return answer("GET");
    }

    /** Reads one answer; that to a HEAD request has no body whatever its headers say. */
    Answer answer(String method) throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String field = line(); !field.isEmpty(); field = line()) {
            int colon = field.indexOf(':');
            headers.put(
                    field.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
                    field.substring(colon + 1).strip());
        }
        int length = method.equals("HEAD") ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new java.io.EOFException("a body of " + body.length + " bytes where " + length + " were told");
        }
        return new Answer(Integer.parseInt(status[1]), headers, Bytes.wrap(body));
    }

    /** True when the server has closed the connection. */
    boolean isClosedByServer() throws IOException {
        return in.read() < 0;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new java.io.EOFException("the connection ended");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
