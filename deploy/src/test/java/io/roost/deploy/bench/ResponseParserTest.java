package io.roost.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseParserTest {
    private static final String PLAIN = "HTTP/1.1 200 OK\r\nx-amz-request-id: 1\r\nCONTENT-LENGTH: 5\r\n\r\nhello";
    private static final String CHUNKED = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Transfer-Encoding: chunked",
            "",
            "3",
            "abc",
            "1A;x=y",
            "abcdefghijklmnopqrstuvwxyz",
            "0",
            "x-trailer: 1",
            "",
            "");

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void readsResponsesCutAnywhere() {
        for (String response : new String[] {PLAIN, CHUNKED}) {
            for (int cut = 0; cut <= response.length(); cut++) {
                ResponseParser parser = new ResponseParser();
                parser.begin(Operation.GET);
                boolean early = parser.feed(bytes(response.substring(0, cut)));
                assertThat(early).isEqualTo(cut == response.length());
                if (!early) {
                    assertThat(parser.feed(bytes(response.substring(cut)))).isTrue();
                }
                assertThat(parser.status()).isEqualTo(200);
                assertThat(parser.bodyBytes()).isEqualTo(response.equals(PLAIN) ? 5 : 29);
            }
        }
    }

    @Test
    void leavesTheNextResponseInTheBuffer() {
        ResponseParser parser = new ResponseParser();
        ByteBuf both = bytes(PLAIN + CHUNKED);
        parser.begin(Operation.GET);
        assertThat(parser.feed(both)).isTrue();
        assertThat(both.readableBytes()).isEqualTo(CHUNKED.length());
        parser.begin(Operation.GET);
        assertThat(parser.feed(both)).isTrue();
        assertThat(parser.bodyBytes()).isEqualTo(29);
    }

    @Test
    void aHeadsAnswerHasALengthAndNoBody() {
        ResponseParser parser = new ResponseParser();
        parser.begin(Operation.HEAD);
        assertThat(parser.feed(bytes("HTTP/1.1 200 OK\r\ncontent-length: 4096\r\n\r\n")))
                .isTrue();
        assertThat(parser.bodyBytes()).isEqualTo(4096);
    }

    @Test
    void noContentHasNoBody() {
        ResponseParser parser = new ResponseParser();
        parser.begin(Operation.GET);
        assertThat(parser.feed(bytes("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")))
                .isTrue();
        assertThat(parser.isClosing()).isTrue();
    }

    @Test
    void passesOverContinue() {
        ResponseParser parser = new ResponseParser();
        parser.begin(Operation.GET);
        assertThat(parser.feed(bytes("HTTP/1.1 100 Continue\r\n\r\n" + PLAIN))).isTrue();
        assertThat(parser.status()).isEqualTo(200);
    }

    @Test
    void findsTheCodeOfAnError() {
        String document = "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>later</Message></Error>";
        ResponseParser parser = new ResponseParser();
        parser.begin(Operation.GET);
        parser.feed(bytes("HTTP/1.1 503 Slow Down\r\nContent-Length: " + document.length() + "\r\n\r\n" + document));
        assertThat(parser.errorCode()).isEqualTo("SlowDown");
        parser.begin(Operation.GET);
        parser.feed(bytes("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"));
        assertThat(parser.errorCode()).isEqualTo("HTTP 502");
    }

    @Test
    void countsTheKeysAndCommonPrefixesOfAListingCutAnywhere() {
        String document =
                "<ListBucketResult><Prefix>a/</Prefix><KeyMarker>k</KeyMarker><Contents><Key>a/1</Key></Contents>"
                        + "<Contents><Key>a/2</Key></Contents><CommonPrefixes><Prefix>a/b/</Prefix></CommonPrefixes>"
                        + "</ListBucketResult>";
        String response = "HTTP/1.1 200 OK\r\nContent-Length: " + document.length() + "\r\n\r\n" + document;
        for (int cut = 1; cut < response.length(); cut++) {
            ResponseParser parser = new ResponseParser();
            for (int times = 0; times < 2; times++) {
                parser.begin(Operation.LIST);
                parser.feed(bytes(response.substring(0, cut)));
                assertThat(parser.feed(bytes(response.substring(cut)))).isTrue();
                assertThat(parser.entries()).isEqualTo(3);
                assertThat(parser.bodyBytes()).isEqualTo(document.length());
            }
        }
    }

    @Test
    void refusesWhatIsNotHttp() {
        ResponseParser parser = new ResponseParser();
        parser.begin(Operation.GET);
        assertThatThrownBy(() -> parser.feed(bytes("SSH-2.0-OpenSSH_9.2\r\n")))
                .isInstanceOf(ResponseParser.MalformedResponseException.class);
        parser.begin(Operation.GET);
        assertThatThrownBy(() -> parser.feed(bytes("HTTP/1.1 200 OK\r\n\r\n")))
                .isInstanceOf(ResponseParser.MalformedResponseException.class);
    }
}
