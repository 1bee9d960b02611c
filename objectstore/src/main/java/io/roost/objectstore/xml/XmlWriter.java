package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a document into one array. Element names are ASCII constants of the caller; texts are escaped.
 *
 * <p>A key may hold characters that XML 1.0 cannot (control characters, U+FFFE, U+FFFF). They are written as numeric
 * references, as AWS does: such a document is not well-formed, which is what {@code encoding-type=url} is for.
 */
final class XmlWriter {
    static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private byte[] buffer;
    private int size;

    XmlWriter(int capacity) {
        buffer = new byte[Math.max(capacity, 256)];
        ascii(DECLARATION);
    }

    private void room(int bytes) {
        if (buffer.length - size < bytes) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + bytes));
        }
    }

    private void ascii(String text) {
        int length = text.length();
        room(length);
        byte[] target = buffer;
        int at = size;
        for (int i = 0; i < length; i++) {
            target[at + i] = (byte) text.charAt(i);
        }
        size = at + length;
    }

    private void octet(int value) {
        room(1);
        buffer[size++] = (byte) value;
    }

    /** The root element with the namespace of S3. */
    XmlWriter root(String name) {
        octet('<');
        ascii(name);
        ascii(" xmlns=\"");
        ascii(NAMESPACE);
        ascii("\">");
        return this;
    }

    XmlWriter open(String name) {
        octet('<');
        ascii(name);
        octet('>');
        return this;
    }

    XmlWriter close(String name) {
        room(2);
        buffer[size++] = '<';
        buffer[size++] = '/';
        ascii(name);
        octet('>');
        return this;
    }

    /** Markup that is written as it is. */
    XmlWriter markup(String text) {
        ascii(text);
        return this;
    }

    XmlWriter element(String name, long number) {
        return element(name, Long.toString(number));
    }

    XmlWriter element(String name, String text) {
        open(name);
        if (isPlain(text)) {
            ascii(text);
        } else {
            escaped(text.getBytes(StandardCharsets.UTF_8));
        }
        return close(name);
    }

    XmlWriter element(String name, Bytes utf8) {
        open(name);
        escaped(utf8.array());
        return close(name);
    }

    /** An element only when there is a text. */
    XmlWriter optional(String name, String text) {
        return text == null || text.isEmpty() ? this : element(name, text);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '<' || c == '>' || c == '&' || c == '"') {
                return false;
            }
        }
        return true;
    }

    private void escaped(byte[] utf8) {
        room(utf8.length);
        for (int i = 0; i < utf8.length; i++) {
            int b = utf8[i] & 0xff;
            if (b >= 0x20 && b != '<' && b != '>' && b != '&' && b != '"' && b != 0xef) {
                octet(b);
            } else {
                i += special(utf8, i, b);
            }
        }
    }

    /** Writes one character that needs care; answers how many more bytes than one it has taken. */
    private int special(byte[] utf8, int at, int b) {
        switch (b) {
            case '<' -> ascii("&lt;");
            case '>' -> ascii("&gt;");
            case '&' -> ascii("&amp;");
            case '"' -> ascii("&quot;");
            case '\t', '\n' -> octet(b);
            case 0xef -> {
                return nonCharacter(utf8, at);
            }
            default -> {
                ascii("&#x");
                ascii(Integer.toHexString(b));
                octet(';');
            }
        }
        return 0;
    }

    /** U+FFFE and U+FFFF are EF BF BE and EF BF BF. */
    private int nonCharacter(byte[] utf8, int at) {
        if (at + 2 < utf8.length && (utf8[at + 1] & 0xff) == 0xbf && (utf8[at + 2] & 0xff) >= 0xbe) {
            ascii((utf8[at + 2] & 0xff) == 0xbe ? "&#xfffe;" : "&#xffff;");
            return 2;
        }
        octet(0xef);
        return 0;
    }

    Bytes toBytes() {
        return Bytes.copyOf(buffer, 0, size);
    }
}
