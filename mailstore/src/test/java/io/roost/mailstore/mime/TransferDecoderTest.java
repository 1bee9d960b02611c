package io.roost.mailstore.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transfer encodings, and the preview that is made of a decoded part. */
class TransferDecoderTest {
    private static byte[] decode(String encoding, byte[] bytes, int piece) {
        TransferDecoder decoder = TransferDecoder.of(encoding);
        ByteWriter out = new ByteWriter();
        for (int at = 0; at < bytes.length; at += piece) {
            decoder.onBytes(bytes, at, Math.min(bytes.length, at + piece), out);
        }
        decoder.finish(out);
        return out.toArray();
    }

    private static String decode(String encoding, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        String whole = new String(decode(encoding, bytes, Integer.MAX_VALUE / 2), StandardCharsets.ISO_8859_1);
        assertThat(new String(decode(encoding, bytes, 1), StandardCharsets.ISO_8859_1))
                .isEqualTo(whole);
        return whole;
    }

    /** RFC 2045 6.7; line ends are written n and r here. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a=20b|a b",
                "a=e4=E4|a\u00e4\u00e4",
                "now=\\n's|now's",
                "now=\\r\\n's|now's",
                "now= \\t\\r\\n's|now's",
                "a  \\r\\nb|a\\r\\nb",
                "a  b|a  b",
                "a \\t|a",
                "a=|a=",
                "a=2|a=2",
                "a=zz|a=zz",
                "a=2z=41|a=2zA",
                "==41|=A",
                "a=\\r=41|aA",
            })
    void quotedPrintable(String encoded, String expected) {
        assertThat(decode("QUOTED-PRINTABLE", unescape(encoded))).isEqualTo(unescape(expected));
    }

    private static String unescape(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
    }

    @Test
    void base64() {
        // RFC 2045 6.8: characters outside of the alphabet are ignored.
        Random random = new Random(3);
        for (int length = 0; length < 200; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            String encoded = Base64.getMimeEncoder().encodeToString(bytes);
            assertThat(decode("BASE64", encoded).getBytes(StandardCharsets.ISO_8859_1))
                    .isEqualTo(bytes);
        }
        assertThat(decode("BASE64", "YQ==YQ==")).isEqualTo("aa");
        assertThat(decode("BASE64", "Y Q\r\n-")).isEqualTo("a");
        assertThat(decode("BASE64", "Y")).isEmpty();
    }

    @Test
    void unknownEncodingsHaveNoDecoder() {
        // RFC 3516 4.3: NO [UNKNOWN-CTE].
        assertThat(TransferDecoder.of("X-UUENCODE")).isNull();
        assertThat(decode("8BIT", "a\u00e4")).isEqualTo("a\u00e4");
    }

    private static String preview(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        MimePart source = PreviewText.source(MimeScanner.scan(bytes));
        if (source == null) {
            return null;
        }
        byte[] body = new byte[(int) source.body().length()];
        System.arraycopy(bytes, (int) source.body().begin(), body, 0, body.length);
        return PreviewText.of(source, body);
    }

    @Test
    void previewsAreOneLineOfText() {
        // RFC 8970 3.2.
        assertThat(preview("Subject: x\r\n\r\nHello,\r\n\r\n  w\u00f6rld\t!\r\n"))
                .isEqualTo("Hello, w\u00f6rld !");
        assertThat(preview("\r\n")).isEmpty();
        assertThat(preview("\r\n" + "\ud83d\ude00".repeat(500)).codePoints().count())
                .isEqualTo(PreviewText.MAX_CHARACTERS);
        assertThat(preview("Content-Type: text/html\r\n\r\n<html><head><title>t</title></head><style>p{}</style>"
                        + "<!-- c > --><p>Fish &amp; Chips&nbsp;&#x41;&#66;&unknown; a<b>c</b></p><script>x"))
                .isEqualTo("Fish & Chips AB&unknown; a c");
        assertThat(preview("Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding:"
                        + " quoted-printable\r\n\r\nJ=F6rg"))
                .isEqualTo("J\u00f6rg");
        assertThat(preview("Content-Type: image/png\r\n\r\nx")).isNull();
        assertThat(preview("Content-Type: text/plain\r\nContent-Transfer-Encoding: x-foo\r\n\r\nx"))
                .isEmpty();
        String alternative = String.join(
                "\r\n",
                "Content-Type: multipart/alternative; boundary=b",
                "",
                "--b",
                "Content-Type: text/html",
                "",
                "<p>html",
                "--b",
                "",
                "plain",
                "--b--");
        assertThat(preview(alternative)).isEqualTo("plain");
    }
}
