package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a copy when intervals end. */
class EndedIntervalsTest {
    private static final int PRIMARY = 1;

    private final SimDisk disk = new SimDisk(8);
    private final ObjectStore store = ObjectStore.open(
            StoreConfig.DEFAULT.withCapacity(32 << 20),
            new MemoryKeyValue(disk),
            new MemoryBlockFiles(disk),
            new BlockPool(4));
    private final PgHarness pg = new PgHarness(store, new ClassRegistry(List.of(Items.CLASS)), PgLog.Limits.DEFAULT);

    private static OsdMap servedBy(Integer... osds) {
        OsdMap map = SampleMaps.of(
                "host3x3",
                new Pool(1, "p", Pool.Type.REPLICATED, osds.length, 1, 1, 1, 0, Set.of(Pool.Flag.HASHPSPOOL), 1));
        return SampleMaps.next(map, new OsdMapChange.SetUpmap(PgHarness.PG, List.of(osds)));
    }

    private void activate(OsdMap map) {
        activate(map.epoch(), map.epoch());
    }

    private void activate(int epoch, int interval) {
        pg.group()
                .onPeerMessage(
                        PRIMARY,
                        new PeeringMessage.Activate(
                                PgHarness.PG,
                                epoch,
                                interval,
                                pg.group().copy().info(),
                                pg.group().copy().log().head(),
                                List.of(),
                                List.of(),
                                PeeringMessage.Start.AS_IT_IS),
                        pg);
        pg.runAll();
    }

    private static ReplicationMessage.Replicate replicate(int mapEpoch) {
        Locator locator = new Locator(PgHarness.PG.pool(), Bytes.utf8("l"));
        ObjectVersion version = new ObjectVersion(mapEpoch, 1);
        LogEntry entry = new LogEntry(
                version,
                new RequestId(9, 1, 1),
                locator.key(),
                new LogEntry.Answer.Reply(0, Bytes.EMPTY),
                List.of(new LogEntry.Change(LogEntry.Kind.PUT, ObjectVersion.NONE, Bytes.utf8("name"))));
        return new ReplicationMessage.Replicate(
                PgHarness.PG,
                mapEpoch,
                version,
                locator,
                List.of(Mutation.Put.row(Bytes.utf8("name"), Bytes.utf8("v"))),
                entry.encode(),
                ObjectVersion.NONE);
    }

    /** The same OSD leads again, and what it sent in the interval before comes late: it may have been taken back. */
    @Test
    void aTransactionOfAnEndedIntervalIsVoid() {
        OsdMap first = servedBy(PRIMARY, 0, 2);
        pg.restart(List.of(first));
        activate(first);
        OsdMap second = SampleMaps.next(first, new OsdMapChange.SetUpmap(PgHarness.PG, List.of(PRIMARY, 0, 3)));
        pg.group().onMap(second, pg);
        activate(second);
        pg.group().onPeerMessage(PRIMARY, replicate(first.epoch()), pg);
        pg.runAll();
        assertThat(pg.group().copy().log().head()).isEqualTo(ObjectVersion.NONE);
        pg.group().onPeerMessage(PRIMARY, replicate(second.epoch()), pg);
        pg.runAll();
        assertThat(pg.group().copy().log().head()).isEqualTo(new ObjectVersion(second.epoch(), 1));
    }

    /** It cannot tell since when the interval is, and the primary goes by the older epoch of its activation. */
    @Test
    void aCopyThatHasOutlivedItsMapsTakesThePrimarysWordForItsInterval() {
        OsdMap first = servedBy(PRIMARY, 0, 2);
        pg.restart(List.of(first));
        OsdMap later = SampleMaps.next(SampleMaps.next(first));
        pg.group().onMap(later, pg);
        assertThat(pg.group().copy().pastIntervals()).as("it knows no better").hasSize(1);
        activate(later.epoch(), first.epoch());
        assertThat(pg.group().copy().pastIntervals()).isEmpty();
        pg.group().onPeerMessage(PRIMARY, replicate(first.epoch()), pg);
        pg.runAll();
        assertThat(pg.group().copy().log().head()).isEqualTo(new ObjectVersion(first.epoch(), 1));
    }

    /** Were it the primary who cannot tell, older answers would be void to it. */
    @Test
    void aCopyAnswersInThePrimarysInterval() {
        OsdMap first = servedBy(PRIMARY, 0, 2);
        pg.restart(List.of(first));
        OsdMap later = SampleMaps.next(first);
        pg.group().onMap(later, pg);
        activate(later.epoch(), later.epoch());
        pg.takeSent();
        pg.group().onPeerMessage(PRIMARY, replicate(later.epoch()), pg);
        pg.runAll();
        assertThat(pg.takeSent())
                .containsExactly(new ReplicationMessage.Replicated(
                        PgHarness.PG, later.epoch(), new ObjectVersion(later.epoch(), 1)));
    }

    private void beginRemoval() {
        pg.restart(1);
        pg.call("l", "items", "create", Bytes.EMPTY, Data.EMPTY);
        pg.runAll();
        assertThat(store.usage(PgHarness.PG).entries()).isPositive();
        OsdMap map = servedBy(PRIMARY, 2, 3);
        pg.restart(List.of(map));
        pg.runAll();
        pg.group().onPeerMessage(PRIMARY, new PeeringMessage.Remove(PgHarness.PG, map.epoch(), map.epoch()), pg);
    }

    /** It may end in the middle of that. */
    @Test
    void aCopySaysThatItHasNothingBeforeAnythingOfItGoes() {
        beginRemoval();
        long entries = store.usage(PgHarness.PG).entries();
        while (store.usage(PgHarness.PG).entries() == entries) {
            assertThat(pg.commitOne() || pg.readOne()).isTrue();
        }
        assertThat(StoredCopy.load(store, PgHarness.PG, 0).lastBackfill()).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void aCopyIsForgottenWhenAllEntriesAreGone() {
        beginRemoval();
        for (int i = 0; i < 10; i++) {
            pg.passTime(ReadLease.MILLIS);
            pg.runAll();
        }
        assertThat(pg.group().isGone()).isTrue();
        assertThat(store.usage(PgHarness.PG).entries()).isZero();
        assertThat(store.disk().placementGroups()).isEmpty();
    }
}
