package io.roost.mailstore.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom an address means, and what is put before a message. */
class LmtpDeliveryTest {
    @Test
    void anAddressMeansTheMostExactUser() {
        // RFC 5233 1: the detail of a sub-address.
        assertThat(Recipient.names("User+Lists@Example.org"))
                .containsExactly("user+lists@example.org", "user@example.org", "user+lists", "user");
        assertThat(Recipient.names("user")).containsExactly("user");
        assertThat(Recipient.names("+x@y")).containsExactly("+x@y", "+x");
        // RFC 5321 4.1.2: quotes are not part of the local part.
        assertThat(Recipient.names("\"a\\\"b\"@y")).containsExactly("a\"b@y", "a\"b");
        assertThat(Recipient.names("\"a b\"@y")).isEmpty();
    }

    @Test
    void theTraceIsPutBeforeTheMessage() {
        // RFC 5321 4.4.
        LmtpClient client = new LmtpClient("192.0.2.1", 25, "mx.example.org\r\nX: y", "LMTP", "", "");
        LmtpEnvelope envelope = new LmtpEnvelope(client, "s@example.org", List.of("r@example.org"), 0);
        assertThat(DeliveryHeader.of(envelope, "r@example.org", "mail", "id1", 1_800_000_000_000L)
                        .utf8())
                .isEqualTo(String.join(
                        "\r\n",
                        "Return-Path: <s@example.org>",
                        "Delivered-To: r@example.org",
                        "Received: from mx.example.orgX:y ([192.0.2.1])",
                        "\tby mail with LMTP id id1",
                        "\tfor <r@example.org>; Fri, 15 Jan 2027 08:00:00 +0000",
                        ""));
    }
}
