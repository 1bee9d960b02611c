package io.roost.objectstore.http;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.PayloadDigests;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.auth.PayloadMode;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** From the bytes of the wire to the payload: takes the framing off, if there is one, and runs the checks. One body. */
final class PayloadReader {
    /** The most bytes of one PUT, as AWS has it. */
    static final long MAX_PAYLOAD_BYTES = 5L << 30;

    private final AwsChunkedDecoder decoder;
    private final PayloadChecks checks;
    private final long length;
    private final Terms terms;
    private PayloadDigests digests;

    /** What the checks were made from. */
    private record Terms(PayloadMode mode, RequestHeaders headers, PayloadChecks.Purpose purpose) {}

    private PayloadReader(AwsChunkedDecoder decoder, PayloadChecks checks, long length, Terms terms) {
        this.decoder = decoder;
        this.checks = checks;
        this.length = length;
        this.terms = terms;
    }

    /**
     * The reader for a request's body.
     *
     * @param contentLength the Content-Length header's number, -1 when there is none
     * @throws S3Exception MissingContentLength, NotImplemented for a body of unknown length, EntityTooLarge, or what is wrong with the headers about checksums
     */
    static PayloadReader of(
            PayloadMode mode, RequestHeaders headers, PayloadChecks.Purpose purpose, long contentLength) {
        AwsChunkedDecoder decoder = AwsChunkedDecoder.isChunked(mode) ? AwsChunkedDecoder.of(mode, headers) : null;
        long length = decoder == null ? contentLength : decoder.decodedLength();
        if (length < 0 && headers.contains("transfer-encoding")) {
            throw new S3Exception(
                    S3Error.NOT_IMPLEMENTED,
                    S3Error.NOT_IMPLEMENTED.defaultMessage(),
                    new S3Exception.Detail("Header", "Transfer-Encoding"));
        }
        if (length < 0) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        if (length > MAX_PAYLOAD_BYTES) {
            throw new S3Exception(S3Error.ENTITY_TOO_LARGE);
        }
        return new PayloadReader(
                decoder, PayloadChecks.of(mode, headers, purpose), length, new Terms(mode, headers, purpose));
    }

    /** This reader with a checksum that is computed when the client sends none; nothing has been read yet. */
    PayloadReader requiring(String algorithm) {
        PayloadChecks requiring = PayloadChecks.of(
                terms.mode(), terms.headers(), terms.purpose(), ChecksumAlgorithm.ofWireName(algorithm));
        return new PayloadReader(decoder, requiring, length, terms);
    }

    /** The additional checksum that the client sends or has announced, empty for none. */
    String checksumAlgorithm() {
        return checks.algorithm().map(ChecksumAlgorithm::wireName).orElse("");
    }

    /** Bytes of payload as announced. */
    long length() {
        return length;
    }

    /** Takes bytes of the wire; the sink gets slices of them. */
    void feed(ByteBuffer wire, Consumer<ByteBuffer> sink) {
        if (decoder == null) {
            checks.update(wire);
            sink.accept(wire);
        } else {
            decoder.feed(wire, slice -> {
                checks.update(slice);
                sink.accept(slice);
            });
        }
    }

    /** Verifies everything once the wire has ended. */
    void end() {
        RequestHeaders trailers = decoder == null ? RequestHeaders.EMPTY : decoder.finish();
        PayloadChecks.Result result = checks.finish(trailers);
        digests = result.checksum()
                .map(checksum ->
                        new PayloadDigests(result.md5(), checksum.algorithm().wireName(), checksum.value()))
                .orElseGet(() -> new PayloadDigests(result.md5(), "", Bytes.EMPTY));
    }

    /** What was computed; after {@link #end}. */
    PayloadDigests digests() {
        return digests;
    }
}
