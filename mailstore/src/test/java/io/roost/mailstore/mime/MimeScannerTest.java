package io.roost.mailstore.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where parts of messages are, well-formed and not. */
class MimeScannerTest {
    private static final String CRLF = "\r\n";

    private static String lines(String... lines) {
        return String.join(CRLF, lines) + CRLF;
    }

    private static String text(String message, Span span) {
        return message.substring((int) span.begin(), (int) span.end());
    }

    private static String body(String message, MimePart part) {
        return text(message, part.body());
    }

    private static final String MIXED = lines(
            "From: Fred Foobar <foobar@Blurdybloop.example>",
            "Content-Type: multipart/mixed; boundary=\"outer\"",
            "",
            "preamble",
            "--outer",
            "",
            "first",
            "--outer",
            "Content-Type: message/rfc822",
            "",
            "Subject: inner",
            "Content-Type: multipart/alternative; boundary=inner",
            "",
            "--inner",
            "Content-Type: text/plain; charset=utf-8",
            "",
            "plain",
            "more",
            "",
            "--inner",
            "Content-Type: text/html",
            "Content-Transfer-Encoding: Base64",
            "",
            "PGI+",
            "--inner--",
            "inner epilogue",
            "--outer",
            "Content-Disposition: attachment; filename=\"a;b.bin\"",
            "Content-Type: application/octet-stream; name=x",
            "Content-ID: <id@x>",
            "Content-Language: en, de",
            "",
            "--outer--",
            "epilogue");

    @Test
    void partsAreFoundWithTheirPlaces() {
        // RFC 2046 5.1.1: the end of the line before a delimiter belongs to the delimiter.
        MimePart root = MimeScanner.scan(MIXED);
        assertThat(root.type().subtype()).isEqualTo("mixed");
        assertThat(root.header().begin()).isZero();
        assertThat(text(MIXED, root.header())).endsWith("\"outer\"\r\n\r\n");
        assertThat(root.body().end()).isEqualTo(MIXED.length());
        assertThat(root.children()).hasSize(3);
        assertThat(body(MIXED, root.children().get(0))).isEqualTo("first");
        assertThat(text(MIXED, root.children().get(0).header())).isEqualTo(CRLF);
        MimePart message = root.children().get(1);
        assertThat(message.isMessage()).isTrue();
        assertThat(body(MIXED, message)).startsWith("Subject: inner").endsWith("--inner--\r\ninner epilogue");
        assertThat(message.lines()).isEqualTo(15);
        MimePart inner = message.children().get(0);
        assertThat(inner.envelope().subject()).isEqualTo(Bytes.utf8("inner"));
        assertThat(inner.whole()).isEqualTo(message.body());
        MimePart plain = inner.children().get(0);
        assertThat(body(MIXED, plain)).isEqualTo("plain\r\nmore\r\n");
        assertThat(plain.lines()).isEqualTo(2);
        assertThat(plain.type().parameter("CHARSET")).isEqualTo(Bytes.utf8("utf-8"));
        MimePart html = inner.children().get(1);
        assertThat(html.fields().encoding()).isEqualTo("BASE64");
        assertThat(body(MIXED, html)).isEqualTo("PGI+");
        MimePart attachment = root.children().get(2);
        assertThat(body(MIXED, attachment)).isEmpty();
        assertThat(attachment.fields().disposition())
                .isEqualTo(new MimePart.Disposition(
                        "attachment", List.of(new Parameter("filename", Bytes.utf8("a;b.bin")))));
        assertThat(attachment.fields().id()).isEqualTo(Bytes.utf8("<id@x>"));
        assertThat(attachment.fields().languages()).containsExactly(Bytes.utf8("en"), Bytes.utf8("de"));
    }

    @Test
    void pathsNumberPartsAsFetchDoes() {
        // RFC 9051 6.4.5.1, its example of nested parts.
        MimePart root = MimeScanner.scan(MIXED);
        assertThat(root.part(List.of())).isSameAs(root);
        assertThat(root.part(List.of(1))).isSameAs(root.children().get(0));
        assertThat(root.part(List.of(2))).isSameAs(root.children().get(1));
        MimePart inner = root.children().get(1).children().get(0);
        assertThat(root.part(List.of(2, 1))).isSameAs(inner.children().get(0));
        assertThat(root.part(List.of(2, 2))).isSameAs(inner.children().get(1));
        assertThat(root.part(List.of(2, 3))).isNull();
        assertThat(root.part(List.of(1, 1))).isNull();
        assertThat(root.part(List.of(4))).isNull();
        MimePart single = MimeScanner.scan(lines("Subject: x", "", "body"));
        assertThat(single.part(List.of(1)))
                .as("a message without parts has one")
                .isSameAs(single);
        assertThat(single.part(List.of(1, 1))).isNull();
        assertThat(single.part(List.of(2))).isNull();
        MimePart forwarded = MimeScanner.scan(lines("Content-Type: message/rfc822", "", "Subject: x", "", "body"));
        assertThat(forwarded.part(List.of(1))).isSameAs(forwarded);
        assertThat(forwarded.part(List.of(1, 1))).isSameAs(forwarded.children().get(0));
    }

    @Test
    void digestsHoldMessages() {
        // RFC 2046 5.1.5.
        MimePart root = MimeScanner.scan(
                lines("Content-Type: multipart/digest; boundary=b", "", "--b", "", "Subject: one", "", "x", "--b--"));
        MimePart part = root.children().get(0);
        assertThat(part.type()).isEqualTo(ContentType.DIGEST_DEFAULT);
        assertThat(part.children().get(0).envelope().subject()).isEqualTo(Bytes.utf8("one"));
    }

    @Test
    void linesMayEndWithLfAlone() {
        String message = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n\n--b \t\nX: y\n\ntwo\n--b--\n";
        MimePart root = MimeScanner.scan(message);
        assertThat(root.children()).hasSize(2);
        assertThat(body(message, root.children().get(0))).isEqualTo("one\n");
        assertThat(body(message, root.children().get(1))).isEqualTo("two");
    }

    @Test
    void anOuterDelimiterClosesAllWithin() {
        // RFC 2046 5.1.2: a part must end at the delimiter of any enclosing multipart.
        String message = lines(
                "Content-Type: multipart/mixed; boundary=a",
                "",
                "--a",
                "Content-Type: multipart/mixed; boundary=b",
                "",
                "--b",
                "Content-Type: text/html",
                "--a",
                "",
                "second",
                "--a--");
        MimePart root = MimeScanner.scan(message);
        assertThat(root.children()).hasSize(2);
        MimePart cut = root.children().get(0).children().get(0);
        assertThat(cut.type().subtype()).isEqualTo("html");
        assertThat(cut.body().length()).isZero();
        assertThat(body(message, root.children().get(1))).isEqualTo("second");
    }

    @Test
    void delimitersAreWholeLines() {
        String message = lines(
                "Content-Type: multipart/mixed; boundary=ab",
                "",
                "--ab",
                "",
                "--abc",
                " --ab",
                "--a",
                "--",
                "-",
                "--ab",
                "",
                "two",
                "--ab--",
                "--ab",
                "after the end");
        MimePart root = MimeScanner.scan(message);
        assertThat(root.children()).hasSize(2);
        assertThat(body(message, root.children().get(0))).isEqualTo("--abc\r\n --ab\r\n--a\r\n--\r\n-");
        assertThat(body(message, root.children().get(1))).isEqualTo("two");
    }

    @Test
    void aBoundaryThatIsTheBeginningOfAnotherIsNotTakenForIt() {
        String message = lines(
                "Content-Type: multipart/mixed; boundary=x",
                "",
                "--x",
                "Content-Type: multipart/mixed; boundary=x--",
                "",
                "--x--",
                "",
                "inner",
                "--x----",
                "--x--");
        MimePart root = MimeScanner.scan(message);
        assertThat(root.children()).hasSize(1);
        assertThat(body(message, root.children().get(0).children().get(0))).isEqualTo("inner");
    }

    @Test
    void messagesWithoutAnEndAreCompleteAllTheSame() {
        String message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nno end";
        MimePart root = MimeScanner.scan(message);
        assertThat(body(message, root.children().get(0))).isEqualTo("no end");
        assertThat(MimeScanner.scan("").whole()).isEqualTo(new Span(0, 0));
        assertThat(MimeScanner.scan("Subject: x").envelope().subject()).isEqualTo(Bytes.utf8("x"));
        assertThat(MimeScanner.scan("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--")
                        .children())
                .isEmpty();
        assertThat(MimeScanner.scan("Content-Type: message/rfc822").type()).isEqualTo(ContentType.OPAQUE);
    }

    @Test
    void typesThatCannotBeReadArePlainText() {
        // RFC 2045 5.2.
        for (String type : List.of("", "text", "/plain", "text/", ";charset=x", "multipart")) {
            assertThat(MimeScanner.scan(lines("Content-Type: " + type, "", "x")).type())
                    .as(type)
                    .isEqualTo(ContentType.DEFAULT);
        }
        ContentType lenient = MimeScanner.scan(
                        lines("content-type : (c) TEXT / Html (c) ; x = \"a\\\"b\" ; ; =z; y=a b;z=c=d", "", "x"))
                .type();
        assertThat(lenient.type()).isEqualTo("text");
        assertThat(lenient.subtype()).isEqualTo("html");
        assertThat(lenient.parameters())
                .containsExactly(
                        new Parameter("x", Bytes.utf8("a\"b")),
                        new Parameter("y", Bytes.utf8("a")),
                        new Parameter("z", Bytes.utf8("c=d")));
    }

    @Test
    void theFirstOfSeveralFieldsCounts() {
        MimePart root = MimeScanner.scan(lines(
                "From dovecot Thu Jan  1 00:00:00 2026",
                "Subject: one",
                " two",
                "\tthree",
                "Subject: other",
                "no field",
                ": no name",
                "",
                "x"));
        assertThat(root.envelope().subject()).isEqualTo(Bytes.utf8("one two\tthree"));
    }

    @Test
    void nestingIsBounded() {
        StringBuilder multiparts = new StringBuilder();
        StringBuilder messages = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            multiparts.append("Content-Type: multipart/mixed; boundary=b").append(i);
            multiparts.append("\r\n\r\n--b").append(i).append("\r\n");
            messages.append("Content-Type: message/rfc822\r\n\r\n");
        }
        assertThat(depth(MimeScanner.scan(multiparts.toString()))).isEqualTo(MimeLimits.MAX_DEPTH + 1);
        MimePart message = MimeScanner.scan(messages.toString());
        assertThat(depth(message)).isEqualTo(MimeLimits.MAX_DEPTH + 1);
        assertThat(MimeCodec.decode(MimeCodec.encode(message))).isEqualTo(message);
    }

    private static int depth(MimePart part) {
        int depth = 1;
        for (MimePart at = part; !at.children().isEmpty(); at = at.children().get(0)) {
            depth++;
        }
        return depth;
    }

    @Test
    void partsAreCounted() {
        MimePart root = MimeScanner.scan(
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(100_000));
        assertThat(root.children()).hasSize(MimeLimits.MAX_PARTS - 1);
    }

    @Test
    void headersAreBounded() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1_000_000; i++) {
            many.append("Received: ").append(i).append("\r\n");
        }
        MimePart root = MimeScanner.scan(many + "Subject: last\r\n\r\nbody");
        assertThat(root.envelope().subject()).isEqualTo(Bytes.utf8("last"));
        assertThat(root.body().length()).isEqualTo(4);
        String longTo = "To: " + "a@b, ".repeat(100_000) + "\r\n";
        assertThat(MimeScanner.scan(longTo).envelope().to()).hasSize(MimeLimits.MAX_ADDRESSES);
        StringBuilder folded = new StringBuilder("Subject: x\r\n");
        folded.append(" y\r\n".repeat(500_000));
        assertThat(MimeScanner.scan(folded.toString()).envelope().subject().length())
                .isLessThan(MimeLimits.MAX_FIELD_BYTES);
        MimeScanner.scan("Subject: " + "x".repeat(5_000_000));
    }

    @Test
    void keptFieldsOfAllPartsAreBounded() {
        String part = "--b\r\nContent-Description: " + "x".repeat(60_000) + "\r\n\r\n\r\n";
        MimePart root = MimeScanner.scan("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part.repeat(100));
        assertThat(MimeCodec.encode(root).length()).isLessThan(MimeLimits.MAX_KEPT_BYTES + 100_000);
        assertThat(root.children()).hasSize(100);
    }

    @Test
    void piecesDoNotMatter() {
        Random random = new Random(1);
        for (int seed = 0; seed < 300; seed++) {
            byte[] message = RandomMessages.message(new Random(seed)).getBytes(StandardCharsets.ISO_8859_1);
            MimePart whole = MimeScanner.scan(message);
            MimeScanner scanner = new MimeScanner();
            int at = 0;
            while (at < message.length) {
                int end = Math.min(message.length, at + 1 + random.nextInt(1 + seed % 40));
                scanner.onBytes(message, at, end);
                at = end;
            }
            assertThat(scanner.finish()).as("seed %d", seed).isEqualTo(whole);
            assertThat(MimeCodec.decode(MimeCodec.encode(whole)))
                    .as("seed %d", seed)
                    .isEqualTo(whole);
        }
    }
}
