package io.roost.deploy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Writes signed requests. One for each event loop; the body, with its hash, is made once. */
final class RequestWriter {
    /** Keys of one DeleteObjects: what S3 allows. */
    static final int KEYS_PER_DELETE = 1000;

    /** Entries of one page: what S3 answers at most. */
    static final int ENTRIES_PER_PAGE = 1000;

    /** Places that a key may have. */
    static final long PLACES = 1L << 32;

    /** Folders that keys are spread over, by the upper half of their place. */
    static final int FOLDERS = 1 << 16;

    private static final String PREFIX = "bench/";

    /** A bijection of 32-bit numbers, so that keys written one after the other are not neighbours. */
    private static final int SCATTER = 0x9E3779B1;

    private static final HexFormat HEX = HexFormat.of();

    private final S3Target target;
    private final BenchPlan plan;
    private final RequestSigner signer;
    private final ByteBuf body;
    private final String bodySha256;
    private final String bodyCrc32;
    private final StringBuilder head = new StringBuilder(1024);

    RequestWriter(S3Target target, BenchPlan plan) {
        this.target = target;
        this.plan = plan;
        this.signer = new RequestSigner(target.accessKey(), target.secretKey(), target.region());
        byte[] bytes = new byte[plan.sizeBytes()];
        new SplittableRandom(plan.sizeBytes()).nextBytes(bytes);
        // Not from Netty's allocator, which would call it a leak: this memory goes with the writer.
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        this.body = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(direct));
        this.bodySha256 = plan.payload() == Payload.SIGNED ? signer.payloadHash(bytes) : "";
        CRC32 crc = new CRC32();
        crc.update(bytes);
        this.bodyCrc32 = base64((int) crc.getValue());
    }

    private static String base64(int value) {
        byte[] bytes = {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The key of a number, all of one length. */
    static String key(int number) {
        return keyAt(number * SCATTER);
    }

    /** How far in the order of all possible keys the key of a number is: from 0 to below 1. */
    static double part(int number) {
        return (double) Integer.toUnsignedLong(number * SCATTER) / PLACES;
    }

    /** The key at a place between the first, 0, and the last possible one, 0xffffffff. */
    private static String keyAt(int place) {
        return PREFIX + HEX.toHexDigits((short) (place >>> 16)) + "/" + HEX.toHexDigits((short) place);
    }

    /** The request's bytes, in one or two buffers: head, and body if it has one. */
    List<ByteBuf> write(Step step, ByteBufAllocator buffers, long epochSecond) {
        return switch (step.operation()) {
            case PUT -> put(step, buffers, epochSecond);
            case GET, HEAD, DELETE -> plain(step, objectPath(step.key()), "", buffers, epochSecond);
            case LIST -> plain(step, bucketPath(), listQuery(step.key()), buffers, epochSecond);
            case CREATE_BUCKET, DELETE_BUCKET -> plain(step, bucketPath(), "", buffers, epochSecond);
            case DELETE_MANY -> deleteMany(step, buffers, epochSecond);
        };
    }

    private String bucketPath() {
        return "/" + plan.bucket();
    }

    private String objectPath(int key) {
        return "/" + plan.bucket() + "/" + key(key);
    }

    /** Parameters in the order in which they are signed. */
    private String listQuery(int place) {
        String from = place == StepSource.FROM_THE_BEGINNING ? "" : "&start-after=" + keyAt(place);
        boolean hasFolders = plan.pages().entries() == Pages.Entries.FOLDERS;
        String query = (hasFolders ? "delimiter=/&" : "") + "list-type=2&max-keys=" + ENTRIES_PER_PAGE
                + (hasFolders ? "&prefix=" + PREFIX : "") + from;
        return query.replace("/", "%2F");
    }

    private List<ByteBuf> plain(Step step, String path, String query, ByteBufAllocator buffers, long epochSecond) {
        Operation operation = step.operation();
        String hash = RequestSigner.EMPTY_SHA256;
        writeHead(operation, path, query, headers("", hash, epochSecond), hash, epochSecond);
        // A PUT without a body says so; other methods have none.
        if (operation == Operation.CREATE_BUCKET) {
            head.append("Content-Length: 0\r\n");
        }
        return List.of(headBytes(buffers));
    }

    private List<ByteBuf> put(Step step, ByteBufAllocator buffers, long epochSecond) {
        String crc = plan.payload() == Payload.CRC32 ? bodyCrc32 : "";
        String hash = plan.payload() == Payload.SIGNED ? bodySha256 : RequestSigner.UNSIGNED_PAYLOAD;
        writeHead(Operation.PUT, objectPath(step.key()), "", headers(crc, hash, epochSecond), hash, epochSecond);
        head.append("Content-Length: ").append(plan.sizeBytes()).append("\r\n");
        ByteBuf headBytes = headBytes(buffers);
        return plan.sizeBytes() == 0 ? List.of(headBytes) : List.of(headBytes, body.duplicate());
    }

    private List<ByteBuf> deleteMany(Step step, ByteBufAllocator buffers, long epochSecond) {
        StringBuilder xml = new StringBuilder(64 * step.keys().size()).append("<Delete><Quiet>true</Quiet>");
        for (int key : step.keys()) {
            xml.append("<Object><Key>").append(key(key)).append("</Key></Object>");
        }
        byte[] document = xml.append("</Delete>").toString().getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(document);
        String hash = signer.payloadHash(document);
        List<RequestSigner.Header> headers = headers(base64((int) crc.getValue()), hash, epochSecond);
        writeHead(Operation.DELETE_MANY, bucketPath(), "delete=", headers, hash, epochSecond);
        head.append("Content-Length: ").append(document.length).append("\r\n");
        return List.of(headBytes(buffers), Unpooled.wrappedBuffer(document));
    }

    private List<RequestSigner.Header> headers(String crc32, String payloadHash, long epochSecond) {
        List<RequestSigner.Header> headers = new ArrayList<>(4);
        headers.add(new RequestSigner.Header("host", target.hostHeader()));
        if (!crc32.isEmpty()) {
            headers.add(new RequestSigner.Header("x-amz-checksum-crc32", crc32));
        }
        headers.add(new RequestSigner.Header("x-amz-content-sha256", payloadHash));
        headers.add(new RequestSigner.Header("x-amz-date", signer.timestamp(epochSecond)));
        return headers;
    }

    private void writeHead(
            Operation operation,
            String path,
            String query,
            List<RequestSigner.Header> headers,
            String payloadHash,
            long epochSecond) {
        String method = operation.method();
        String authorization = signer.authorization(method, path, query, headers, payloadHash, epochSecond);
        head.setLength(0);
        head.append(method).append(' ').append(path);
        if (!query.isEmpty()) {
            head.append('?').append(query);
        }
        head.append(" HTTP/1.1\r\n");
        for (RequestSigner.Header header : headers) {
            head.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        head.append("Authorization: ").append(authorization).append("\r\n");
    }

    private ByteBuf headBytes(ByteBufAllocator buffers) {
        head.append("\r\n");
        ByteBuf bytes = buffers.directBuffer(head.length());
        bytes.writeCharSequence(head, StandardCharsets.US_ASCII);
        return bytes;
    }
}
