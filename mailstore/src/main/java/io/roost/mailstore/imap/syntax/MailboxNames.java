package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** Names of mailboxes as they are written on the wire, and as the rest of Roost knows them. */
final class MailboxNames {
    private static final String INBOX = "INBOX";

    private MailboxNames() {}

    /** The name that some bytes mean: Unicode in normal form C, as RFC 9051 5.1 lets a server do; INBOX in any case. */
    static String decode(Bytes bytes, Dialect dialect) {
        String text = decodePattern(bytes, dialect);
        return text.equalsIgnoreCase(INBOX) ? INBOX : text;
    }

    /** As {@link #decode} for the pattern or the reference of LIST. */
    static String decodePattern(Bytes bytes, Dialect dialect) {
        String text = utf8(bytes);
        if (dialect == Dialect.REV1) {
            text = ModifiedUtf7.decode(text);
            if (text == null) {
                throw new SyntaxException("Mailbox name is not valid modified UTF-7");
            }
        }
        for (int at = 0; at < text.length(); at++) {
            if (Character.isISOControl(text.charAt(at))) {
                throw new SyntaxException("Mailbox name has a control character");
            }
        }
        return Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    static Bytes encode(String name, Dialect dialect) {
        return Bytes.utf8(dialect == Dialect.REV1 ? ModifiedUtf7.encode(name) : name);
    }

    /** Text that must be well-formed UTF-8. */
    static String utf8(Bytes bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.array()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new SyntaxException("Text is not valid UTF-8");
        }
    }
}
