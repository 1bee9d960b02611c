package io.roost.mailstore.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who guesses waits, and nobody else. */
class LoginPenaltiesTest {
    private final List<String> told = new ArrayList<>();
    private long nanos = 12_345;
    private final LoginPenalties penalties =
            new LoginPenalties(Duration.ofSeconds(2), () -> nanos, key -> told.add(key));

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void eachFailureDoublesTheWaitUpToABound() {
        for (int seconds : new int[] {2, 4, 8, 16, 32, 32, 32}) {
            assertThat(penalties.failed("192.0.2.1")).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(penalties.wait("192.0.2.1")).isEqualTo(Duration.ofSeconds(seconds));
            pass(Duration.ofSeconds(seconds));
            assertThat(penalties.wait("192.0.2.1")).isZero();
        }
        assertThat(penalties.wait("192.0.2.2")).isZero();
    }

    @Test
    void guessesAtTheSameTimeWaitOneAfterTheOther() {
        assertThat(penalties.failed("192.0.2.1")).isEqualTo(Duration.ofSeconds(2));
        assertThat(penalties.failed("192.0.2.1")).isEqualTo(Duration.ofSeconds(6));
        assertThat(penalties.failed("192.0.2.1")).isEqualTo(Duration.ofSeconds(14));
        assertThat(penalties.failed("192.0.2.1")).isEqualTo(Duration.ofSeconds(30));
        for (int i = 0; i < 100; i++) {
            assertThat(penalties.failed("192.0.2.1")).isEqualTo(Duration.ofSeconds(32));
        }
    }

    @Test
    void failuresAreForgottenOneByOne() {
        penalties.failed("192.0.2.1");
        penalties.failed("192.0.2.1");
        pass(Duration.ofMinutes(1));
        assertThat(penalties.failed("192.0.2.1")).isEqualTo(Duration.ofSeconds(4));
        pass(Duration.ofMinutes(10));
        assertThat(penalties.failed("192.0.2.1")).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whatFailsOnAnotherNodeCountsHere() {
        penalties.heard("192.0.2.1");
        penalties.heard("192.0.2.1");
        assertThat(penalties.wait("192.0.2.1")).isEqualTo(Duration.ofSeconds(6));
        assertThat(told).as("who hears does not tell").isEmpty();
        penalties.failed("192.0.2.1");
        assertThat(told).containsExactly("192.0.2.1");
    }

    @Test
    void aHostHasOneNetworkOfIpv6() {
        String network = LoginPenalties.network("2001:db8:1:2:3:4:5:6");
        assertThat(LoginPenalties.network("2001:db8:1:2:ffff::1")).isEqualTo(network);
        assertThat(LoginPenalties.network("2001:db8:1:2::")).isEqualTo(network);
        assertThat(LoginPenalties.network("2001:db8:1:3:3:4:5:6")).isNotEqualTo(network);
        assertThat(LoginPenalties.network("2001:db8:1::2")).isNotEqualTo(network);
        assertThat(LoginPenalties.network("fe80::1%eth0")).isEqualTo(LoginPenalties.network("fe80::2"));
        assertThat(LoginPenalties.network("::1")).isEqualTo(LoginPenalties.network("::2"));
        assertThat(LoginPenalties.network("192.0.2.1")).isNotEqualTo(LoginPenalties.network("192.0.2.2"));
    }

    @Test
    void aFloodOfAddressesTakesNoMoreMemory() {
        penalties.failed("192.0.2.1");
        for (int i = 0; i < 10_000; i++) {
            penalties.failed("10.0." + (i >> 8) + "." + (i & 0xff));
        }
        assertThat(penalties.wait("192.0.2.1")).as("the oldest is forgotten").isZero();
        assertThat(penalties.wait("10.0.0.1")).isPositive();
    }
}
