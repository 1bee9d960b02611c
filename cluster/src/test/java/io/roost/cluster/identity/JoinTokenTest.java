package io.roost.cluster.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinTokenTest {
    private static final Bytes FINGERPRINT = Bytes.hex("0123456789abcdef".repeat(4));
    private static final List<NodeAddress> MONITORS =
            List.of(new NodeAddress("10.0.0.1", 9441, 0), new NodeAddress("mon-b.example", 9442, 0));

    /** The text of a token as released. */
    private static final String RELEASED =
            "roost-join-AQEAAABkAAAAAGkp2DABI0VniavN7wEjRWeJq83vASNFZ4mrze8BI0VniavN7_7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-"
                    + "_v7-AggxMC4wLjAuMSThDW1vbi1iLmV4YW1wbGUk4tF9D7w";

    @Test
    void aTokenReadsAsItIsWritten() {
        Instant now = Instant.parse("2026-11-28T12:00:00.5Z");
        JoinToken token = JoinToken.create(MONITORS, FINGERPRINT, now, new SecureRandom());
        assertThat(JoinToken.parse(token.text())).isEqualTo(token);
        assertThat(token.expires()).isEqualTo(Instant.parse("2026-11-28T13:00:00Z"));
        assertThat(token.text()).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void aTokenIsWrittenAsReleased() {
        JoinToken token =
                new JoinToken(MONITORS, FINGERPRINT, Bytes.hex("fe".repeat(32)), Instant.ofEpochSecond(1_764_350_000));
        assertThat(token.text()).isEqualTo(RELEASED);
        assertThat(JoinToken.parse(RELEASED)).isEqualTo(token);
    }

    @Test
    void noTwoSecretsAreAlike() {
        Instant now = Instant.EPOCH;
        SecureRandom random = new SecureRandom();
        JoinToken one = JoinToken.create(MONITORS, FINGERPRINT, now, random);
        JoinToken other = JoinToken.create(MONITORS, FINGERPRINT, now, random);
        assertThat(one.secret()).isNotEqualTo(other.secret());
        assertThat(one.secretHash())
                .isEqualTo(JoinToken.hash(one.secret()))
                .isNotEqualTo(other.secretHash())
                .isNotEqualTo(one.secret());
    }

    @Test
    void aTokenThatLostACharacterIsRefused() {
        for (int i = 0; i < RELEASED.length(); i++) {
            String without = RELEASED.substring(0, i) + RELEASED.substring(i + 1);
            char other = RELEASED.charAt(i) == 'A' ? 'B' : 'A';
            String changed = RELEASED.substring(0, i) + other + RELEASED.substring(i + 1);
            String cut = RELEASED.substring(0, i);
            for (String text : List.of(without, changed, cut)) {
                assertThatThrownBy(() -> JoinToken.parse(text))
                        .as("%s", text)
                        .isInstanceOf(MalformedBytesException.class);
            }
        }
    }

    @Test
    void theSecretIsInNoLog() {
        JoinToken token = JoinToken.create(MONITORS, FINGERPRINT, Instant.EPOCH, new SecureRandom());
        assertThat(token.toString()).doesNotContain(token.secret().hex(), token.text());
    }
}
