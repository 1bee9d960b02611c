package io.roost.mailstore.imap.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.FetchDatum.Extensions;
import io.roost.mailstore.imap.syntax.FetchItem.Section;
import io.roost.mailstore.imap.syntax.Response.Condition;
import io.roost.mailstore.imap.syntax.Response.CountKind;
import io.roost.mailstore.imap.syntax.Response.ESearchNumberName;
import io.roost.mailstore.imap.syntax.Response.ListKind;
import io.roost.mailstore.imap.syntax.Response.Namespace;
import io.roost.mailstore.imap.syntax.Response.Status;
import io.roost.mailstore.imap.syntax.Response.StatusValue;
import io.roost.mailstore.imap.syntax.ResponseCode.NumberName;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.SequenceSet.Range;
import io.roost.mailstore.mime.Address;
import io.roost.mailstore.mime.MimePart;
import io.roost.mailstore.mime.MimeScanner;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What responses look like; the sections are of RFC 9051 unless another RFC is named. */
class ResponseWriterTest {
    private static String written(Dialect dialect, Response response) {
        String line = ReaderHarness.text(
                new ResponseWriter(dialect).write(response).take().array());
        assertThat(line).endsWith("\r\n");
        return line.substring(0, line.length() - 2);
    }

    private static String written(Response response) {
        return written(Dialect.REV1, response);
    }

    private static String datum(Dialect dialect, FetchDatum datum) {
        String line = written(dialect, new Response.Fetch(1, List.of(datum)));
        assertThat(line).startsWith("* 1 FETCH (").endsWith(")");
        return line.substring("* 1 FETCH (".length(), line.length() - 1);
    }

    private static String datum(FetchDatum datum) {
        return datum(Dialect.REV1, datum);
    }

    @Test
    void statusResponses() {
        // Section 7.1.
        assertThat(written(Status.of("a1", Condition.OK, "done"))).isEqualTo("a1 OK done");
        assertThat(written(Status.untagged(Condition.BYE, "J\u00f6rg\r\n* OK"))).isEqualTo("* BYE J?rg??* OK");
        assertThat(written(Status.untagged(Condition.OK, ""))).isEqualTo("* OK -");
        assertThat(written(new Status("a", Condition.OK, Word.READ_WRITE, "x"))).isEqualTo("a OK [READ-WRITE] x");
        assertThat(written(Status.info(new ResponseCode.Numbered(NumberName.UIDVALIDITY, 3857529045L), "x")))
                .isEqualTo("* OK [UIDVALIDITY 3857529045] x");
        assertThat(written(Status.info(new ResponseCode.PermanentFlags(List.of(Flag.DELETED, Flag.ANY)), "x")))
                .isEqualTo("* OK [PERMANENTFLAGS (\\Deleted \\*)] x");
        assertThat(written(Status.info(new ResponseCode.Capability(List.of("IMAP4rev1", "IDLE")), "x")))
                .isEqualTo("* OK [CAPABILITY IMAP4rev1 IDLE] x");
        assertThat(written(new Status("a", Condition.NO, new ResponseCode.BadCharset(List.of("UTF-8")), "x")))
                .isEqualTo("a NO [BADCHARSET (\"UTF-8\")] x");
        assertThat(written(Status.info(new ResponseCode.AppendUid(38505, SequenceSet.of(3955)), "x")))
                .as("RFC 4315")
                .isEqualTo("* OK [APPENDUID 38505 3955] x");
        assertThat(written(Status.info(
                        new ResponseCode.CopyUid(
                                38505,
                                new SequenceSet(List.of(new Range(304, 304), new Range(319, 320))),
                                SequenceSet.of(3956, 3958)),
                        "x")))
                .as("RFC 4315")
                .isEqualTo("* OK [COPYUID 38505 304,319:320 3956:3958] x");
        assertThat(written(Status.info(new ResponseCode.Modified(SequenceSet.of(7, 9)), "x")))
                .as("RFC 7162 3.1.3")
                .isEqualTo("* OK [MODIFIED 7:9] x");
        assertThat(written(Status.info(new ResponseCode.MailboxId("F1"), "x")))
                .as("RFC 8474")
                .isEqualTo("* OK [MAILBOXID (F1)] x");
    }

    @Test
    void continuations() {
        // Section 7.6.
        assertThat(written(new Response.Continuation("go on"))).isEqualTo("+ go on");
        assertThat(written(new Response.Challenge(Bytes.utf8("r=1")))).isEqualTo("+ cj0x");
        assertThat(written(new Response.Challenge(Bytes.EMPTY))).isEqualTo("+ ");
    }

    @Test
    void serverAndMailboxStatus() {
        // Sections 7.2 to 7.4.
        assertThat(written(new Response.Capability(List.of("IMAP4rev2")))).isEqualTo("* CAPABILITY IMAP4rev2");
        assertThat(written(new Response.Enabled(List.of()))).isEqualTo("* ENABLED");
        assertThat(written(new Response.Enabled(List.of("QRESYNC")))).isEqualTo("* ENABLED QRESYNC");
        assertThat(written(new Response.Id(List.of()))).isEqualTo("* ID NIL");
        assertThat(written(new Response.Id(
                        List.of(new Command.Id.Field("name", "Roost"), new Command.Id.Field("os", null)))))
                .isEqualTo("* ID (\"name\" \"Roost\" \"os\" NIL)");
        assertThat(written(new Response.Flags(List.of(Flag.SEEN, new Flag("$x")))))
                .isEqualTo("* FLAGS (\\Seen $x)");
        assertThat(written(new Response.Count(23, CountKind.EXISTS))).isEqualTo("* 23 EXISTS");
        assertThat(written(new Response.Count(44, CountKind.EXPUNGE))).isEqualTo("* 44 EXPUNGE");
        assertThat(written(new Response.Vanished(Response.When.EARLIER, SequenceSet.of(300, 310))))
                .as("RFC 7162")
                .isEqualTo("* VANISHED (EARLIER) 300:310");
        assertThat(written(new Response.Vanished(Response.When.NOW, SequenceSet.of(405))))
                .isEqualTo("* VANISHED 405");
        assertThat(written(new Response.MailboxStatus(
                        "a b",
                        List.of(
                                StatusValue.of(StatusItem.MESSAGES, 231),
                                StatusValue.of(StatusItem.APPENDLIMIT, StatusValue.NIL),
                                StatusValue.mailboxId("F22")))))
                .isEqualTo("* STATUS \"a b\" (MESSAGES 231 APPENDLIMIT NIL MAILBOXID (F22))");
        assertThat(written(new Response.Namespaces(List.of(new Namespace("", "/")), List.of(), List.of())))
                .isEqualTo("* NAMESPACE ((\"\" \"/\")) NIL NIL");
        assertThat(written(new Response.Quota("", List.of(new Response.Quota.Resource("STORAGE", 10, 512)))))
                .as("RFC 9208")
                .isEqualTo("* QUOTA \"\" (STORAGE 10 512)");
        assertThat(written(new Response.QuotaRoots("INBOX", List.of("")))).isEqualTo("* QUOTAROOT INBOX \"\"");
    }

    private static Response.ListEntry entry(String mailbox) {
        return new Response.ListEntry(ListKind.LIST, List.of(), "/", mailbox, List.of(), null);
    }

    @Test
    void listResponses() {
        // Section 7.3.1, RFC 5258.
        assertThat(written(new Response.ListEntry(
                        ListKind.LIST, List.of("\\Noselect", "\\HasChildren"), "/", "~/Mail/foo", List.of(), null)))
                .isEqualTo("* LIST (\\Noselect \\HasChildren) \"/\" ~/Mail/foo");
        assertThat(written(new Response.ListEntry(
                        ListKind.LIST, List.of(), null, "INBOX", List.of("SUBSCRIBED"), "old name")))
                .isEqualTo("* LIST () NIL INBOX (\"CHILDINFO\" (\"SUBSCRIBED\") \"OLDNAME\" (\"old name\"))");
        assertThat(written(new Response.ListEntry(ListKind.LSUB, List.of(), "/", "x", List.of(), null)))
                .isEqualTo("* LSUB () \"/\" x");
        assertThat(written(entry("nil"))).isEqualTo("* LIST () \"/\" \"nil\"");
        assertThat(written(entry(""))).isEqualTo("* LIST () \"/\" \"\"");
        assertThat(written(entry("a*"))).isEqualTo("* LIST () \"/\" \"a*\"");
        assertThat(written(entry("\u53f0\u5317&"))).as("RFC 3501 5.1.3").isEqualTo("* LIST () \"/\" &U,BTFw-&-");
        assertThat(written(Dialect.REV2, entry("\u00e4")))
                .as("section 5.1")
                .isEqualTo("* LIST () \"/\" \"\u00c3\u00a4\"");
    }

    @Test
    void searchResponses() {
        // RFC 3501 7.2.5, RFC 5256, RFC 7162 3.1.5, section 7.3.4, RFC 9394.
        assertThat(written(new Response.SearchResult(null, Response.NO_MODSEQ))).isEqualTo("* SEARCH");
        assertThat(written(new Response.SearchResult(
                        new SequenceSet(List.of(new Range(2, 2), new Range(5, 7))), 917162500)))
                .isEqualTo("* SEARCH 2 5 6 7 (MODSEQ 917162500)");
        assertThat(written(new Response.SortResult(List.of(5L, 3L), Response.NO_MODSEQ)))
                .isEqualTo("* SORT 5 3");
        assertThat(written(new Response.ESearch(
                        "A282",
                        Numbering.UID,
                        List.of(
                                new Response.ESearchNumber(ESearchNumberName.MIN, 2),
                                new Response.ESearchNumber(ESearchNumberName.COUNT, 3),
                                new Response.ESearchAll(SequenceSet.of(2, 4)),
                                new Response.ESearchPartial(new PartialRange(-1, -100), SequenceSet.of(4)),
                                new Response.ESearchPartial(new PartialRange(9, 10), null),
                                new Response.ESearchNumber(ESearchNumberName.MODSEQ, 1236)))))
                .isEqualTo("* ESEARCH (TAG \"A282\") UID MIN 2 COUNT 3 ALL 2:4 PARTIAL (-1:-100 4) PARTIAL (9:10 NIL)"
                        + " MODSEQ 1236");
        assertThat(written(new Response.ESearch("a", Numbering.SEQUENCE, List.of())))
                .isEqualTo("* ESEARCH (TAG \"a\")");
    }

    @Test
    void attributesOfMessages() {
        // Section 7.5.2, RFC 7162, RFC 8474, RFC 8514, RFC 8970, RFC 3516.
        OffsetDateTime time = OffsetDateTime.parse("1996-07-01T02:44:25.9-07:00");
        assertThat(written(new Response.Fetch(
                        23,
                        List.of(
                                new FetchDatum.Flags(List.of(Flag.SEEN)),
                                new FetchDatum.Numbered(FetchDatum.NumberName.SIZE, 44827),
                                new FetchDatum.Numbered(FetchDatum.NumberName.UID, 4)))))
                .isEqualTo("* 23 FETCH (FLAGS (\\Seen) RFC822.SIZE 44827 UID 4)");
        assertThat(datum(new FetchDatum.InternalDate(time))).isEqualTo("INTERNALDATE \" 1-Jul-1996 02:44:25 -0700\"");
        assertThat(datum(new FetchDatum.SaveDate(null))).isEqualTo("SAVEDATE NIL");
        assertThat(datum(new FetchDatum.SaveDate(time))).isEqualTo("SAVEDATE \" 1-Jul-1996 02:44:25 -0700\"");
        assertThat(datum(new FetchDatum.ModSeq(624140003))).isEqualTo("MODSEQ (624140003)");
        assertThat(datum(new FetchDatum.EmailId("M1"))).isEqualTo("EMAILID (M1)");
        assertThat(datum(new FetchDatum.ThreadId(null))).isEqualTo("THREADID NIL");
        assertThat(datum(new FetchDatum.ThreadId("T1"))).isEqualTo("THREADID (T1)");
        assertThat(datum(new FetchDatum.Preview(null))).isEqualTo("PREVIEW NIL");
        assertThat(datum(new FetchDatum.Preview("\u00e4"))).isEqualTo("PREVIEW {2}\r\n\u00c3\u00a4");
        assertThat(datum(Dialect.REV2, new FetchDatum.Preview("\u00e4"))).isEqualTo("PREVIEW \"\u00c3\u00a4\"");
        assertThat(datum(new FetchDatum.BinarySize(List.of(1, 2), 7))).isEqualTo("BINARY.SIZE[1.2] 7");
    }

    private static FetchDatum body(Section section, long origin, String text) {
        return new FetchDatum.Content(
                new FetchDatum.SectionName(section, origin), text == null ? null : Bytes.utf8(text));
    }

    @Test
    void contentsOfMessages() {
        // Section 7.5.2: literals, NIL for what is not there, the origin of a partial fetch.
        assertThat(datum(body(Section.ofPart(List.of()), FetchDatum.WHOLE, "a\r\n")))
                .isEqualTo("BODY[] {3}\r\na\r\n");
        assertThat(datum(body(Section.ofPart(List.of(1, 2)), 0, ""))).isEqualTo("BODY[1.2]<0> {0}\r\n");
        assertThat(datum(body(new Section(List.of(3), Section.Text.MIME, List.of()), FetchDatum.WHOLE, null)))
                .isEqualTo("BODY[3.MIME] NIL");
        assertThat(datum(body(
                        new Section(List.of(), Section.Text.HEADER_FIELDS, List.of("Date", "a b")),
                        FetchDatum.WHOLE,
                        "x")))
                .isEqualTo("BODY[HEADER.FIELDS (Date \"a b\")] {1}\r\nx");
        assertThat(datum(new FetchDatum.Content(FetchDatum.Rfc822.HEADER, Bytes.utf8("x"))))
                .isEqualTo("RFC822.HEADER {1}\r\nx");
        assertThat(datum(new FetchDatum.Content(new FetchDatum.BinaryName(List.of(1), 5), Bytes.of(0))))
                .as("RFC 3516: a literal8 may hold NUL")
                .isEqualTo("BINARY[1]<5> ~{1}\r\n\0");
    }

    @Test
    void contentMayFollowWhatIsWritten() {
        ResponseWriter writer = new ResponseWriter(Dialect.REV1);
        writer.beginFetch(7)
                .datum(new FetchDatum.Numbered(FetchDatum.NumberName.UID, 9))
                .datum(new FetchDatum.Announced(
                        new FetchDatum.SectionName(Section.ofPart(List.of()), FetchDatum.WHOLE), 5_000_000_000L));
        assertThat(writer.take().utf8()).isEqualTo("* 7 FETCH (UID 9 BODY[] {5000000000}\r\n");
        assertThat(writer.size()).isZero();
        writer.datum(new FetchDatum.Announced(new FetchDatum.BinaryName(List.of(), FetchDatum.WHOLE), 1))
                .endFetch();
        assertThat(writer.take().utf8()).isEqualTo(" BINARY[] ~{1}\r\n)\r\n");
    }

    private static MimePart scan(String... lines) {
        return MimeScanner.scan((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void envelopes() {
        // Section 7.5.2 and the example of section 8.
        MimePart message = scan(
                "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)",
                "From: Terry Gray <gray@cac.washington.edu>",
                "Subject: IMAP4rev2 WG mtg summary and minutes",
                "To: imap@cac.washington.edu",
                "cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>",
                "Message-ID: <B27397-0100000@cac.washington.ed>",
                "",
                "");
        String gray = "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))";
        assertThat(datum(new FetchDatum.MessageEnvelope(message.envelope())))
                .isEqualTo(
                        "ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "
                                + gray + " " + gray + " " + gray + " ((NIL NIL \"imap\" \"cac.washington.edu\")) ((NIL"
                                + " NIL \"minutes\" \"CNRI.Reston.VA.US\")(\"John"
                                + " Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL"
                                + " \"<B27397-0100000@cac.washington.ed>\")");
    }

    @Test
    void bodyStructures() {
        // Section 7.5.2, its examples.
        MimePart text = scan("", "Hello");
        assertThat(datum(new FetchDatum.Structure(text, Extensions.NO)))
                .isEqualTo("BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7BIT\" 7 1)");
        MimePart mixed = scan(
                "Content-Type: multipart/mixed; boundary=b",
                "Content-Language: de, en",
                "",
                "--b",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Disposition: attachment; filename=\"x\"",
                "Content-MD5: abc",
                "Content-Language: de",
                "Content-Location: there",
                "",
                "x",
                "--b",
                "Content-Type: message/rfc822",
                "",
                "Subject: y",
                "",
                "z",
                "--b--");
        assertThat(datum(new FetchDatum.Structure(mixed, Extensions.YES)))
                .isEqualTo("BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7BIT\" 1 0 \"abc\""
                        + " (\"attachment\" (\"filename\" \"x\")) (\"de\") \"there\")"
                        + "(\"message\" \"rfc822\" NIL NIL NIL \"7BIT\" 15"
                        + " (NIL \"y\" NIL NIL NIL NIL NIL NIL NIL NIL)"
                        + " (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7BIT\" 1 0 NIL NIL NIL NIL)"
                        + " 2 NIL NIL NIL NIL)"
                        + " \"mixed\" (\"boundary\" \"b\") NIL (\"de\" \"en\") NIL)");
        MimePart empty = scan("Content-Type: multipart/mixed", "");
        assertThat(datum(new FetchDatum.Structure(empty, Extensions.NO)))
                .isEqualTo("BODY ((\"text\" \"plain\" NIL NIL NIL \"7BIT\" 0 0) \"mixed\")");
    }

    @Test
    void stringsThatCannotBeQuotedAreLiterals() {
        // Section 4.3.
        MimePart message =
                scan("Subject: a\"\\b", "From: J\u00f6rg <j@x>", "In-Reply-To: " + "x".repeat(2_000), "", "");
        String written = datum(new FetchDatum.MessageEnvelope(message.envelope()));
        assertThat(written)
                .contains("\"a\\\"\\\\b\"")
                .contains("{4}\r\nJ\u00f6rg")
                .contains("{2000}\r\nx");
    }

    @Test
    void anyStructureIsOfTheGrammar() {
        for (int seed = 0; seed < 200; seed++) {
            MimePart message = MimeScanner.scan(RandomBytes.message(seed));
            Response fetch = new Response.Fetch(
                    1,
                    List.of(
                            new FetchDatum.MessageEnvelope(message.envelope()),
                            new FetchDatum.Structure(message, Extensions.YES)));
            List<Object> tokens = ResponseTree.parse(
                    new ResponseWriter(Dialect.REV1).write(fetch).take().array());
            assertThat(tokens).as("seed %d", seed).hasSize(4);
            List<?> data = (List<?>) tokens.get(3);
            assertThat((List<?>) data.get(1)).as("seed %d", seed).hasSize(10);
            assertThat(addresses(data))
                    .as("seed %d", seed)
                    .isEqualTo(message.envelope().from());
            check((List<?>) data.get(3), message);
        }
    }

    private static List<Address> addresses(List<?> data) {
        List<Address> addresses = new ArrayList<>();
        if (((List<?>) data.get(1)).get(2) instanceof List<?> list) {
            for (Object each : list) {
                List<?> parts = (List<?>) each;
                addresses.add(new Address(
                        bytes(parts.get(0)), bytes(parts.get(1)), bytes(parts.get(2)), bytes(parts.get(3))));
            }
        }
        return addresses;
    }

    private static Bytes bytes(Object token) {
        return token.equals("NIL")
                ? null
                : Bytes.wrap(token.toString().substring(1).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void check(List<?> body, MimePart part) {
        if (part.type().isMultipart()) {
            int children = Math.max(1, part.children().size());
            assertThat(body).hasSize(children + 5);
            assertThat(body.get(children)).isEqualTo("'" + part.type().subtype());
            for (int i = 0; i < part.children().size(); i++) {
                check((List<?>) body.get(i), part.children().get(i));
            }
            return;
        }
        assertThat(body.get(0)).isEqualTo("'" + part.type().type());
        assertThat(body.get(6)).isEqualTo(Long.toString(part.body().length()));
        if (part.isMessage()) {
            assertThat(body).hasSize(14);
            check((List<?>) body.get(8), part.children().get(0));
        } else {
            assertThat(body).hasSize(part.type().isText() ? 12 : 11);
        }
    }
}
