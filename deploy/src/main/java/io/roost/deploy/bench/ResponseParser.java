package io.roost.deploy.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads HTTP/1.1 responses (RFC 9112), one after the other. Bodies are counted, not kept, except the beginning of an
 * error's; of a listing the entries are counted too. Not safe for use by several threads.
 */
final class ResponseParser {
    /** Of a response's head; servers send below 2 KiB. */
    private static final int MAX_HEAD_BYTES = 32 * 1024;

    /** Kept of an error's body: enough for its code. */
    private static final int MAX_ERROR_BYTES = 4096;

    private static final long NOT_KNOWN = -1;

    private static final long KEY_TAG = ascii("<Key>");
    private static final long KEY_MASK = (1L << 40) - 1;
    private static final long FOLDER_TAG_BEGIN = ascii("<CommonP");
    private static final long FOLDER_TAG_END = ascii("refixes>");

    private enum Part {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        COMPLETE
    }

    private final byte[] line = new byte[MAX_HEAD_BYTES];
    private final byte[] error = new byte[MAX_ERROR_BYTES];
    private int lineLength;
    private int errorLength;
    private Part part = Part.HEAD;
    private Operation operation = Operation.GET;
    private boolean isStatusRead;
    private int status;
    private long declaredBytes;
    private long remaining;
    private long bodyBytes;
    private boolean isChunked;
    private boolean isClosing;
    private int entries;
    private long earlier;
    private long latest;

    /** A response that is not HTTP. */
    static final class MalformedResponseException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedResponseException(String message) {
            super(message);
        }
    }

    /** Begins the answer to an operation; that to a HEAD has no body whatever its length says. */
    void begin(Operation asked) {
        part = Part.HEAD;
        operation = asked;
        entries = 0;
        earlier = 0;
        latest = 0;
        resetHead();
        isClosing = false;
        bodyBytes = 0;
        errorLength = 0;
    }

    private void resetHead() {
        isStatusRead = false;
        status = 0;
        lineLength = 0;
        declaredBytes = NOT_KNOWN;
        isChunked = false;
    }

    /** Reads what has come; true when the response is complete. What follows it is left in the buffer. */
    boolean feed(ByteBuf in) {
        while (part != Part.COMPLETE && in.isReadable()) {
            switch (part) {
                case HEAD, TRAILER, CHUNK_SIZE, CHUNK_END -> feedLine(in);
                case BODY, CHUNK -> feedBody(in);
                case COMPLETE -> throw new IllegalStateException();
            }
        }
        return part == Part.COMPLETE;
    }

    private void feedLine(ByteBuf in) {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        int length = (end < 0 ? in.writerIndex() : end + 1) - in.readerIndex();
        if (lineLength + length > line.length) {
            throw new MalformedResponseException("a line above " + MAX_HEAD_BYTES + " bytes");
        }
        in.readBytes(line, lineLength, length);
        lineLength += length;
        if (end < 0) {
            return;
        }
        int textLength = lineLength - 1;
        if (textLength > 0 && line[textLength - 1] == '\r') {
            textLength--;
        }
        lineLength = 0;
        switch (part) {
            case HEAD -> headLine(textLength);
            case CHUNK_SIZE -> chunkSize(textLength);
            case CHUNK_END -> part = Part.CHUNK_SIZE;
            case TRAILER -> part = textLength == 0 ? Part.COMPLETE : Part.TRAILER;
            case BODY, CHUNK, COMPLETE -> throw new IllegalStateException();
        }
    }

    private void headLine(int length) {
        if (!isStatusRead) {
            if (length < 12 || line[0] != 'H' || line[8] != ' ') {
                throw new MalformedResponseException("not a status line: " + text(0, length));
            }
            status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
            isStatusRead = true;
        } else if (length == 0) {
            headEnded();
        } else if (isField(length, "content-length")) {
            declaredBytes = Long.parseLong(fieldValue("content-length", length));
        } else if (isField(length, "transfer-encoding")) {
            isChunked = fieldValue("transfer-encoding", length)
                    .toLowerCase(Locale.ROOT)
                    .equals("chunked");
        } else if (isField(length, "connection")) {
            isClosing =
                    fieldValue("connection", length).toLowerCase(Locale.ROOT).equals("close");
        }
    }

    private boolean isField(int length, String name) {
        if (length <= name.length() || line[name.length()] != ':') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            // Letters differ from their capitals in this bit; no other byte of a name becomes a letter by it.
            if ((line[i] | 0x20) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String fieldValue(String name, int length) {
        return text(name.length() + 1, length).strip();
    }

    private String text(int begin, int end) {
        return new String(line, begin, end - begin, StandardCharsets.ISO_8859_1);
    }

    private void headEnded() {
        if (status == 100) {
            resetHead();
        } else if (operation == Operation.HEAD || status == 204 || status == 304) {
            bodyBytes = operation == Operation.HEAD ? Math.max(0, declaredBytes) : 0;
            part = Part.COMPLETE;
        } else if (isChunked) {
            part = Part.CHUNK_SIZE;
        } else if (declaredBytes == NOT_KNOWN) {
            throw new MalformedResponseException("an answer whose length is not known");
        } else {
            remaining = declaredBytes;
            part = remaining == 0 ? Part.COMPLETE : Part.BODY;
        }
    }

    private void chunkSize(int length) {
        int end = 0;
        while (end < length && Character.digit(line[end], 16) >= 0) {
            end++;
        }
        if (end == 0 || end > 15) {
            throw new MalformedResponseException("not the size of a chunk: " + text(0, length));
        }
        remaining = Long.parseLong(text(0, end), 16);
        part = remaining == 0 ? Part.TRAILER : Part.CHUNK;
    }

    private void feedBody(ByteBuf in) {
        int length = (int) Math.min(remaining, in.readableBytes());
        if (status >= 300 && errorLength < error.length) {
            int kept = Math.min(length, error.length - errorLength);
            in.getBytes(in.readerIndex(), error, errorLength, kept);
            errorLength += kept;
        }
        if (operation == Operation.LIST) {
            countEntries(in, length);
        } else {
            in.skipBytes(length);
        }
        bodyBytes += length;
        remaining -= length;
        if (remaining == 0) {
            part = part == Part.BODY ? Part.COMPLETE : Part.CHUNK_END;
        }
    }

    /** Looks at the last 16 bytes at every {@code >}: two numbers hold them, so that a tag may be cut anywhere. */
    private void countEntries(ByteBuf in, int length) {
        long before = earlier;
        long last = latest;
        int end = in.readerIndex() + length;
        for (int i = in.readerIndex(); i < end; i++) {
            byte next = in.getByte(i);
            before = (before << 8) | (last >>> 56);
            last = (last << 8) | (next & 0xff);
            if (next == '>' && isEntry(before, last)) {
                entries++;
            }
        }
        earlier = before;
        latest = last;
        in.readerIndex(end);
    }

    private static boolean isEntry(long before, long last) {
        boolean isKey = (last & KEY_MASK) == KEY_TAG;
        return isKey || (last == FOLDER_TAG_END && before == FOLDER_TAG_BEGIN);
    }

    private static long ascii(String text) {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            value = (value << 8) | text.charAt(i);
        }
        return value;
    }

    /** How many keys and common prefixes a complete listing has. */
    int entries() {
        return entries;
    }

    /** The status of a complete response. */
    int status() {
        return status;
    }

    /** The length of its body; what a HEAD says of it. */
    long bodyBytes() {
        return bodyBytes;
    }

    /** True when the server closes the connection after it. */
    boolean isClosing() {
        return isClosing;
    }

    /** The code of an S3 error document, or the status when there is none. */
    String errorCode() {
        String document = new String(Arrays.copyOf(error, errorLength), StandardCharsets.UTF_8);
        int begin = document.indexOf("<Code>");
        int end = document.indexOf("</Code>");
        return begin >= 0 && end > begin ? document.substring(begin + "<Code>".length(), end) : "HTTP " + status;
    }
}
