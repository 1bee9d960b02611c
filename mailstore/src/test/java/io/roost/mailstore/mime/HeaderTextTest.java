package io.roost.mailstore.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What headers mean: encoded words, parameters, dates, chosen fields. */
class HeaderTextTest {
    /** The examples of RFC 2047 8, and what senders make of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(=?ISO-8859-1?Q?a?=)|(a)",
                "(=?ISO-8859-1?Q?a?= b)|(a b)",
                "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)|(ab)",
                "(=?ISO-8859-1?Q?a?=    =?ISO-8859-1?Q?b?=)|(ab)",
                "(=?ISO-8859-1?Q?a_b?=)|(a b)",
                "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)|(a b)",
                "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=|Keld J\u00f8rn Simonsen",
                "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=|If you can read this yo",
                "=?utf-8*en?q?x?=|x",
                "=?utf-8?b?4oI=?= =?utf-8?b?rA==?=|\u20ac",
                "=?utf-8?q?=E2=82?= =?utf-8?q?=AC?=|\u20ac",
                "=?no-such-charset?q?x?=|=?no-such-charset?q?x?=",
                "=?utf-8?x?x?=|=?utf-8?x?x?=",
                "=?utf-8?q?=?|=?utf-8?q?=?",
                "=?utf-8?q?=zz=?=|=zz=",
                "a=?utf-8?q?b?=c|abc",
            })
    void encodedWords(String value, String expected) {
        assertThat(HeaderText.decode(Bytes.utf8(value))).isEqualTo(expected);
    }

    @Test
    void bytesWithoutAnEncodingAreUtf8OrLatin1() {
        // RFC 6532 3.2.
        assertThat(HeaderText.decode(Bytes.utf8("\u20ac"))).isEqualTo("\u20ac");
        assertThat(HeaderText.decode(Bytes.of('a', 0xe4))).isEqualTo("a\u00e4");
        assertThat(HeaderText.decode(Bytes.utf8("\u00e4 =?utf-8?q?x?= \u00e4"))).isEqualTo("\u00e4 x \u00e4");
    }

    private static String parameter(String contentType, String name) {
        MimePart part = MimeScanner.scan("Content-Type: " + contentType + "\r\n\r\n");
        return HeaderText.parameter(part.type().parameters(), name);
    }

    @Test
    void parametersMayComeInPieces() {
        // The examples of RFC 2231 3, 4 and 4.1.
        assertThat(parameter("message/external-body; URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/x.tar\"", "url"))
                .isEqualTo("ftp://cs.utk.edu/x.tar");
        assertThat(parameter("application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", "title"))
                .isEqualTo("This is ***fun***");
        assertThat(parameter(
                        "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20;"
                                + " title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
                        "title"))
                .isEqualTo("This is even more ***fun*** isn't it!");
        assertThat(parameter("a/b; name*0*=utf-8''%e2%82; name*1*=%ac", "name")).isEqualTo("\u20ac");
        assertThat(parameter("a/b; name=\"=?utf-8?b?4oKs?=\"", "name")).isEqualTo("\u20ac");
        assertThat(parameter("a/b; name*=%zz", "name")).isEqualTo("%zz");
        assertThat(parameter("a/b; x=y", "name")).isNull();
    }

    /** RFC 5322 3.3 and 4.3. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Fri, 21 Nov 1997 09:55:06 -0600|1997-11-21T09:55:06-06:00",
                "Thu, 13 Feb 1969 23:32 -0330|1969-02-13T23:32:00-03:30",
                "21 Nov 97 09:55:06 GMT|1997-11-21T09:55:06Z",
                "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600|1997-11-21T09:55:06-06:00",
                "Mon, 1 JAN 24 00:00:00 EST|2024-01-01T00:00:00-05:00",
                "Mon,1 January 2024 23:59:60 +0100 (CET)|2024-01-01T23:59:59+01:00",
                "Mon 1 Jan 2024 10:00:00|2024-01-01T10:00:00Z",
            })
    void dates(String value, String expected) {
        assertThat(MessageDate.parse(Bytes.utf8(value))).isEqualTo(OffsetDateTime.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "Mon, 32 Jan 2024 00:00:00 +0000", "1 Foo 2024 1:2:3 Z", "99999999999 Jan 1 1:1 Z", "("
            })
    void noDates(String value) {
        assertThat(MessageDate.parse(Bytes.utf8(value))).isNull();
    }

    private static String filter(HeaderFilter filter, String header, int piece) {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        ByteWriter out = new ByteWriter();
        for (int at = 0; at < bytes.length; at += piece) {
            filter.onBytes(bytes, at, Math.min(bytes.length, at + piece), out);
        }
        filter.finish(out);
        return new String(out.toArray(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void fieldsAreChosenAsTheyAre() {
        // RFC 9051 6.4.5.1: names in any case, an empty line at the end.
        String header = "Subject: a\r\n b\r\nFrom : x\r\nTo: y\r\nno field\r\nsubject: c\r\n\r\n";
        for (int piece = 1; piece < 100; piece += 7) {
            assertThat(filter(new HeaderFilter(List.of("SUBJECT", "from"), HeaderFilter.Passes.NAMED), header, piece))
                    .isEqualTo("Subject: a\r\n b\r\nFrom : x\r\nsubject: c\r\n\r\n");
            assertThat(filter(new HeaderFilter(List.of("subject", "from"), HeaderFilter.Passes.OTHERS), header, piece))
                    .isEqualTo("To: y\r\nno field\r\n\r\n");
        }
        assertThat(filter(new HeaderFilter(List.of("x"), HeaderFilter.Passes.NAMED), "X: 1", 3))
                .isEqualTo("X: 1\r\n\r\n");
        assertThat(filter(new HeaderFilter(List.of("x"), HeaderFilter.Passes.NAMED), "\r\n", 3))
                .isEqualTo("\r\n");
        assertThat(filter(new HeaderFilter(List.of("x"), HeaderFilter.Passes.NAMED), "", 3))
                .isEqualTo("\r\n");
    }
}
