package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** By what a monitor reads without asking. */
class LeaseTest {
    private final Lease lease = new Lease(QuorumTiming.DEFAULT, 0);

    @Test
    void ofALeaderItEndsWithItsQuorum() {
        long round = lease.ask(100);
        assertThat(lease.onPromise("b", round, 150, new TreeSet<>(List.of("a", "b"))))
                .isTrue();
        assertThat(lease.isValid(200)).isTrue();
        lease.leave();
        assertThat(lease.isValid(200)).isFalse();
    }

    @Test
    void ofAPeonItEndsWithItsQuorum() {
        lease.hold(100, 1000);
        assertThat(lease.isValid(200)).isTrue();
        lease.leave();
        assertThat(lease.isValid(200)).isFalse();
    }
}
