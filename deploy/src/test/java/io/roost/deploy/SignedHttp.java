package io.roost.deploy;

import io.roost.deploy.bench.RequestSigner;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signed requests over one connection, with exactly the headers given. Not safe for use by several threads. */
public final class SignedHttp implements AutoCloseable {
    /** Of the two ways to sign. */
    public enum Signature {
        /** AWS Signature Version 4. */
        V4,
        /** AWS Signature Version 2, of 2006; what Dovecot's obox uses without a region. */
        V2
    }

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Set<String> V2_SUBRESOURCES = Set.of("delete", "uploads", "location", "acl");

    private final RawConnection connection;
    private final String host;
    private final String accessKey;
    private final String secretKey;
    private final Signature signature;
    private final RequestSigner signer;

    /** Connects. */
    public SignedHttp(URI endpoint, String accessKey, String secretKey, Signature signature) throws IOException {
        this(new RawConnection(endpoint), endpoint, accessKey, secretKey, signature);
    }

    /** Signs over a connection to an endpoint. */
    public SignedHttp(RawConnection connection, URI endpoint, String accessKey, String secretKey, Signature signature) {
        this.connection = connection;
        this.host = endpoint.getAuthority();
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.signature = signature;
        this.signer = new RequestSigner(accessKey, secretKey, "us-east-1");
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param path percent-encoded
     * @param query names and values, not encoded; an empty value for a sub-resource
     * @param headers besides those that signing needs
     */
    public RawConnection.Response request(
            String method, String path, Map<String, String> query, Map<String, String> headers, byte[] body)
            throws IOException {
        Map<String, String> all = new TreeMap<>();
        headers.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
        all.put("host", host);
        if (body.length > 0 || method.equals("PUT") || method.equals("POST")) {
            all.put("content-length", Integer.toString(body.length));
        }
        all.put(
                "authorization",
                signature == Signature.V4 ? v4(method, path, query, all) : v2(method, path, query, all));
        StringBuilder head = new StringBuilder(method).append(' ').append(path);
        String separator = "?";
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            // A sub-resource is sent without `=`, and signed with it in version 4.
            String value = parameter.getValue().isEmpty() ? "" : "=" + encode(parameter.getValue());
            head.append(separator).append(encode(parameter.getKey())).append(value);
            separator = "&";
        }
        head.append(" HTTP/1.1\r\n");
        all.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        connection.send(head.append("\r\n").toString());
        connection.send(body);
        return connection.receive(method);
    }

    private String v4(String method, String path, Map<String, String> query, Map<String, String> headers) {
        long now = Instant.now().getEpochSecond();
        headers.put("x-amz-date", signer.timestamp(now));
        headers.put("x-amz-content-sha256", RequestSigner.UNSIGNED_PAYLOAD);
        List<RequestSigner.Header> signed = new ArrayList<>();
        headers.forEach((name, value) -> {
            if (name.equals("host") || name.startsWith("x-amz-") || name.startsWith("content-")) {
                signed.add(new RequestSigner.Header(name, value));
            }
        });
        return signer.authorization(method, path, canonicalQuery(query), signed, RequestSigner.UNSIGNED_PAYLOAD, now);
    }

    /** AWS, "Signing and authenticating REST requests (AWS signature version 2)". */
    private String v2(String method, String path, Map<String, String> query, Map<String, String> headers) {
        headers.put("date", HTTP_DATE.format(Instant.now()));
        StringBuilder text = new StringBuilder(method)
                .append('\n')
                .append(headers.getOrDefault("content-md5", ""))
                .append('\n')
                .append(headers.getOrDefault("content-type", ""))
                .append('\n')
                .append(headers.get("date"))
                .append('\n');
        headers.forEach((name, value) -> {
            if (name.startsWith("x-amz-")) {
                text.append(name).append(':').append(value).append('\n');
            }
        });
        text.append(path);
        query.forEach((name, value) -> {
            if (V2_SUBRESOURCES.contains(name)) {
                text.append('?').append(name).append(value.isEmpty() ? "" : "=" + value);
            }
        });
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            byte[] digest = mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8));
            return "AWS " + accessKey + ":" + Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String canonicalQuery(Map<String, String> query) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(query).forEach((name, value) -> {
            text.append(text.length() == 0 ? "" : "&")
                    .append(encode(name))
                    .append('=')
                    .append(encode(value));
        });
        return text.toString();
    }

    /** Percent-encodes as S3 wants it in paths, the slash left as it is. */
    public static String encodePath(String path) {
        return encode(path).replace("%2F", "/");
    }

    private static String encode(String text) {
        StringBuilder out = new StringBuilder();
        for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = isAsciiLetterOrDigit(next) || next == '-' || next == '_' || next == '.' || next == '~';
            if (isPlain) {
                out.append((char) next);
            } else {
                out.append('%').append(String.format(Locale.ROOT, "%02X", next & 0xff));
            }
        }
        return out.toString();
    }

    private static boolean isAsciiLetterOrDigit(byte next) {
        return next > 0 && Character.isLetterOrDigit(next);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
