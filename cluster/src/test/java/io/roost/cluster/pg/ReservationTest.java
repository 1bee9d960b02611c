package io.roost.cluster.pg;

import static io.roost.cluster.message.ReservationMessage.Reason.TAKEN_BACK;
import static io.roost.cluster.message.ReservationMessage.Reason.TOO_FULL;
import static io.roost.cluster.message.ReservationMessage.Work.BACKFILL;
import static io.roost.cluster.message.ReservationMessage.Work.RECOVERY;
import static io.roost.cluster.message.ReservationMessage.Work.SCRUB;
import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.FullRatios;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReservationMessage;
import io.roost.cluster.message.ReservationMessage.Granted;
import io.roost.cluster.message.ReservationMessage.Refused;
import io.roost.cluster.message.ReservationMessage.Release;
import io.roost.cluster.message.ReservationMessage.Request;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReservationTest {
    private static final PgId PG = new PgId(1, 5);
    private static final int EPOCH = 7;
    private static final int PRIMARY = 2;
    private static final FullRatios NOTHING_FITS = new FullRatios(0, 0, 1000);

    private final SimDisk disk = new SimDisk(5);
    private final ObjectStore store = ObjectStore.open(
            StoreConfig.DEFAULT.withCapacity(32 << 20),
            new MemoryKeyValue(disk),
            new MemoryBlockFiles(disk),
            new BlockPool(4));
    private final NotedReservations out = new NotedReservations();
    private final PrimaryReservation primary =
            new PrimaryReservation(PG, EPOCH, ReservationSide.LOCAL, new Reads(store, 10));
    private final ReplicaReservation replica =
            new ReplicaReservation(PG, ReservationSide.REMOTE, new Reads(store, 20), store);

    private static String to(int osd, ReservationMessage message) {
        return "to " + osd + ": " + message;
    }

    private void want(ReservationMessage.Work work, int priority, Integer... others) {
        primary.want(work, priority, List.of(others), out);
    }

    private void granted(int from, long attempt) {
        primary.onMessage(from, new Granted(PG, EPOCH, attempt), out);
    }

    // ---- the primary ----

    @Test
    void aPrimaryAsksItsOwnOsdAndThenTheOthersOneByOne() {
        want(RECOVERY, 180, 1, 3);
        assertThat(out.take()).containsExactly("reserve LOCAL 10 at 180");
        primary.onReserved(10, out);
        assertThat(out.take()).containsExactly(to(1, new Request(PG, EPOCH, 10, RECOVERY, 180)));
        granted(3, 10);
        assertThat(out.take()).as("3 was not asked").isEmpty();
        granted(1, 10);
        assertThat(out.take()).containsExactly(to(3, new Request(PG, EPOCH, 10, RECOVERY, 180)));
        assertThat(primary.awaited()).containsExactly(3);
        assertThat(primary.isHeldFor(RECOVERY)).isFalse();
        granted(3, 10);
        assertThat(primary.isHeldFor(RECOVERY)).isTrue();
        assertThat(primary.isHeldFor(BACKFILL)).isFalse();
        want(RECOVERY, 180, 1, 3);
        assertThat(out.take()).as("it is wanted still").isEmpty();
    }

    @Test
    void allIsGivenBackWhenTheWorkIsAnother() {
        want(RECOVERY, 180, 1);
        primary.onReserved(10, out);
        granted(1, 10);
        out.take();
        want(BACKFILL, 100, 3);
        assertThat(out.take())
                .containsExactly("release LOCAL 10", to(1, new Release(PG, EPOCH, 10)), "reserve LOCAL 11 at 100");
        want(null, 0);
        assertThat(out.take()).as("nobody else was asked").containsExactly("release LOCAL 11");
        want(null, 0);
        assertThat(out.take()).isEmpty();
    }

    @Test
    void whatIsOfAnotherAttemptIsVoid() {
        want(RECOVERY, 180, 1);
        primary.onReserved(9, out);
        assertThat(primary.phase()).isEqualTo(PrimaryReservation.Phase.LOCAL_WAIT);
        primary.onReserved(10, out);
        out.take();
        granted(1, 9);
        primary.onMessage(1, new Refused(PG, EPOCH, 9, TAKEN_BACK), out);
        primary.onPreempted(9, out);
        assertThat(out.take()).isEmpty();
        assertThat(primary.phase()).isEqualTo(PrimaryReservation.Phase.REMOTE_WAIT);
    }

    @Test
    void aPrimaryThatIsPreemptedGivesAllBackAndAsksAgain() {
        want(BACKFILL, 100, 1, 3);
        primary.onReserved(10, out);
        granted(1, 10);
        out.take();
        primary.onPreempted(10, out);
        assertThat(out.take())
                .containsExactly(
                        "release LOCAL 10",
                        to(1, new Release(PG, EPOCH, 10)),
                        to(3, new Release(PG, EPOCH, 10)),
                        "reserve LOCAL 11 at 100");
        primary.onReserved(11, out);
        out.take();
        primary.onMessage(1, new Refused(PG, EPOCH, 11, TAKEN_BACK), out);
        assertThat(out.take())
                .containsExactly("release LOCAL 11", to(1, new Release(PG, EPOCH, 11)), "reserve LOCAL 12 at 100");
    }

    @Test
    void aPrimaryTriesAgainSomeTimeAfterAnotherWasTooFull() {
        want(BACKFILL, 100, 1);
        primary.onReserved(10, out);
        out.take();
        primary.onMessage(1, new Refused(PG, EPOCH, 10, TOO_FULL), out);
        assertThat(out.take()).as("others may have the turn").contains("release LOCAL 10");
        assertThat(primary.phase()).isEqualTo(PrimaryReservation.Phase.TOO_FULL);
        out.nowMillis = 4_999;
        primary.onTick(out);
        want(BACKFILL, 100, 1);
        assertThat(out.take()).isEmpty();
        out.nowMillis = 5_000;
        primary.onTick(out);
        assertThat(out.take()).containsExactly("reserve LOCAL 11 at 100");
    }

    @Test
    void aPrimaryAsksAnewWhenAConnectionBreaksThatItDependsOn() {
        want(RECOVERY, 180, 1, 3);
        primary.onPeerReset(1, out);
        primary.onReserved(10, out);
        out.take();
        primary.onPeerReset(4, out);
        assertThat(out.take()).isEmpty();
        primary.onPeerReset(1, out);
        assertThat(out.take())
                .containsExactly("release LOCAL 10", to(1, new Release(PG, EPOCH, 10)), "reserve LOCAL 11 at 180");
    }

    /** The request arrived after the attempt was over (OsdWorld, seed 190). */
    @Test
    void aTurnThatNobodyWaitsForAnyMoreIsGivenBack() {
        Turns turns = new Turns(PG, new Reads(store, 10), store);
        turns.lead(EPOCH);
        turns.toRecover().want(RECOVERY, 180, List.of(1), out);
        turns.onReserved(ReservationSide.LOCAL, 10, out);
        out.take();
        turns.onMessage(1, new Granted(PG, EPOCH, 9), FullRatios.DEFAULT, out);
        assertThat(out.take()).containsExactly(to(1, new Release(PG, EPOCH, 9)));
        turns.onMessage(1, new Granted(PG, EPOCH, 10), FullRatios.DEFAULT, out);
        assertThat(out.take()).isEmpty();
        assertThat(turns.toRecover().isHeldFor(RECOVERY)).isTrue();
    }

    @Test
    void theEndOfTheIntervalGivesAllBack() {
        want(RECOVERY, 180, 1);
        primary.onReserved(10, out);
        out.take();
        primary.end(out);
        assertThat(out.take()).containsExactly("release LOCAL 10", to(1, new Release(PG, EPOCH, 10)));
    }

    // ---- the other ----

    private void say(ReservationMessage message, FullRatios ratios) {
        replica.onMessage(PRIMARY, message, ratios, out);
    }

    @Test
    void aReplicaPassesOnWhatItsOwnOsdSays() {
        say(new Request(PG, EPOCH, 10, BACKFILL, 141), FullRatios.DEFAULT);
        assertThat(out.take()).containsExactly("reserve REMOTE 20 at 141");
        replica.onReserved(20, out);
        assertThat(out.take()).containsExactly(to(PRIMARY, new Granted(PG, EPOCH, 10)));
        replica.onPreempted(20, out);
        assertThat(out.take()).contains(to(PRIMARY, new Refused(PG, EPOCH, 10, TAKEN_BACK)));
        replica.onReserved(20, out);
        assertThat(out.take()).as("that was another attempt").isEmpty();
    }

    @Test
    void aReplicaGivesBackWhatThePrimaryDoesNotNeed() {
        say(new Request(PG, EPOCH, 10, RECOVERY, 180), FullRatios.DEFAULT);
        say(new Release(PG, EPOCH, 9), FullRatios.DEFAULT);
        assertThat(out.take()).containsExactly("reserve REMOTE 20 at 180");
        say(new Release(PG, EPOCH, 10), FullRatios.DEFAULT);
        assertThat(out.take()).containsExactly("release REMOTE 20");
        say(new Release(PG, EPOCH, 10), FullRatios.DEFAULT);
        replica.end(out);
        assertThat(out.take()).isEmpty();
        say(new Request(PG, EPOCH, 11, RECOVERY, 180), FullRatios.DEFAULT);
        say(new Request(PG, EPOCH, 12, RECOVERY, 180), FullRatios.DEFAULT);
        assertThat(out.take())
                .containsExactly("reserve REMOTE 21 at 180", "release REMOTE 21", "reserve REMOTE 22 at 180");
        replica.end(out);
        assertThat(out.take()).containsExactly("release REMOTE 22");
    }

    @Test
    void aReplicaThatIsTooFullIsNotFilledButRecovered() {
        say(new Request(PG, EPOCH, 10, BACKFILL, 100), NOTHING_FITS);
        assertThat(out.take()).containsExactly(to(PRIMARY, new Refused(PG, EPOCH, 10, TOO_FULL)));
        say(new Request(PG, EPOCH, 11, RECOVERY, 180), NOTHING_FITS);
        assertThat(out.take()).containsExactly("reserve REMOTE 20 at 180");
    }

    @Test
    void aReplicaThatBecomesTooFullTakesTheTurnBack() {
        say(new Request(PG, EPOCH, 10, BACKFILL, 100), FullRatios.DEFAULT);
        replica.onTick(NOTHING_FITS, out);
        assertThat(out.take()).as("it has no turn yet").containsExactly("reserve REMOTE 20 at 100");
        replica.onReserved(20, out);
        replica.onTick(FullRatios.DEFAULT, out);
        assertThat(out.take()).containsExactly(to(PRIMARY, new Granted(PG, EPOCH, 10)));
        replica.onTick(NOTHING_FITS, out);
        assertThat(out.take()).containsExactly(to(PRIMARY, new Refused(PG, EPOCH, 10, TOO_FULL)), "release REMOTE 20");
    }

    @Test
    void aReplicaTakesTheTurnBackWhenItsConnectionToThePrimaryBreaks() {
        say(new Request(PG, EPOCH, 10, RECOVERY, 180), FullRatios.DEFAULT);
        out.take();
        replica.onPeerReset(5, out);
        assertThat(out.take()).isEmpty();
        replica.onPeerReset(PRIMARY, out);
        assertThat(out.take())
                .containsExactly(to(PRIMARY, new Refused(PG, EPOCH, 10, TAKEN_BACK)), "release REMOTE 20");
    }

    @Test
    void whatWasGivenIsGivenBackWhenTheIntervalEnds() {
        Turns turns = new Turns(PG, new Reads(store, 20), store);
        turns.onMessage(PRIMARY, new Request(PG, EPOCH, 10, RECOVERY, 180), FullRatios.DEFAULT, out);
        turns.onMessage(PRIMARY, new Request(PG, EPOCH, 11, SCRUB, 1), FullRatios.DEFAULT, out);
        out.take();
        turns.end(out);
        assertThat(out.take()).containsExactly("release REMOTE 20", "release SCRUB_REMOTE 21");
    }

    // ---- whose turn is first ----

    @Test
    void whatDoesNotServeGoesFirstAndWhatIsOnlyElsewhereLast() {
        assertThat(List.of(
                        RecoveryPriority.ofRecovery(1, 2),
                        RecoveryPriority.ofBackfill(1, 2, 3),
                        RecoveryPriority.ofRecovery(2, 2),
                        RecoveryPriority.ofBackfill(2, 2, 4),
                        RecoveryPriority.ofBackfill(2, 2, 3),
                        RecoveryPriority.ofBackfill(3, 2, 3)))
                .containsExactly(221, 221, 180, 142, 141, 100);
        assertThat(RecoveryPriority.ofBackfill(60, 60, 200)).isLessThan(180);
        assertThat(RecoveryPriority.ofBackfill(0, 200, 200)).isEqualTo(253);
    }
}
