package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.message.ReadPromise;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private static final int SELF = 1;
    private static final int EARLIER = 2;
    private static final int OTHER = 3;

    private final Handover handover = new Handover();

    private static boolean nobody(int osd) {
        return false;
    }

    @Test
    void waitsForWhatOthersHavePromisedToAnEarlierPrimary() {
        handover.intervalBegins();
        handover.onHeard(OTHER, new ReadPromise(EARLIER, 400), 1000);
        assertThat(handover.isOver(SELF, HandoverTest::nobody, 1399)).isFalse();
        assertThat(handover.isOver(SELF, HandoverTest::nobody, 1400)).isTrue();
    }

    @Test
    void anEarlierPrimaryThatIsHeardReadsNoMore() {
        handover.promise(EARLIER, 900);
        handover.intervalBegins();
        handover.onHeard(OTHER, new ReadPromise(EARLIER, 400), 1000);
        assertThat(handover.isOver(SELF, HandoverTest::nobody, 1001)).isFalse();
        handover.onHeard(EARLIER, ReadPromise.NONE, 1001);
        assertThat(handover.isOver(SELF, HandoverTest::nobody, 1001)).isTrue();
    }

    @Test
    void anEarlierPrimaryWhoseProcessIsGoneReadsNoMore() {
        handover.promise(EARLIER, 900);
        handover.intervalBegins();
        handover.onHeard(OTHER, new ReadPromise(EARLIER, 400), 1000);
        assertThat(handover.isOver(SELF, osd -> osd == OTHER, 1001)).isFalse();
        assertThat(handover.isOver(SELF, osd -> osd == EARLIER, 1001)).isTrue();
    }

    @Test
    void itsOwnPromiseBindsItAndOneToItselfDoesNot() {
        handover.promise(EARLIER, 1000);
        handover.intervalBegins();
        assertThat(handover.left(1300)).isEqualTo(new ReadPromise(EARLIER, ReadLease.MILLIS - 300));
        assertThat(handover.isOver(SELF, HandoverTest::nobody, 1300)).isFalse();
        assertThat(handover.isOver(SELF, HandoverTest::nobody, 1000 + ReadLease.MILLIS))
                .isTrue();
        handover.intervalBegins();
        handover.onHeard(OTHER, new ReadPromise(SELF, 400), 5000);
        assertThat(handover.isOver(SELF, HandoverTest::nobody, 5001)).isTrue();
    }

    @Test
    void oneThatHasStartedMayHavePromisedAnything() {
        handover.begun(1000);
        handover.intervalBegins();
        handover.onHeard(EARLIER, ReadPromise.NONE, 1000);
        assertThat(handover.isOver(SELF, HandoverTest::nobody, 1001)).isFalse();
        assertThat(handover.isOver(SELF, HandoverTest::nobody, 1000 + ReadLease.MILLIS))
                .isTrue();
    }
}
