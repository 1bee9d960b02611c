package io.roost.mailstore.sasl;

import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** Text of SASL exchanges. */
final class SaslText {
    private SaslText() {}

    /** Well-formed UTF-8, or null. */
    static String utf8(Bytes bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.array()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }

    /**
     * A password as all sides hash it, after SASLprep (RFC 4013 2): spaces are one kind of space, what is mapped to nothing
     * goes, the rest is in normal form KC. A password with characters that SASLprep forbids is taken as it is, as
     * PostgreSQL does, since its user did set it.
     */
    static byte[] prepared(String password) {
        StringBuilder mapped = new StringBuilder(password.length());
        password.codePoints().forEach(c -> {
            if (Character.getType(c) == Character.SPACE_SEPARATOR) {
                mapped.append(' ');
            } else if (!isMappedToNothing(c)) {
                mapped.appendCodePoint(c);
            }
        });
        String normalized = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        boolean isAllowed =
                normalized.codePoints().noneMatch(c -> Character.isISOControl(c) || !Character.isDefined(c));
        return (isAllowed && !normalized.isEmpty() ? normalized : password).getBytes(StandardCharsets.UTF_8);
    }

    /** RFC 3454 B.1. */
    private static boolean isMappedToNothing(int c) {
        return c == 0xad
                || c == 0x34f
                || c == 0x1806
                || (c >= 0x180b && c <= 0x180d)
                || (c >= 0x200b && c <= 0x200d)
                || c == 0x2060
                || (c >= 0xfe00 && c <= 0xfe0f)
                || c == 0xfeff;
    }
}
