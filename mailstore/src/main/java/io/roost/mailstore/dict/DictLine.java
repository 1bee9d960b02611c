package io.roost.mailstore.dict;

import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Fields of a line, apart by tabs. What would not go into a line is escaped:
 *
 * <pre>
 * 00  01 '0'      01  01 '1'      tab  01 't'      CR  01 'r'      LF  01 'n'
 * </pre>
 *
 * Lines are bytes; as texts they have a character for each (ISO 8859-1).
 */
final class DictLine {
    private static final char ESCAPE = 1;
    private static final String PLAIN = "\0\1\t\r\n";
    private static final String ESCAPED = "01trn";

    private DictLine() {}

    /** The fields of a line without its end. An escape that means nothing stands for the character behind it. */
    static List<Bytes> fields(String line) {
        List<Bytes> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\t') {
                fields.add(bytes(field));
                field.setLength(0);
            } else if (c == ESCAPE && i + 1 < line.length()) {
                char escaped = line.charAt(++i);
                int which = ESCAPED.indexOf(escaped);
                field.append(which < 0 ? escaped : PLAIN.charAt(which));
            } else {
                field.append(c);
            }
        }
        fields.add(bytes(field));
        return fields;
    }

    private static Bytes bytes(StringBuilder text) {
        return Bytes.wrap(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A field as it stands in a line. */
    static String escaped(Bytes field) {
        String text = text(field);
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            int which = PLAIN.indexOf(text.charAt(i));
            if (which < 0) {
                escaped.append(text.charAt(i));
            } else {
                escaped.append(ESCAPE).append(ESCAPED.charAt(which));
            }
        }
        return escaped.toString();
    }

    /** Bytes as a text, a character for each. */
    static String text(Bytes bytes) {
        return new String(bytes.array(), StandardCharsets.ISO_8859_1);
    }
}
