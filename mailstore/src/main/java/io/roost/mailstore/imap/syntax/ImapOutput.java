package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** Bytes of responses on their way: the tokens of the grammar. */
final class ImapOutput {
    /** Longest quoted string: longer ones are literals, since some clients read lines into small buffers. */
    private static final int MAX_QUOTED_BYTES = 1_000;

    private final Dialect dialect;
    private ByteWriter out = new ByteWriter(256);

    ImapOutput(Dialect dialect) {
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    int size() {
        return out.size();
    }

    Bytes take() {
        Bytes bytes = out.toBytes();
        out = new ByteWriter(256);
        return bytes;
    }

    ImapOutput raw(String ascii) {
        for (int at = 0; at < ascii.length(); at++) {
            out.u8(ascii.charAt(at));
        }
        return this;
    }

    ImapOutput raw(Bytes bytes) {
        out.raw(bytes);
        return this;
    }

    ImapOutput number(long number) {
        return raw(Long.toString(number));
    }

    ImapOutput crlf() {
        out.u8('\r').u8('\n');
        return this;
    }

    /** Items in parentheses with spaces between them. */
    <T> ImapOutput list(List<T> items, Consumer<T> write) {
        out.u8('(');
        spaced(items, write);
        out.u8(')');
        return this;
    }

    /** Items with spaces between them. */
    <T> ImapOutput spaced(List<T> items, Consumer<T> write) {
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.u8(' ');
            }
            write.accept(items.get(i));
        }
        return this;
    }

    ImapOutput nstring(Bytes bytes) {
        return bytes == null ? raw("NIL") : string(bytes);
    }

    ImapOutput nstring(String text) {
        return text == null ? raw("NIL") : string(text);
    }

    ImapOutput string(String text) {
        return string(Bytes.utf8(text));
    }

    /** A quoted string, or a literal where the grammar has no quoted form. NUL, which it has in no form, is left out. */
    ImapOutput string(Bytes bytes) {
        Bytes content = withoutNul(bytes);
        return isQuotable(content) ? quoted(content) : literal(content);
    }

    private static Bytes withoutNul(Bytes bytes) {
        boolean hasNul = false;
        for (byte b : bytes.array()) {
            hasNul |= b == 0;
        }
        if (!hasNul) {
            return bytes;
        }
        ByteWriter kept = new ByteWriter(bytes.length());
        for (byte b : bytes.array()) {
            if (b != 0) {
                kept.u8(b);
            }
        }
        return kept.toBytes();
    }

    private boolean isQuotable(Bytes bytes) {
        if (bytes.length() > MAX_QUOTED_BYTES) {
            return false;
        }
        boolean isAscii = true;
        for (byte b : bytes.array()) {
            if (b == '\r' || b == '\n') {
                return false;
            }
            isAscii &= b > 0;
        }
        return isAscii || (dialect == Dialect.REV2 && isUtf8(bytes));
    }

    private static boolean isUtf8(Bytes bytes) {
        return Bytes.utf8(bytes.utf8()).equals(bytes);
    }

    private ImapOutput quoted(Bytes bytes) {
        out.u8('"');
        for (byte b : bytes.array()) {
            if (b == '"' || b == '\\') {
                out.u8('\\');
            }
            out.u8(b);
        }
        out.u8('"');
        return this;
    }

    ImapOutput literal(Bytes bytes) {
        return announce(bytes.length()).raw(bytes);
    }

    /** The announcement of a literal. */
    ImapOutput announce(long sizeBytes) {
        return raw("{").number(sizeBytes).raw("}").crlf();
    }

    ImapOutput mailbox(String name) {
        Bytes bytes = MailboxNames.encode(name, dialect);
        String text = new String(bytes.array(), StandardCharsets.ISO_8859_1);
        boolean isAtom = !text.isEmpty() && !text.equalsIgnoreCase("NIL");
        for (int at = 0; at < text.length() && isAtom; at++) {
            char c = text.charAt(at);
            isAtom = c > 0x20 && c < 0x7f && "(){%*\"\\]".indexOf(c) < 0;
        }
        return isAtom ? raw(text) : string(bytes);
    }

    /** Text for a person: printable ASCII, never empty. */
    ImapOutput text(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            out.u8(c >= 0x20 && c < 0x7f ? c : '?');
        }
        return text.isEmpty() ? raw("-") : this;
    }
}
