package io.roost.mailstore.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses as RFC 5322 writes them, and as others do. */
class AddressParserTest {
    private static String string(Bytes bytes) {
        return bytes == null ? "-" : new String(bytes.array(), StandardCharsets.ISO_8859_1);
    }

    private static List<String> parse(String value) {
        List<String> all = new ArrayList<>();
        for (Address address : AddressParser.parse(HeaderLexer.latin1(value))) {
            all.add(string(address.name()) + "|" + string(address.route()) + "|" + string(address.mailbox()) + "|"
                    + string(address.host()));
        }
        return all;
    }

    /** Mostly the examples of RFC 5322 appendix A. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "John Doe <jdoe@machine.example> ~ John Doe|-|jdoe|machine.example",
                "mary@example.net ~ -|-|mary|example.net",
                "\"Joe Q. Public\" <john.q.public@example.com> ~ Joe Q. Public|-|john.q.public|example.com",
                "<boss@nil.test> ~ -|-|boss|nil.test",
                "\"Giant; \\\"Big\\\" Box\" <sysservices@example.net> ~ Giant; \"Big\" Box|-|sysservices|example.net",
                "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)> ~ Pete|-|pete|silly.test",
                "Mary Smith <@node.test:mary@example.net> ~ Mary Smith|@node.test|mary|example.net",
                "Mary <@a.test,@b.test:mary@example.net> ~ Mary|@a.test,@b.test|mary|example.net",
                "<boss@nil.test> (The Boss) ~ The Boss|-|boss|nil.test",
                "jdoe@test   . example ~ -|-|jdoe|test.example",
                "john . doe@example ~ -|-|john . doe|example",
                "root ~ -|-|root|",
                "a@[127.0.0.1] ~ -|-|a|[127.0.0.1]",
                "\"a b\"@example.org ~ -|-|a b|example.org",
                "=?utf-8?q?J=C3=B6rg?= <j@example.org> ~ =?utf-8?q?J=C3=B6rg?=|-|j|example.org",
                "no.name@example.org (Some One) ~ Some One|-|no.name|example.org",
                "J\u00f6rg <j\u00f6@ex\u00e4mple.org> ~ J\u00f6rg|-|j\u00f6|ex\u00e4mple.org",
                "a@b@c.org ~ -|-|a|b",
                "<> ~ -|-||",
            })
    void oneAddress(String value, String expected) {
        assertThat(parse(value)).containsExactly(expected);
    }

    @Test
    void groupsHaveABeginningAndAnEnd() {
        // RFC 5322 A.1.3, RFC 9051 7.5.2.
        assertThat(parse("A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>; , after@x.test"))
                .containsExactly(
                        "-|-|A Group|-",
                        "Ed Jones|-|c|a.test",
                        "-|-|joe|where.test",
                        "John|-|jdoe|one.test",
                        "-|-|-|-",
                        "-|-|after|x.test");
        assertThat(parse("Undisclosed recipients:;")).containsExactly("-|-|Undisclosed recipients|-", "-|-|-|-");
        assertThat(parse("open: a@b")).containsExactly("-|-|open|-", "-|-|a|b", "-|-|-|-");
    }

    @Test
    void emptyPlacesAreStepedOver() {
        // RFC 5322 4.4: obs-addr-list.
        assertThat(parse(",, a@b ,,c@d,")).containsExactly("-|-|a|b", "-|-|c|d");
        assertThat(parse("")).isEmpty();
        assertThat(parse(" (only a comment) ")).isEmpty();
    }

    @Test
    void anythingEnds() {
        String signs = "<>()[]:;@\\,\". \tab\u00e4\u0000\r\n";
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder value = new StringBuilder();
            int length = random.nextInt(30);
            for (int j = 0; j < length; j++) {
                value.append(signs.charAt(random.nextInt(signs.length())));
            }
            List<Address> addresses = AddressParser.parse(HeaderLexer.latin1(value.toString()));
            assertThat(addresses.size()).as(value.toString()).isLessThanOrEqualTo(2 * length + 2);
        }
    }
}
