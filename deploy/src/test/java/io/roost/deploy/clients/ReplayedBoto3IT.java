package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RawConnection;
import io.roost.deploy.SignedHttp;
import io.roost.deploy.bench.RequestSigner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Uploads as boto3 since 1.36 sends them over HTTPS, which Debian's is too old to do: STREAMING-UNSIGNED-PAYLOAD-TRAILER,
 * no Content-Length, aws-chunked within chunked, headers in boto3's order and case, Expect: 100-continue. Signed at the
 * time of the test, otherwise byte for byte.
 */
@ExtendWith(SharedServer.class)
class ReplayedBoto3IT {
    private static final String BUCKET = "replayed-boto3";

    /** botocore.httpchecksum.AwsChunkedWrapper: a chunk of the payload. */
    private static final int AWS_CHUNK_BYTES = 1024 * 1024;

    /** urllib3 2: a chunk of the connection. */
    private static final int HTTP_CHUNK_BYTES = 16 * 1024;

    private static String crc32(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        int value = (int) crc.getValue();
        byte[] bytes = {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] awsChunked(byte[] body, String checksum) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int begin = 0; begin < body.length; begin += AWS_CHUNK_BYTES) {
            int length = Math.min(AWS_CHUNK_BYTES, body.length - begin);
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, begin, length);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write(("0\r\nx-amz-checksum-crc32:" + checksum + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static byte[] chunked(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int begin = 0; begin < bytes.length; begin += HTTP_CHUNK_BYTES) {
            int length = Math.min(HTTP_CHUNK_BYTES, bytes.length - begin);
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes, begin, length);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** The head of a request, with the headers in the order in which boto3 sends them. */
    private static String head(S3Server server, String path, String query, int length) {
        RequestSigner signer = new RequestSigner(server.accessKey(), server.secretKey(), "us-east-1");
        long now = Instant.now().getEpochSecond();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Host", server.authority());
        headers.put("Accept-Encoding", "identity");
        headers.put("X-Amz-Sdk-Checksum-Algorithm", "CRC32");
        headers.put(
                "User-Agent",
                "Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux#6.12.43 md/arch#x86_64 lang/python#3.13.5 "
                        + "md/pyimpl#CPython m/b,Z,N cfg/retry-mode#legacy Botocore/1.40.61");
        headers.put("Expect", "100-continue");
        headers.put("Transfer-Encoding", "chunked");
        headers.put("Content-Encoding", "aws-chunked");
        headers.put("X-Amz-Trailer", "x-amz-checksum-crc32");
        headers.put("X-Amz-Decoded-Content-Length", Integer.toString(length));
        headers.put("X-Amz-Date", signer.timestamp(now));
        headers.put("X-Amz-Content-SHA256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
        Map<String, String> signed = new TreeMap<>();
        headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value));
        // botocore.auth.SIGNED_HEADERS_BLACKLIST; Accept-Encoding is added after signing.
        signed.keySet().removeAll(List.of("expect", "transfer-encoding", "user-agent", "accept-encoding"));
        List<RequestSigner.Header> list = new ArrayList<>();
        signed.forEach((name, value) -> list.add(new RequestSigner.Header(name, value)));
        headers.put(
                "Authorization",
                signer.authorization("PUT", path, query, list, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", now));
        headers.put("amz-sdk-invocation-id", "2f3a0b60-8d8f-4f6c-9e0e-0c1f1a2b3c4d");
        headers.put("amz-sdk-request", "attempt=1");
        StringBuilder head = new StringBuilder("PUT ").append(path);
        head.append(query.isEmpty() ? "" : "?" + query).append(" HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString();
    }

    private static void awaitContinue(RawConnection connection) throws IOException {
        RawConnection.Response interim = connection.receive("PUT");
        assertThat(interim.status()).as(interim.headers() + interim.text()).isEqualTo(100);
    }

    private static SignedHttp http(S3Server server) throws IOException {
        return new SignedHttp(server.endpoint(), server.accessKey(), server.secretKey(), SignedHttp.Signature.V4);
    }

    private static RawConnection.Response plain(SignedHttp http, String method, String path, Map<String, String> query)
            throws IOException {
        return http.request(method, path, query, Map.of(), new byte[0]);
    }

    @Test
    void uploadsWithAnUnsignedTrailerAreStored(@SharedServer.Tls S3Server server) throws IOException {
        try (SignedHttp http = http(server);
                RawConnection connection = new RawConnection(server.endpoint())) {
            plain(http, "PUT", "/" + BUCKET, Map.of());
            for (int size : new int[] {0, 1, 16 * 1024, AWS_CHUNK_BYTES, 3 * AWS_CHUNK_BYTES + 4711, 9_000_000}) {
                byte[] body = Trees.bytes(size, size);
                String path = "/" + BUCKET + "/key-" + size;
                connection.send(head(server, path, "", size));
                assertThat(connection.receive("PUT").status())
                        .as("interim answer")
                        .isEqualTo(100);
                connection.send(chunked(awsChunked(body, crc32(body))));
                RawConnection.Response put = connection.receive("PUT");
                assertThat(put.status()).as(put.text()).isEqualTo(200);
                assertThat(put.headers()).containsEntry("x-amz-checksum-crc32", crc32(body));
                RawConnection.Response got = plain(http, "GET", path, Map.of());
                assertThat(got.body()).isEqualTo(body);
                assertThat(got.headers()).doesNotContainKey("content-encoding");
                plain(http, "DELETE", path, Map.of());
            }
            plain(http, "DELETE", "/" + BUCKET, Map.of());
        }
    }

    @Test
    void aPartWithAnUnsignedTrailerIsStored(@SharedServer.Tls S3Server server) throws IOException {
        String bucket = BUCKET + "-parts";
        String path = "/" + bucket + "/large";
        try (SignedHttp http = http(server);
                RawConnection connection = new RawConnection(server.endpoint())) {
            plain(http, "PUT", "/" + bucket, Map.of());
            String created = plain(http, "POST", path, Map.of("uploads", "")).text();
            String upload = created.substring(created.indexOf("<UploadId>") + 10, created.indexOf("</UploadId>"));
            byte[] body = Trees.bytes(5, 5_500_000);
            String query =
                    "partNumber=1&uploadId=" + SignedHttp.encodePath(upload).replace("/", "%2F");
            connection.send(head(server, path, query, body.length));
            awaitContinue(connection);
            connection.send(chunked(awsChunked(body, crc32(body))));
            RawConnection.Response part = connection.receive("PUT");
            assertThat(part.status()).as(part.text()).isEqualTo(200);
            String document = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"
                    + part.headers().get("etag") + "</ETag></Part></CompleteMultipartUpload>";
            RawConnection.Response completed = http.request(
                    "POST", path, Map.of("uploadId", upload), Map.of(), document.getBytes(StandardCharsets.UTF_8));
            assertThat(completed.status()).as(completed.text()).isEqualTo(200);
            assertThat(plain(http, "GET", path, Map.of()).body()).isEqualTo(body);
            plain(http, "DELETE", path, Map.of());
            plain(http, "DELETE", "/" + bucket, Map.of());
        }
    }

    @Test
    void aWrongTrailerOrATruncatedBodyStoresNothing(@SharedServer.Tls S3Server server) throws IOException {
        String bucket = BUCKET + "-wrong";
        String path = "/" + bucket + "/key";
        byte[] body = Trees.bytes(9, 100_000);
        try (SignedHttp http = http(server)) {
            plain(http, "PUT", "/" + bucket, Map.of());
            try (RawConnection connection = new RawConnection(server.endpoint())) {
                connection.send(head(server, path, "", body.length));
                awaitContinue(connection);
                connection.send(chunked(awsChunked(body, crc32(new byte[] {1}))));
                RawConnection.Response refused = connection.receive("PUT");
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.errorCode()).isEqualTo("BadDigest");
            }
            try (RawConnection connection = new RawConnection(server.endpoint())) {
                connection.send(head(server, path, "", body.length));
                awaitContinue(connection);
                byte[] whole = chunked(awsChunked(body, crc32(body)));
                connection.send(Arrays.copyOf(whole, whole.length / 2));
            }
            assertThat(plain(http, "GET", path, Map.of()).status()).isEqualTo(404);
            plain(http, "DELETE", "/" + bucket, Map.of());
        }
    }
}
