package io.roost.cluster.pg.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What takes several things in turn, so that chance rarely brings it about: each finds one of {@link PeeringBugs}. */
class PeeringScenarioTest {
    private PeeringCluster cluster = new PeeringCluster(4);

    private PeeringPhase phase(int osd) {
        return cluster.peering(osd).phase();
    }

    private void deliverUntil(BooleanSupplier isEnough) {
        while (!isEnough.getAsBoolean()) {
            cluster.deliveries.remove().arrive().run();
        }
    }

    private void move(Integer... osds) {
        cluster.change(new OsdMapChange.SetUpmap(PeeringCluster.PG, List.of(osds)));
    }

    /** One who does not act now and was alone in an interval comes back: that it is up changes no interval. */
    @Test
    void whoReturnsIsAskedAlthoughTheIntervalGoesOn() {
        cluster = new PeeringCluster(3, 2, 1);
        cluster.settle();
        cluster.stop(1);
        cluster.deliver();
        cluster.change(cluster.wanted().toArray(new OsdMapChange[0]));
        assertThat(phase(0)).as("writes may be taken any moment").isEqualTo(PeeringPhase.ACTIVATING);
        cluster.stop(0);
        cluster.start(1);
        move(1, 2);
        cluster.settle();
        assertThat(phase(1)).isEqualTo(PeeringPhase.DOWN);
        cluster.start(0);
        cluster.settle();
        assertThat(phase(cluster.newest().primary(PeeringCluster.PG))).isEqualTo(PeeringPhase.ACTIVE);
    }

    /** The word that all have recorded a start is lost with the primary; one of them tells of it all the same. */
    @Test
    void aStartCountsAsSoonAsOneHasRecordedIt() {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        cluster.put(0, "y", 2);
        cluster.stop(2);
        deliverUntil(() -> cluster.deliveries.isEmpty());
        cluster.change(cluster.wanted().toArray(new OsdMapChange[0]));
        deliverUntil(() -> cluster.osd(0).isActive());
        ObjectVersion head = cluster.osd(0).copy.log().head();
        cluster.stop(0);
        assertThat(cluster.osd(1).copy.history().lastEpochStarted())
                .as("it knows of the start from itself only")
                .isLessThan(cluster.osd(1).copy.info().lastEpochStarted());
        cluster.start(2);
        cluster.settle();
        assertThat(cluster.osd(2).copy.log().head()).as("y was taken back").isEqualTo(head);
    }

    @Test
    void logsThatDoNotMeetAreNotMerged() {
        List<LogEntry> authority = List.of(entry(4, 8));
        ObjectVersion since = new ObjectVersion(4, 7);
        assertThat(LogMerge.of(List.of(entry(4, 7)), new ObjectVersion(4, 6), authority, since))
                .hasValue(new LogMerge(since, List.of(), authority));
        assertThat(LogMerge.of(List.of(entry(3, 5)), new ObjectVersion(3, 4), authority, since))
                .as("what is between was not read")
                .isEmpty();
    }

    private static LogEntry entry(int epoch, long version) {
        return new LogEntry(
                new ObjectVersion(epoch, version),
                new RequestId(1, 1, version),
                Bytes.utf8("l"),
                new LogEntry.Answer.Reply(0, Bytes.EMPTY),
                List.of());
    }

    /** Of one that was down in between, and may have begun its copy anew. */
    @Test
    void anAnswerToAnEarlierPeeringIsNotBelieved() {
        cluster.settle();
        move(0, 1, 3);
        cluster.lose(cluster.osd(2));
        cluster.osd(2).crash();
        cluster.make(cluster.down(2));
        int asked = cluster.peering(0).sameIntervalSince();
        PeeringMessage.Notify before = new PeeringMessage.Notify(
                PeeringCluster.PG, asked, asked, cluster.osd(0).copy.info(), List.of());
        cluster.osd(0).onMap(cluster.newest());
        cluster.make(cluster.up(2));
        cluster.osd(0).onMap(cluster.newest());
        deliverUntil(() -> cluster.deliveries.isEmpty());
        assertThat(phase(0)).as("osd.2 has not answered").isEqualTo(PeeringPhase.GET_INFO);
        cluster.peering(0).onMessage(2, before, cluster.osd(0));
        assertThat(phase(0)).isEqualTo(PeeringPhase.GET_INFO);
    }

    /** It may be the only one that has what others still miss. */
    @Test
    void strayIsKeptUntilAllIsClean() {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        cluster.stop(2);
        move(0, 1, 3);
        cluster.settle();
        cluster.recover();
        cluster.settle();
        cluster.recover();
        cluster.settle();
        cluster.stop(3);
        cluster.settle();
        cluster.put(0, "y", 0, 1);
        cluster.start(3);
        cluster.settle();
        assertThat(cluster.osd(3).copy.missing().size()).isEqualTo(1);
        cluster.start(2);
        cluster.settle();
        assertThat(cluster.osd(2).copy).as("not all is clean").isNotNull();
        cluster.recover();
        cluster.settle();
        assertThat(cluster.osd(2).copy).isNull();
    }

    /** A stray is chosen to act, and goes down before the monitors have heard of that. */
    @Test
    void whomThePrimaryHasChosenMayBeGone() {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        move(0, 1, 3);
        cluster.settle();
        cluster.recover();
        cluster.settle();
        assertThat(cluster.newest().acting(PeeringCluster.PG)).containsExactly(0, 1, 3);
        cluster.stop(3);
        List<PeeringCluster.Delivery> ofStray = cluster.deliveries.stream()
                .filter(delivery -> delivery.from() == cluster.osd(2))
                .toList();
        cluster.deliveries.removeAll(ofStray);
        ofStray.forEach(delivery -> delivery.arrive().run());
        cluster.deliver();
        assertThat(phase(0)).as("osd.2 is to act").isEqualTo(PeeringPhase.WAIT_ACTING_CHANGE);
        cluster.stop(2);
        cluster.settle();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVE);
    }

    @Test
    void fewerThanThereShouldBeAreNotClean() {
        cluster.settle();
        int clean = cluster.osd(0).copy.history().lastEpochClean();
        cluster.stop(2);
        cluster.settle();
        cluster.recover();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVE);
        assertThat(cluster.peering(0).isClean()).isFalse();
        assertThat(cluster.osd(0).copy.history().lastEpochClean()).isEqualTo(clean);
    }

    @Test
    void anActivationOfAnEndedIntervalIsVoid() {
        deliverUntil(() -> cluster.deliveries.isEmpty());
        cluster.change(cluster.wanted().toArray(new OsdMapChange[0]));
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVATING);
        List<PeeringCluster.Delivery> old = List.copyOf(cluster.deliveries);
        cluster.deliveries.clear();
        cluster.osd(2).crash();
        cluster.change(cluster.down(2));
        old.stream()
                .filter(delivery -> delivery.to() == cluster.osd(1))
                .forEach(delivery -> delivery.arrive().run());
        assertThat(phase(1)).isEqualTo(PeeringPhase.STRAY);
    }

    /** The primary has asked twice, for a connection broke; writes have followed the first. */
    @Test
    void anActivationThatComesAgainChangesNothing() {
        deliverUntil(() -> cluster.deliveries.isEmpty());
        cluster.change(cluster.wanted().toArray(new OsdMapChange[0]));
        cluster.peering(0).onReset(1, cluster.osd(0));
        PeeringCluster.Delivery again = cluster.deliveries.removeLast();
        deliverUntil(() -> cluster.osd(0).isActive());
        LogEntry x = cluster.put(0, "x", 0, 1, 2);
        again.arrive().run();
        cluster.deliver();
        assertThat(phase(1)).isEqualTo(PeeringPhase.REPLICA_ACTIVE);
        assertThat(cluster.osd(1).copy.log().head()).isEqualTo(x.version());
        cluster.checkClean();
    }

    /** Only the replica hears that the connection broke before the primary asks again. */
    @Test
    void replicaSaysAgainThatItHasRecordedTheStart() {
        deliverUntil(() -> cluster.deliveries.isEmpty());
        cluster.change(cluster.wanted().toArray(new OsdMapChange[0]));
        deliverUntil(() -> phase(1) == PeeringPhase.REPLICA_ACTIVE);
        cluster.lose(cluster.osd(1));
        cluster.deliver();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVATING);
        cluster.peering(1).onReset(0, cluster.osd(1));
        cluster.deliver();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVE);
    }

    /** Taken for dead for a moment, a stray keeps its place, and the primary has forgotten what it said. */
    @Test
    void whoComesUpTellsOfItsCopyAgain() {
        cluster.settle();
        move(0, 1, 3);
        cluster.settle();
        cluster.recover();
        cluster.settle();
        PeeringOsd stray = cluster.osd(2);
        assertThat(cluster.newest().acting(PeeringCluster.PG)).doesNotContain(2);
        cluster.make(cluster.down(2));
        stray.map = cluster.newest();
        stray.peering.onMap(stray.map, stray);
        cluster.make(cluster.up(2));
        stray.map = cluster.newest();
        stray.peering.onMap(stray.map, stray);
        assertThat(cluster.deliveries).extracting(PeeringCluster.Delivery::from).contains(stray);
    }
}
