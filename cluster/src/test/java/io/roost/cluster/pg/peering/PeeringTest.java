package io.roost.cluster.pg.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.PgInterval;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeeringTest {
    private static final Path TRANSCRIPTS = Path.of("src/test/resources/transcripts/peering");

    private PeeringCluster cluster = new PeeringCluster(4);

    private void checkTranscript(String name) throws IOException {
        Path file = TRANSCRIPTS.resolve(name);
        if ("write".equals(System.getProperty("roost.golden")) && !Files.exists(file)) {
            Files.createDirectories(TRANSCRIPTS);
            Files.writeString(file, cluster.transcript);
        }
        assertThat(cluster.transcript.toString()).as("transcript %s", file).isEqualTo(Files.readString(file));
    }

    private PeeringPhase phase(int osd) {
        return cluster.peering(osd).phase();
    }

    private MissingItem missing(int osd, String name) {
        return cluster.osd(osd).copy.missing().item(cluster.key(Bytes.utf8(name)));
    }

    @Test
    void newPlacementGroupGoesActiveWhenTheMonitorsHaveNotedItsPrimary() {
        cluster.deliver();
        assertThat(phase(0)).isEqualTo(PeeringPhase.WAIT_UP_THRU);
        assertThat(cluster.osd(0).wantedUpThru).isEqualTo(2);
        cluster.settle();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVE);
        assertThat(phase(1)).isEqualTo(PeeringPhase.REPLICA_ACTIVE);
        assertThat(cluster.osd(0).copy.history().lastEpochStarted()).isEqualTo(3);
        assertThat(cluster.osd(1).copy.history().lastEpochStarted()).isEqualTo(3);
    }

    /** S1, as peering.rst tells it: B cannot know whether A alone took writes, unless the map says so. */
    @Test
    void intervalWithoutUpThruNeedNotBeHeard() throws IOException {
        cluster = new PeeringCluster(2, 2, 1);
        cluster.settle();
        cluster.put(0, "x", 0, 1);
        // A is alone for a moment, but the monitors never hear that it is alive in that interval.
        cluster.osd(1).crash();
        cluster.lose(cluster.osd(1));
        cluster.make(cluster.down(1));
        cluster.osd(0).crash();
        cluster.make(cluster.down(0));
        cluster.start(1);
        cluster.settle();
        assertThat(phase(1)).isEqualTo(PeeringPhase.ACTIVE);
        checkTranscript("up-thru.txt");
    }

    @Test
    void intervalWithUpThruMustBeHeard() {
        cluster = new PeeringCluster(2, 2, 1);
        cluster.settle();
        cluster.stop(1);
        cluster.settle();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVE);
        cluster.put(0, "x", 0);
        cluster.stop(0);
        cluster.start(1);
        cluster.settle();
        assertThat(phase(1)).isEqualTo(PeeringPhase.DOWN);
        cluster.start(0);
        cluster.settle();
        cluster.recover();
        cluster.settle();
        cluster.checkClean();
        assertThat(cluster.osd(1).entries).hasSize(1);
    }

    @Test
    void whoIsDeclaredLostNeedNotBeHeard() {
        cluster = new PeeringCluster(2, 2, 1);
        cluster.settle();
        cluster.stop(1);
        cluster.settle();
        cluster.stop(0);
        cluster.start(1);
        cluster.settle();
        assertThat(phase(1)).isEqualTo(PeeringPhase.DOWN);
        cluster.change(new OsdMapChange.RemoveOsd(0));
        cluster.settle();
        assertThat(phase(1)).isEqualTo(PeeringPhase.ACTIVE);
    }

    /** S3: a write that only the old primary has is taken back when the others have gone on without it. */
    @Test
    void divergentEntryIsTakenBack() throws IOException {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        cluster.put(0, "x", 0);
        cluster.stop(0);
        cluster.settle();
        assertThat(phase(1)).isEqualTo(PeeringPhase.ACTIVE);
        cluster.put(1, "y", 1, 2);
        cluster.start(0);
        cluster.settle();
        assertThat(cluster.osd(0).copy.log().head().epoch())
                .isEqualTo(cluster.osd(1).copy.log().head().epoch());
        assertThat(missing(0, "x").wanted()).isEqualTo(MissingItem.Wanted.PRESENT);
        assertThat(missing(0, "x").have()).isEqualTo(ObjectVersion.NONE);
        assertThat(missing(0, "y")).isNotNull();
        cluster.recover();
        cluster.settle();
        cluster.checkClean();
        checkTranscript("divergent-entry.txt");
    }

    /** S4: what a divergent entry made must not exist, and what it removed must. */
    @Test
    void divergentCreationAndRemovalAreTakenBack() {
        cluster.settle();
        cluster.put(0, "old", 0, 1, 2);
        cluster.put(0, "new", 0);
        cluster.write(0, "old", LogEntry.Kind.DELETE, 0);
        cluster.stop(0);
        cluster.settle();
        cluster.put(1, "y", 1, 2);
        cluster.start(0);
        cluster.settle();
        assertThat(missing(0, "new").wanted()).isEqualTo(MissingItem.Wanted.ABSENT);
        assertThat(missing(0, "old").wanted()).isEqualTo(MissingItem.Wanted.PRESENT);
        cluster.recover();
        cluster.settle();
        cluster.checkClean();
        assertThat(cluster.osd(0).entries).hasSize(2);
    }

    /** Nobody told the client, but a reader of the one that has it may have seen it: it stays. */
    @Test
    void newestWriteOfASurvivorIsKept() {
        cluster.settle();
        cluster.put(0, "x", 0, 1);
        cluster.stop(0);
        cluster.settle();
        assertThat(phase(1)).isEqualTo(PeeringPhase.ACTIVE);
        assertThat(cluster.osd(1).activation.peers().get(2).missing().size()).isEqualTo(1);
        assertThat(missing(2, "x")).isNotNull();
        cluster.recover();
        cluster.settle();
        assertThat(cluster.osd(2).entries).isEqualTo(cluster.osd(1).entries).hasSize(1);
    }

    @Test
    void replicaThatWasAwayGetsTheLogAndKnowsWhatItMisses() {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        cluster.stop(2);
        cluster.settle();
        cluster.put(0, "x", 0, 1);
        cluster.put(0, "y", 0, 1);
        cluster.start(2);
        cluster.settle();
        assertThat(cluster.osd(2).copy.missing().size()).isEqualTo(2);
        assertThat(cluster.osd(0).activation.peers().get(2).missing())
                .isEqualTo(cluster.osd(2).copy.missing());
        cluster.recover();
        cluster.settle();
        cluster.checkClean();
        assertThat(cluster.osd(1).copy.history().lastEpochClean()).isGreaterThan(2);
        assertThat(cluster.osd(1).copy.pastIntervals()).isEmpty();
    }

    /** Also over a crash between peering and recovery: what is missing is on disk. */
    @Test
    void whatIsMissingIsKnownAfterARestart() {
        cluster.settle();
        cluster.stop(2);
        cluster.settle();
        cluster.put(0, "x", 0, 1);
        cluster.start(2);
        cluster.settle();
        assertThat(missing(2, "x")).isNotNull();
        cluster.stop(2);
        cluster.settle();
        cluster.start(2);
        cluster.settle();
        assertThat(missing(2, "x")).isNotNull();
        assertThat(cluster.osd(0).activation.peers().get(2).missing().size()).isEqualTo(1);
    }

    /** A log that does not reach back that far: others act while it is filled. */
    @Test
    void whoIsTooFarBehindIsFilledWhileOthersServe() throws IOException {
        fallBehind();
        assertThat(cluster.newest().acting(PeeringCluster.PG)).containsExactly(0, 1);
        assertThat(cluster.osd(0).activation.peers().get(2).lastBackfill()).isEqualTo(Bytes.EMPTY);
        assertThat(cluster.osd(2).copy.info().isComplete()).isFalse();
        // The filling is interrupted half-way, and goes on from there.
        Bytes half = cluster.key(Bytes.utf8("k2"));
        cluster.osd(2).copy.backfilled(half);
        cluster.osd(2).write(cluster.osd(2).copy.rows());
        cluster.stop(2);
        cluster.settle();
        cluster.put(0, "k1", 0, 1);
        cluster.put(0, "k9", 0, 1);
        cluster.start(2);
        cluster.settle();
        Activation.Peer peer = cluster.osd(0).activation.peers().get(2);
        assertThat(peer.lastBackfill()).isEqualTo(half);
        assertThat(peer.missing().items().keySet()).containsExactly(cluster.key(Bytes.utf8("k1")));
        cluster.recover();
        cluster.settle();
        assertThat(cluster.newest().acting(PeeringCluster.PG)).containsExactly(0, 1, 2);
        cluster.recover();
        cluster.settle();
        cluster.checkClean();
        checkTranscript("interrupted-backfill.txt");
    }

    private void fallBehind() {
        cluster.settle();
        cluster.stop(2);
        cluster.settle();
        for (int i = 0; i < 8; i++) {
            cluster.put(0, "k" + i, 0, 1);
        }
        cluster.osd(0).trim(2);
        cluster.osd(1).trim(2);
        cluster.start(2);
        cluster.settle();
    }

    /** S9: a half-filled copy is nobody's source, not even when it is the only one left. */
    @Test
    void halfFilledCopyNeverServes() {
        fallBehind();
        cluster.stop(0);
        cluster.stop(1);
        cluster.settle();
        assertThat(phase(2)).isIn(PeeringPhase.DOWN, PeeringPhase.INCOMPLETE);
        cluster.start(1);
        cluster.settle();
        assertThat(phase(1)).isEqualTo(PeeringPhase.ACTIVE);
        assertThat(cluster.newest().acting(PeeringCluster.PG)).containsExactly(1);
        cluster.recover();
        cluster.settle();
        cluster.recover();
        cluster.settle();
        assertThat(cluster.osd(2).entries).isEqualTo(cluster.osd(1).entries);
    }

    /** With fewer than min_size it recovers, and records no start. */
    @Test
    void tooFewDoNotStart() {
        cluster.settle();
        int started = cluster.osd(0).copy.history().lastEpochStarted();
        cluster.stop(1);
        cluster.stop(2);
        cluster.settle();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVE);
        assertThat(cluster.osd(0).copy.history().lastEpochStarted()).isEqualTo(started);
    }

    @Test
    void newOsdHearsOfThePlacementGroupAndIsFilled() {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        cluster.change(new OsdMapChange.SetUpmap(PeeringCluster.PG, List.of(3, 1, 2)));
        cluster.settle();
        assertThat(cluster.newest().primary(PeeringCluster.PG)).isNotEqualTo(3);
        cluster.recover();
        cluster.settle();
        assertThat(cluster.newest().acting(PeeringCluster.PG)).containsExactly(3, 1, 2);
        assertThat(phase(3)).isEqualTo(PeeringPhase.ACTIVE);
        cluster.recover();
        cluster.settle();
        cluster.checkClean();
        assertThat(cluster.osd(0).peering)
                .as("the copy that is not needed any more")
                .isNull();
    }

    /** S11: an OSD that was away while maps were dropped proves nothing. */
    @Test
    void whoHasMissedMapsThatAreGoneIsFilledAnew() {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        cluster.stop(2);
        cluster.settle();
        cluster.recover();
        cluster.change(new OsdMapChange.SetUpmap(PeeringCluster.PG, List.of(0, 1, 3)));
        cluster.settle();
        cluster.recover();
        cluster.settle();
        cluster.recover();
        cluster.settle();
        cluster.dropMaps(cluster.newest().epoch());
        cluster.change(new OsdMapChange.SetUpmap(PeeringCluster.PG, List.of(0, 1, 2)));
        cluster.start(2);
        cluster.settle();
        assertThat(cluster.osd(2).copy.info().lastBackfill()).isEqualTo(Bytes.EMPTY);
        cluster.recover();
        cluster.settle();
        cluster.recover();
        cluster.settle();
        cluster.checkClean();
    }

    /** Who is told to take part by a map that it cannot have any more is told again by a newer one. */
    @Test
    void whoCannotFollowToItsActivationIsToldAgain() {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        cluster.change(new OsdMapChange.SetUpmap(PeeringCluster.PG, List.of(0, 1, 3)));
        cluster.deliver();
        untilActivating();
        cluster.change();
        cluster.dropMaps(cluster.newest().epoch());
        cluster.settle();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVE);
        assertThat(phase(3)).isEqualTo(PeeringPhase.REPLICA_ACTIVE);
        assertThat(cluster.peering(3).sameIntervalSince())
                .isEqualTo(cluster.peering(0).sameIntervalSince());
        recoverAll();
    }

    private void untilActivating() {
        while (phase(0) != PeeringPhase.WAIT_UP_THRU) {
            cluster.change(cluster.wanted().toArray(new OsdMapChange[0]));
            cluster.deliver();
        }
        cluster.change(cluster.wanted().toArray(new OsdMapChange[0]));
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVATING);
    }

    /** Two maps come, of which an OSD gets the second one only. */
    private void skip(int osd) {
        cluster.make();
        cluster.osds.values().stream().filter(other -> other.id != osd).forEach(other -> other.onMap(cluster.newest()));
        cluster.dropMaps(cluster.newest().epoch() + 1);
        cluster.change();
    }

    private void recoverAll() {
        cluster.recover();
        cluster.settle();
        cluster.recover();
        cluster.settle();
        cluster.checkClean();
    }

    /** Who was to act and is told so by a map that it cannot have any more proves nothing: others act, and it is filled. */
    @Test
    void whoWasToActAndCannotFollowIsFilled() {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        cluster.change(new OsdMapChange.SetUpmap(PeeringCluster.PG, List.of(0, 2, 1)));
        cluster.deliver();
        untilActivating();
        skip(2);
        cluster.settle();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVE);
        assertThat(cluster.newest().acting(PeeringCluster.PG)).containsExactly(0, 1);
        assertThat(phase(2)).isEqualTo(PeeringPhase.REPLICA_ACTIVE);
        recoverAll();
    }

    /** The same when it was being filled: that begins anew. */
    @Test
    void whoWasBeingFilledAndCannotFollowIsFilledAnew() {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        cluster.change(new OsdMapChange.SetUpmap(PeeringCluster.PG, List.of(0, 1, 3)));
        cluster.settle();
        PeeringOsd filled = cluster.osd(3);
        filled.copy.backfilled(cluster.key(Bytes.utf8("a")));
        filled.write(filled.copy.rows());
        cluster.change(new OsdMapChange.SetUpmap(PeeringCluster.PG, List.of(0, 3, 1)));
        cluster.deliver();
        untilActivating();
        skip(3);
        cluster.settle();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVE);
        assertThat(filled.copy.info().lastBackfill()).isEqualTo(Bytes.EMPTY);
        assertThat(phase(3)).isEqualTo(PeeringPhase.REPLICA_ACTIVE);
        recoverAll();
    }

    @Test
    void whatABrokenConnectionLostIsSaidAgain() {
        cluster.lose(cluster.osd(1));
        cluster.deliver();
        assertThat(phase(0)).isEqualTo(PeeringPhase.GET_INFO);
        reset();
        cluster.deliver();
        assertThat(phase(0)).isEqualTo(PeeringPhase.WAIT_UP_THRU);
        cluster.change(cluster.wanted().toArray(new OsdMapChange[0]));
        cluster.lose(cluster.osd(1));
        cluster.deliver();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVATING);
        reset();
        cluster.deliver();
        assertThat(phase(0)).isEqualTo(PeeringPhase.ACTIVE);
    }

    private void reset() {
        cluster.peering(0).onReset(1, cluster.osd(0));
        cluster.peering(1).onReset(0, cluster.osd(1));
    }

    /** A prior OSD that the primary waits for goes down without being in the acting set: it must not wait for ever. */
    @Test
    void whomThePrimaryAskedAndWentDownIsNotWaitedFor() {
        cluster.settle();
        cluster.put(0, "x", 0, 1, 2);
        cluster.change(new OsdMapChange.SetUpmap(PeeringCluster.PG, List.of(1, 2, 3)));
        // The question to osd.0 is lost with it.
        cluster.osd(0).crash();
        cluster.lose(cluster.osd(0));
        cluster.change(cluster.down(0));
        cluster.settle();
        assertThat(phase(cluster.newest().primary(PeeringCluster.PG))).isEqualTo(PeeringPhase.ACTIVE);
    }

    @Test
    void copyOnDiskIsReadAsItWasWritten() {
        fallBehind();
        PgInfo before = cluster.osd(0).copy.info();
        List<PgInterval> intervals = cluster.osd(0).copy.pastIntervals();
        cluster.osd(0).crash();
        cluster.osd(0).restart();
        assertThat(cluster.osd(0).copy.info()).isEqualTo(before);
        assertThat(cluster.osd(0).copy.pastIntervals()).isEqualTo(intervals);
    }
}
