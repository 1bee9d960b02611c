package io.roost.mailstore.mime;

import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The fields of a header that Roost understands, the first of each name. */
final class PartHeader {
    private static final Set<String> OF_PARTS = Set.of(
            "content-type",
            "content-transfer-encoding",
            "content-id",
            "content-description",
            "content-md5",
            "content-disposition",
            "content-language",
            "content-location");
    private static final Set<String> OF_MESSAGES =
            Set.of("date", "subject", "from", "sender", "reply-to", "to", "cc", "bcc", "in-reply-to", "message-id");

    private final Map<String, Bytes> fields = new LinkedHashMap<>();

    static boolean isUnderstood(String lowerName, boolean isMessage) {
        return OF_PARTS.contains(lowerName) || (isMessage && OF_MESSAGES.contains(lowerName));
    }

    /** Adds an unfolded field. */
    void add(String lowerName, Bytes value) {
        fields.putIfAbsent(lowerName, value);
    }

    boolean has(String lowerName) {
        return fields.containsKey(lowerName);
    }

    ContentType contentType(ContentType otherwise) {
        Bytes value = fields.get("content-type");
        if (value == null) {
            return otherwise;
        }
        HeaderLexer in = new HeaderLexer(value);
        in.skipSpace();
        String type = in.token();
        in.skipSpace();
        boolean isType = !type.isEmpty() && in.take('/');
        in.skipSpace();
        String subtype = in.token();
        // RFC 2045 5.2: what is syntactically invalid is text/plain.
        return isType && !subtype.isEmpty() ? new ContentType(type, subtype, in.parameters()) : ContentType.DEFAULT;
    }

    MimePart.Fields partFields() {
        return new MimePart.Fields(
                encoding(),
                text("content-id"),
                text("content-description"),
                text("content-md5"),
                disposition(),
                languages(),
                text("content-location"));
    }

    private Bytes text(String lowerName) {
        Bytes value = fields.get(lowerName);
        return value == null || value.isEmpty() ? null : value;
    }

    private String encoding() {
        Bytes value = fields.get("content-transfer-encoding");
        if (value == null) {
            return MimePart.Fields.NONE.encoding();
        }
        HeaderLexer in = new HeaderLexer(value);
        in.skipSpace();
        String encoding = in.token().toUpperCase(Locale.ROOT);
        return encoding.isEmpty() ? MimePart.Fields.NONE.encoding() : encoding;
    }

    private MimePart.Disposition disposition() {
        Bytes value = fields.get("content-disposition");
        if (value == null) {
            return null;
        }
        HeaderLexer in = new HeaderLexer(value);
        in.skipSpace();
        String type = in.token();
        return type.isEmpty() ? null : new MimePart.Disposition(type, in.parameters());
    }

    private List<Bytes> languages() {
        Bytes value = fields.get("content-language");
        List<Bytes> languages = new ArrayList<>();
        if (value != null) {
            HeaderLexer in = new HeaderLexer(value);
            while (!in.isAtEnd() && languages.size() < MimeLimits.MAX_PARAMETERS) {
                in.skipSpace();
                String language = in.token();
                if (!language.isEmpty()) {
                    languages.add(HeaderLexer.latin1(language));
                } else if (!in.isAtEnd()) {
                    in.next();
                }
            }
        }
        return languages;
    }

    Envelope envelope() {
        List<Address> from = addresses("from");
        List<Address> sender = addresses("sender");
        List<Address> replyTo = addresses("reply-to");
        return new Envelope(
                fields.get("date"),
                fields.get("subject"),
                from,
                sender.isEmpty() ? from : sender,
                replyTo.isEmpty() ? from : replyTo,
                addresses("to"),
                addresses("cc"),
                addresses("bcc"),
                fields.get("in-reply-to"),
                fields.get("message-id"));
    }

    private List<Address> addresses(String lowerName) {
        Bytes value = fields.get(lowerName);
        return value == null ? List.of() : AddressParser.parse(value);
    }

    /**
     * A field's value without the ends of its lines (RFC 5322 2.2.3) and without white space around it.
     *
     * @param bytes the lines of the field
     * @param begin of the value, after the colon
     * @param end of the value
     */
    static Bytes unfolded(byte[] bytes, int begin, int end) {
        byte[] value = new byte[end - begin];
        int length = 0;
        for (int at = begin; at < end; at++) {
            byte b = bytes[at];
            if (b != '\r' && b != '\n' && b != 0) {
                value[length++] = b;
            }
        }
        int first = 0;
        while (first < length && isSpace(value[first])) {
            first++;
        }
        while (length > first && isSpace(value[length - 1])) {
            length--;
        }
        return Bytes.copyOf(value, first, length);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    /** The name in lower case, or null when the line is none of a field. */
    static String lowerName(byte[] line, int colon) {
        int end = colon;
        while (end > 0 && isSpace(line[end - 1])) {
            end--;
        }
        if (end == 0) {
            return null;
        }
        return new String(line, 0, end, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }
}
