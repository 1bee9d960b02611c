package io.roost.objectstore.http;

import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.auth.PayloadMode;
import io.roost.objectstore.auth.StreamingSignature;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Takes the framing off an aws-chunked body and verifies its signatures as it goes ("Transferring Payload in Multiple
 * Chunks" and "Including Trailing Headers", AWS S3 API reference):
 *
 * <pre>
 * body    = *chunk last trailer* [signature] CRLF
 * chunk   = size [";chunk-signature=" 64 hex] CRLF payload CRLF     size in hex, at least 8192 but for the last
 * last    = "0" [";chunk-signature=" 64 hex] CRLF
 * trailer = "x-amz-checksum-..." ":" value CRLF
 * </pre>
 *
 * Bytes go in as they arrive, slices of them come out without a copy. A slice is not proved when it comes out:
 * whoever stores it must wait for {@link #finish}. Pure; one body, one thread; of no use after an exception.
 */
public final class AwsChunkedDecoder {
    /** Only the last chunk may be smaller: AWS's rule, which bounds the cost of headers per byte. */
    public static final int MIN_CHUNK_BYTES = 8192;

    /** A size of 15 digits, a signature and some room. */
    private static final int MAX_CHUNK_HEADER_BYTES = 256;

    /** One checksum and one signature need less than 200 bytes. */
    private static final int MAX_TRAILER_BYTES = 1024;

    /** More hex digits would overflow a long. */
    private static final int MAX_SIZE_DIGITS = 15;

    private static final String CHUNK_SIGNATURE = "chunk-signature=";
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

    private final StreamingSignature signature;
    private final boolean trailersAllowed;
    private final String announcedTrailer;
    private final long decodedLength;

    private final byte[] line = new byte[MAX_TRAILER_BYTES];
    private int lineLength;
    private int lineLimit = MAX_CHUNK_HEADER_BYTES;
    private State state = State.CHUNK_HEADER;
    private String chunkSignature;
    private long chunkLeft;
    private long chunkSize;
    private int chunkNumber;
    private long received;
    private long verified;
    private final StringBuilder signedTrailers = new StringBuilder();
    private final RequestHeaders.Builder trailers = new RequestHeaders.Builder();
    private boolean trailerSeen;
    private String trailerSignature;

    private enum State {
        CHUNK_HEADER,
        PAYLOAD,
        PAYLOAD_CR,
        PAYLOAD_LF,
        TRAILERS,
        DONE
    }

    private AwsChunkedDecoder(
            StreamingSignature signature, boolean trailersAllowed, String announcedTrailer, long decodedLength) {
        this.signature = signature;
        this.trailersAllowed = trailersAllowed;
        this.announcedTrailer = announcedTrailer;
        this.decodedLength = decodedLength;
    }

    /** Whether a body of this mode is aws-chunked. */
    public static boolean isChunked(PayloadMode mode) {
        return mode instanceof PayloadMode.SignedChunks || mode instanceof PayloadMode.UnsignedChunks;
    }

    /**
     * A decoder for the body of a request.
     *
     * @param mode of which {@link #isChunked} holds
     * @throws S3Exception MissingContentLength without a valid x-amz-decoded-content-length, InvalidRequest for trailers
     *     that we do not know
     */
    public static AwsChunkedDecoder of(PayloadMode mode, RequestHeaders headers) {
        long decodedLength = decodedLength(headers);
        if (mode instanceof PayloadMode.SignedChunks signed) {
            boolean trailers = signed.ending() == PayloadMode.Ending.TRAILER;
            return new AwsChunkedDecoder(
                    signed.signature(), trailers, trailers ? announcedTrailer(headers) : "", decodedLength);
        }
        if (mode instanceof PayloadMode.UnsignedChunks) {
            return new AwsChunkedDecoder(null, true, announcedTrailer(headers), decodedLength);
        }
        throw new IllegalArgumentException("not aws-chunked: " + mode);
    }

    private static long decodedLength(RequestHeaders headers) {
        String text = headers.first("x-amz-decoded-content-length");
        if (text == null
                || text.isEmpty()
                || text.length() > 18
                || headers.occurrences("x-amz-decoded-content-length") > 1) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
            }
            length = 10 * length + digit;
        }
        return length;
    }

    /** The trailer that x-amz-trailer announces: the name of one checksum, empty when nothing is announced. */
    private static String announcedTrailer(RequestHeaders headers) {
        String announced = headers.first("x-amz-trailer");
        if (announced == null) {
            return "";
        }
        String name = announced.strip().toLowerCase(Locale.ROOT);
        if (headers.occurrences("x-amz-trailer") > 1 || ChecksumAlgorithm.ofHeaderName(name) == null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "The value specified in the x-amz-trailer header is not supported");
        }
        return name;
    }

    /** What x-amz-decoded-content-length promises: bytes of payload. */
    public long decodedLength() {
        return decodedLength;
    }

    /** Bytes of payload that a matching chunk signature covers so far; 0 where chunks are not signed. */
    public long verifiedBytes() {
        return verified;
    }

    /**
     * Takes the next bytes of the body, from position to limit, which are consumed.
     *
     * @param payload receives slices of the input, valid as long as the input is
     * @throws S3Exception IncompleteBody for broken framing, InvalidChunkSizeError, SignatureDoesNotMatch,
     *     MalformedTrailerError
     */
    public void feed(ByteBuffer input, Consumer<ByteBuffer> payload) {
        while (input.hasRemaining()) {
            switch (state) {
                case CHUNK_HEADER -> {
                    if (lineEnds(input)) {
                        chunkHeader(takeLine());
                    }
                }
                case PAYLOAD -> payload(input, payload);
                case PAYLOAD_CR -> {
                    expect(input, '\r');
                    state = State.PAYLOAD_LF;
                }
                case PAYLOAD_LF -> {
                    expect(input, '\n');
                    endChunk();
                    state = State.CHUNK_HEADER;
                }
                case TRAILERS -> {
                    if (lineEnds(input)) {
                        trailer(takeLine());
                    }
                }
                case DONE -> throw malformed();
            }
        }
    }

    /**
     * Ends the body.
     *
     * @return the trailers, their signature left out
     * @throws S3Exception IncompleteBody when the body is cut short
     */
    public RequestHeaders finish() {
        if (state != State.DONE) {
            throw malformed();
        }
        return trailers.build();
    }

    private void chunkHeader(String header) {
        int semicolon = header.indexOf(';');
        long size = size(header, semicolon < 0 ? header.length() : semicolon);
        if (signature == null) {
            if (semicolon >= 0) {
                throw malformed();
            }
        } else {
            if (semicolon < 0 || !header.startsWith(CHUNK_SIGNATURE, semicolon + 1)) {
                throw malformed();
            }
            chunkSignature = header.substring(semicolon + 1 + CHUNK_SIGNATURE.length());
        }
        if (size > 0) {
            beginChunk(size);
        } else {
            lastChunk();
        }
    }

    private void beginChunk(long size) {
        if (chunkNumber > 0 && chunkSize < MIN_CHUNK_BYTES) {
            throw new S3Exception(
                    S3Error.INVALID_CHUNK_SIZE,
                    S3Error.INVALID_CHUNK_SIZE.defaultMessage(),
                    new S3Exception.Detail("Chunk", Integer.toString(chunkNumber + 1)),
                    new S3Exception.Detail("BadChunkSize", Long.toString(chunkSize)));
        }
        chunkNumber++;
        chunkSize = size;
        chunkLeft = size;
        received += size;
        if (received > decodedLength) {
            throw wrongLength();
        }
        state = State.PAYLOAD;
    }

    private void lastChunk() {
        if (received != decodedLength) {
            throw wrongLength();
        }
        if (signature != null) {
            signature.endChunk(chunkSignature);
        }
        lineLimit = MAX_TRAILER_BYTES;
        state = State.TRAILERS;
    }

    private void payload(ByteBuffer input, Consumer<ByteBuffer> payload) {
        int length = (int) Math.min(chunkLeft, input.remaining());
        ByteBuffer slice = input.slice(input.position(), length);
        input.position(input.position() + length);
        if (signature != null) {
            signature.update(slice.duplicate());
        }
        payload.accept(slice);
        chunkLeft -= length;
        if (chunkLeft == 0) {
            state = State.PAYLOAD_CR;
        }
    }

    private void endChunk() {
        if (signature != null) {
            signature.endChunk(chunkSignature);
            verified = received;
        }
    }

    private void trailer(String text) {
        // The lines of all trailers share one limit, so that their number needs none.
        lineLimit -= text.length() + 2;
        if (text.isEmpty()) {
            endTrailers();
            return;
        }
        // AWS's own examples end a value with a line feed before CRLF.
        String trimmed = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        int colon = trimmed.indexOf(':');
        if (colon < 1 || !trailersAllowed || trailerSignature != null) {
            throw malformedTrailer();
        }
        String name = trimmed.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = trimmed.substring(colon + 1).strip();
        if (signature != null && name.equals(TRAILER_SIGNATURE)) {
            trailerSignature = value;
            return;
        }
        if (!name.equals(announcedTrailer) || trailerSeen) {
            throw malformedTrailer();
        }
        trailerSeen = true;
        signedTrailers.append(name).append(':').append(value).append('\n');
        trailers.add(name, value);
    }

    private void endTrailers() {
        if (trailerSeen == announcedTrailer.isEmpty()) {
            throw malformedTrailer();
        }
        if (signature != null && trailersAllowed) {
            if (trailerSignature == null) {
                throw malformedTrailer();
            }
            signature.endTrailers(signedTrailers.toString(), trailerSignature);
        }
        state = State.DONE;
    }

    /** Collects a line; true when it has ended. */
    private boolean lineEnds(ByteBuffer input) {
        while (input.hasRemaining()) {
            byte b = input.get();
            if (b == '\n' && lineLength > 0 && line[lineLength - 1] == '\r') {
                lineLength--;
                return true;
            }
            if (lineLength >= lineLimit) {
                throw state == State.TRAILERS ? malformedTrailer() : malformed();
            }
            line[lineLength++] = b;
        }
        return false;
    }

    private String takeLine() {
        String text = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
        lineLength = 0;
        return text;
    }

    private static long size(String header, int end) {
        if (end == 0 || end > MAX_SIZE_DIGITS) {
            throw malformed();
        }
        long size = 0;
        for (int i = 0; i < end; i++) {
            char c = header.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw malformed();
            }
            size = (size << 4) | digit;
        }
        return size;
    }

    private static void expect(ByteBuffer input, char c) {
        if (input.get() != c) {
            throw malformed();
        }
    }

    private S3Exception wrongLength() {
        return new S3Exception(
                S3Error.INCOMPLETE_BODY,
                S3Error.INCOMPLETE_BODY.defaultMessage(),
                new S3Exception.Detail("NumberBytesExpected", Long.toString(decodedLength)),
                new S3Exception.Detail("NumberBytesProvided", Long.toString(received)));
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.INCOMPLETE_BODY, "The request body terminated unexpectedly");
    }

    private static S3Exception malformedTrailer() {
        return new S3Exception(S3Error.MALFORMED_TRAILER);
    }
}
