package io.roost.mailstore.mime;

import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the parts of a message while its bytes arrive. Line by line: in a header the fields that are understood are kept,
 * in a body only lines that begin with two hyphens are looked at, whether they are a delimiter of an open multipart
 * (RFC 2046 5.1.1). A delimiter of an outer multipart closes all within it, also in the middle of a header.
 *
 * <p>Lines may end with CRLF or LF. The end of the line before a delimiter belongs to the delimiter. Memory: the parts
 * found, the kept fields and one field, or 256 bytes of one line; see {@link MimeLimits}.
 */
public final class MimeScanner {
    private static final byte[] NO_BYTES = {};

    /** Bytes of a line of a body that can be a delimiter. */
    private static final int DELIMITER_LINE_BYTES = MimeLimits.MAX_BOUNDARY_BYTES + 64;

    private enum Section {
        HEADER,
        BODY
    }

    /** A part whose end has not been seen. */
    private static final class OpenPart {
        final long begin;
        final ContentType defaultType;
        final boolean isMessage;
        final PartHeader header = new PartHeader();
        final List<MimePart> children = new ArrayList<>(0);
        Span headerSpan;
        long bodyLines;
        ContentType type;
        byte[] boundary;

        OpenPart(long begin, ContentType defaultType, boolean isMessage) {
            this.begin = begin;
            this.defaultType = defaultType;
            this.isMessage = isMessage;
        }
    }

    private final List<OpenPart> open = new ArrayList<>();
    private Section section = Section.HEADER;
    private int parts = 1;
    private int keptBytes;

    private long position;
    private long lines;
    private long lineBegin;
    /** Length of the end of the line before this one. */
    private int lastEndLength;
    /** The beginning of this line. */
    private byte[] line = NO_BYTES;

    private int lineLength;
    private boolean isLineCut;
    private int previousByte;

    /** The lines of the field that may go on with the next line. */
    private byte[] field = NO_BYTES;

    private int fieldLength;

    private MimePart root;

    /** A scanner at the beginning of a message. */
    public MimeScanner() {
        open.add(new OpenPart(0, ContentType.DEFAULT, true));
    }

    /** Takes the next bytes {@code [begin, end)} of an array. */
    public void onBytes(byte[] bytes, int begin, int end) {
        int at = begin;
        while (at < end) {
            int lineEnd = at;
            while (lineEnd < end && bytes[lineEnd] != '\n') {
                lineEnd++;
            }
            boolean isComplete = lineEnd < end;
            int next = isComplete ? lineEnd + 1 : end;
            keep(bytes, at, next);
            position += next - at;
            if (isComplete) {
                lines++;
                boolean isCrLf = lineEnd > at ? bytes[lineEnd - 1] == '\r' : previousByte == '\r';
                endLine(isCrLf ? 2 : 1);
            }
            previousByte = bytes[next - 1];
            at = next;
        }
    }

    private int lineLimit() {
        return section == Section.HEADER ? MimeLimits.MAX_FIELD_BYTES : DELIMITER_LINE_BYTES;
    }

    private void keep(byte[] bytes, int begin, int end) {
        if (section == Section.BODY && isNoDelimiter(bytes, begin, end)) {
            return;
        }
        int length = Math.min(end - begin, lineLimit() - lineLength);
        isLineCut |= length < end - begin;
        if (line.length - lineLength < length) {
            line = Arrays.copyOf(line, Math.max(lineLength + length, Math.min(2 * line.length + 128, lineLimit())));
        }
        System.arraycopy(bytes, begin, line, lineLength, length);
        lineLength += length;
    }

    /** True when this line cannot be a delimiter; its bytes are not kept then. */
    private boolean isNoDelimiter(byte[] bytes, int begin, int end) {
        if (isLineCut) {
            return true;
        }
        boolean isFirst = lineLength == 0 && bytes[begin] != '-';
        boolean isSecond =
                lineLength == 1 ? bytes[begin] != '-' : lineLength == 0 && end - begin > 1 && bytes[begin + 1] != '-';
        isLineCut = isFirst || isSecond;
        return isLineCut;
    }

    private void endLine(int endLength) {
        boolean isDelimiter = !isLineCut && lineLength > 2 && line[0] == '-' && line[1] == '-' && delimiter(endLength);
        if (!isDelimiter && section == Section.HEADER) {
            headerLine(endLength);
        }
        beginLine(isDelimiter ? 0 : endLength);
    }

    private void beginLine(int endLength) {
        lastEndLength = endLength;
        lineBegin = position;
        lineLength = 0;
        isLineCut = false;
        if (line.length > DELIMITER_LINE_BYTES && section == Section.BODY) {
            line = NO_BYTES;
        }
    }

    private OpenPart innermost() {
        return open.get(open.size() - 1);
    }

    private void headerLine(int endLength) {
        boolean isEmpty = lineLength == endLength && !isLineCut;
        if (isEmpty) {
            endField();
            endHeader(position);
            return;
        }
        boolean isContinuation = line[0] == ' ' || line[0] == '\t';
        if (!isContinuation) {
            endField();
        } else if (fieldLength == 0) {
            return;
        }
        int length = Math.min(lineLength, MimeLimits.MAX_FIELD_BYTES - fieldLength);
        if (!isContinuation && !isKept(length)) {
            return;
        }
        if (field.length - fieldLength < length) {
            field = Arrays.copyOf(field, Math.max(fieldLength + length, 2 * field.length));
        }
        System.arraycopy(line, 0, field, fieldLength, length);
        fieldLength += length;
    }

    private static int colon(byte[] bytes, int length) {
        for (int at = 0; at < length; at++) {
            if (bytes[at] == ':') {
                return at;
            }
        }
        return -1;
    }

    /** Whether the line begins a field that is to be kept. */
    private boolean isKept(int length) {
        int colon = colon(line, length);
        String name = colon < 0 ? null : PartHeader.lowerName(line, colon);
        OpenPart part = innermost();
        return name != null && PartHeader.isUnderstood(name, part.isMessage) && !part.header.has(name);
    }

    private void endField() {
        if (fieldLength > 0 && keptBytes + fieldLength <= MimeLimits.MAX_KEPT_BYTES) {
            int colon = colon(field, fieldLength);
            Bytes value = PartHeader.unfolded(field, colon + 1, fieldLength);
            innermost().header.add(PartHeader.lowerName(field, colon), value);
            keptBytes += fieldLength;
        }
        fieldLength = 0;
        if (field.length > DELIMITER_LINE_BYTES) {
            field = NO_BYTES;
        }
    }

    /** The header of the innermost part has ended, and its body begins. */
    private void endHeader(long end) {
        OpenPart part = innermost();
        part.headerSpan = new Span(part.begin, end);
        part.bodyLines = lines;
        part.type = part.header.contentType(part.defaultType);
        section = Section.BODY;
        boolean isDeep = open.size() > MimeLimits.MAX_DEPTH || parts >= MimeLimits.MAX_PARTS;
        if (part.type.isMultipart()) {
            Bytes boundary = part.type.parameter("boundary");
            boolean isUsable =
                    boundary != null && !boundary.isEmpty() && boundary.length() <= MimeLimits.MAX_BOUNDARY_BYTES;
            part.boundary = isUsable && !isDeep ? boundary.array() : null;
        } else if (part.type.isMessage()) {
            if (isDeep) {
                part.type = ContentType.OPAQUE;
            } else {
                parts++;
                open.add(new OpenPart(end, ContentType.DEFAULT, true));
                section = Section.HEADER;
            }
        }
    }

    /** Acts on the line if it is a delimiter of an open multipart. */
    private boolean delimiter(int endLength) {
        int length = lineLength - endLength;
        while (length > 2 && (line[length - 1] == ' ' || line[length - 1] == '\t')) {
            length--;
        }
        for (int i = open.size() - 1; i >= 0; i--) {
            byte[] boundary = open.get(i).boundary;
            if (boundary == null || !startsWith(boundary, length)) {
                continue;
            }
            int rest = length - 2 - boundary.length;
            boolean isClose = rest == 2 && line[length - 1] == '-' && line[length - 2] == '-';
            if (rest == 0 || isClose) {
                closeDownTo(i + 1, endLength == 0 ? lines : lines - 1);
                if (isClose) {
                    open.get(i).boundary = null;
                } else if (parts < MimeLimits.MAX_PARTS) {
                    parts++;
                    boolean isDigest = open.get(i).type.subtype().equals("digest");
                    open.add(
                            new OpenPart(position, isDigest ? ContentType.DIGEST_DEFAULT : ContentType.DEFAULT, false));
                    section = Section.HEADER;
                }
                return true;
            }
        }
        return false;
    }

    private boolean startsWith(byte[] boundary, int length) {
        return length - 2 >= boundary.length
                && Arrays.equals(line, 2, 2 + boundary.length, boundary, 0, boundary.length);
    }

    /**
     * Closes parts from the innermost on until so many are open; they end before this line.
     *
     * @param linesBefore ends of lines before this line
     */
    private void closeDownTo(int remaining, long linesBefore) {
        while (open.size() > remaining) {
            close(lineBegin, lastEndLength, linesBefore);
        }
        section = Section.BODY;
    }

    /**
     * Closes the innermost part.
     *
     * @param end where the delimiter's line begins
     * @param endLength of the end of the line before it, which belongs to the delimiter
     * @param endLines ends of lines before the delimiter's line
     */
    private void close(long end, int endLength, long endLines) {
        if (section == Section.HEADER) {
            endField();
            endHeaderAt(end);
        }
        OpenPart part = open.remove(open.size() - 1);
        long bodyBegin = part.headerSpan.end();
        long bodyEnd = Math.max(bodyBegin, end - endLength);
        long bodyLines = Math.max(0, endLines - part.bodyLines - (endLength > 0 && end > bodyBegin ? 1 : 0));
        MimePart.Fields fields = part.header.partFields();
        Envelope envelope = part.isMessage ? part.header.envelope() : null;
        MimePart closed = new MimePart(
                part.headerSpan, new Span(bodyBegin, bodyEnd), part.type, fields, bodyLines, part.children, envelope);
        if (open.isEmpty()) {
            root = closed;
        } else {
            innermost().children.add(closed);
        }
    }

    /** The header of the innermost part ends without an empty line, and there is no body. */
    private void endHeaderAt(long end) {
        OpenPart part = innermost();
        part.headerSpan = new Span(part.begin, end);
        part.bodyLines = lines;
        part.type = part.header.contentType(part.defaultType);
        if (part.type.isMessage()) {
            part.type = ContentType.OPAQUE;
        }
        section = Section.BODY;
    }

    /** The message has ended; its structure. */
    public MimePart finish() {
        if (root == null) {
            if (lineLength > 0 || isLineCut) {
                // A last line without an end.
                boolean isDelimiter = !isLineCut && lineLength > 2 && line[0] == '-' && line[1] == '-' && delimiter(0);
                if (!isDelimiter && section == Section.HEADER) {
                    headerLine(0);
                }
                lastEndLength = 0;
            }
            while (!open.isEmpty()) {
                close(position, 0, lines);
            }
        }
        return root;
    }

    /** The structure of a message that is in memory. */
    public static MimePart scan(byte[] message) {
        MimeScanner scanner = new MimeScanner();
        scanner.onBytes(message, 0, message.length);
        return scanner.finish();
    }

    /** The structure of a message that is a text of Latin-1 characters. */
    static MimePart scan(String message) {
        return scan(message.getBytes(StandardCharsets.ISO_8859_1));
    }
}
