package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.LeaseMessage;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** S5, S6. What an OSD that has just started must not forget: it may have promised an earlier primary that nobody else serves. */
class ReadPromisesTest {
    private static final int OSD = 0;
    private static final long ASK_AGAIN_MILLIS = 200;

    private final SimDisk disk = new SimDisk(7);
    private final PgHarness pg = new PgHarness(
            ObjectStore.open(
                    StoreConfig.DEFAULT.withCapacity(32 << 20),
                    new MemoryKeyValue(disk),
                    new MemoryBlockFiles(disk),
                    new BlockPool(4)),
            new ClassRegistry(List.of(Items.CLASS)),
            PgLog.Limits.DEFAULT);

    /** A map in which these act, and the monitors have noted that this OSD is up. */
    private static OsdMap servedBy(Integer... osds) {
        OsdMap map = SampleMaps.of(
                "host3x3",
                new Pool(1, "p", Pool.Type.REPLICATED, osds.length, 1, 1, 1, 0, Set.of(Pool.Flag.HASHPSPOOL), 1));
        return SampleMaps.next(
                map,
                new OsdMapChange.PutOsd(map.osd(OSD).withUpThru(map.epoch() + 1)),
                new OsdMapChange.SetUpmap(PgHarness.PG, List.of(osds)));
    }

    @Test
    void aPrimaryWaitsUntilNoEarlierOneCanBeReading() {
        pg.restart(List.of(servedBy(OSD)));
        pg.runAll();
        long tid = pg.call("l", "items", "create", Bytes.EMPTY, Data.EMPTY);
        pg.runAll();
        pg.passTime(ReadLease.MILLIS - 1);
        pg.runAll();
        assertThat(pg.reply(tid)).isNull();
        pg.passTime(1);
        pg.runAll();
        assertThat(pg.answer(tid).output().utf8()).isEqualTo("c1");
    }

    @Test
    void aCopyIsNotForgottenBeforeWhatItsOsdHasPromised() {
        OsdMap map = servedBy(1, 2, 3);
        pg.restart(List.of(map));
        pg.runAll();
        pg.group().onPeerMessage(1, new PeeringMessage.Remove(PgHarness.PG, map.epoch(), map.epoch()), pg);
        pg.runAll();
        pg.passTime(ReadLease.MILLIS - 1);
        pg.runAll();
        assertThat(pg.group().isGone()).isFalse();
        pg.passTime(1);
        pg.runAll();
        assertThat(pg.group().isGone()).isTrue();
    }

    /** No two clocks run alike: the one that has promised may count faster. */
    @Test
    void aLeaseIsReliedOnForLessThanWasPromised() {
        ReadLease lease = new ReadLease(PgHarness.PG, 3, List.of(1));
        pg.restart(List.of(servedBy(OSD)));
        assertThat(lease.holds(pg)).isFalse();
        lease.onPromise(1, new LeaseMessage.Promise(PgHarness.PG, 3, 0), pg);
        pg.passTime(ReadLease.MILLIS / 2);
        assertThat(lease.holds(pg)).isTrue();
        pg.passTime(ReadLease.MILLIS / 2 - 1);
        assertThat(lease.holds(pg)).isFalse();
    }

    /** Who serves next, and does not hear this primary, waits for the end of what others have promised to it. */
    @Test
    void nobodyPromisesAnythingAsLongAsAnotherIsSilent() {
        ReadLease lease = new ReadLease(PgHarness.PG, 3, List.of(1, 2));
        pg.restart(List.of(servedBy(OSD)));
        pg.takeReceivers();
        long endMillis = pg.nowMillis() + ReadLease.MILLIS;
        while (pg.nowMillis() < endMillis) {
            assertThat(lease.holds(pg)).isFalse();
            assertThat(pg.takeReceivers()).containsExactly(1, 2);
            promise(lease, 1);
            pg.passTime(ASK_AGAIN_MILLIS);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(lease.holds(pg)).isFalse();
            assertThat(pg.takeReceivers()).containsExactly(2);
            pg.passTime(ASK_AGAIN_MILLIS);
        }
        assertThat(lease.await(out -> {})).isTrue();
        promise(lease, 2);
        assertThat(pg.takeReceivers()).as("at once, when it is heard").containsExactly(1, 2);
        promise(lease, 1);
        assertThat(lease.holds(pg)).isTrue();
        pg.passTime(ReadLease.MILLIS * 3 / 4);
        lease.holds(pg);
        assertThat(pg.takeReceivers()).as("as ever").containsExactly(1, 2);
    }

    private void promise(ReadLease lease, int osd) {
        lease.onPromise(osd, new LeaseMessage.Promise(PgHarness.PG, 3, pg.nowMillis()), pg);
    }

    /** An idle primary asks nobody; then all are asked. */
    @Test
    void allAreAskedAfterALongTimeWithoutReads() {
        ReadLease lease = new ReadLease(PgHarness.PG, 3, List.of(1, 2));
        pg.restart(List.of(servedBy(OSD)));
        lease.holds(pg);
        promise(lease, 1);
        promise(lease, 2);
        pg.passTime(10 * ReadLease.MILLIS);
        pg.takeReceivers();
        assertThat(lease.holds(pg)).isFalse();
        assertThat(pg.takeReceivers()).containsExactly(1, 2);
    }
}
