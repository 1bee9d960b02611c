package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.StoredCopy;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.GroupScan;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreReader;
import io.roost.cluster.store.Tier;
import java.util.ArrayList;
import java.util.List;

/** What must hold of the OSDs' disks, seen by somebody who sees all of them at once. */
final class OsdChecks {
    private final SimCluster cluster;

    OsdChecks(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** What a client is told was done is on the disks of all who serve, in log and entries. */
    void onReply(SimNode primary, OsdMessage.ToClient reply) {
        if (reply instanceof OsdMessage.OperationReply answer
                && !answer.version().equals(ObjectVersion.NONE)) {
            OsdMap map = OsdNode.of(primary).shard().map();
            PgId pg = written(primary, answer);
            for (int osd : map.acting(pg)) {
                checkOnDisk(pg, osd, answer);
            }
        }
    }

    private PgId written(SimNode primary, OsdMessage.OperationReply answer) {
        ObjectStore store = OsdNode.of(primary).store();
        for (PgId pg : store.disk().placementGroups()) {
            LogEntry entry = LogRows.read(store, pg, answer.version());
            if (entry != null && entry.request().equals(answer.request())) {
                return pg;
            }
        }
        throw new AssertionError(answer + " is not in the log of " + primary.name());
    }

    private void checkOnDisk(PgId pg, int osd, OsdMessage.OperationReply answer) {
        SimNode node = cluster.node(OsdNode.name(osd));
        if (node.keyValue().get(Family.PGLOG, KeyLayout.logEntry(pg, answer.version()), Tier.DISK) == null) {
            Bytes info = node.keyValue().get(Family.META, LocalCopy.infoKey(pg), Tier.DISK);
            assertThat(info != null && LocalCopy.tailOf(info).compareTo(answer.version()) >= 0)
                    .as("%s was answered and is not in the log of %s", answer, node.name())
                    .isTrue();
        }
    }

    /** Whoever leads a placement group says that all is as it should be. */
    void checkAllIsClean() {
        OsdMap map = MapAuthority.of(cluster.node(MapAuthority.NAME)).newest();
        for (int seed = 0; seed < OsdWorld.PG_NUM; seed++) {
            PgId pg = new PgId(OsdWorld.POOL, seed);
            SimNode leader = cluster.node(OsdNode.name(map.primary(pg)));
            PgStat stat = OsdNode.of(leader).shard().report().led().get(pg);
            assertThat(stat).as("%s on %s", pg, leader.name()).isNotNull();
            assertThat(stat.isActiveAndClean())
                    .as("%s on %s is %s, %s", pg, leader.name(), PgState.text(stat.states()), map.mapping(pg))
                    .isTrue();
        }
    }

    /** All that serve a placement group have the same, down to the bodies. */
    void checkReplicasAreEqual() {
        for (int seed = 0; seed < OsdWorld.PG_NUM; seed++) {
            PgId pg = new PgId(OsdWorld.POOL, seed);
            List<String> expected = null;
            OsdMap map = MapAuthority.of(cluster.node(MapAuthority.NAME)).newest();
            for (int osd : map.acting(pg)) {
                List<String> found =
                        content(pg, OsdNode.of(cluster.node(OsdNode.name(osd))).store());
                if (expected == null) {
                    expected = found;
                }
                assertThat(found).as("%s on osd.%d", pg, osd).isEqualTo(expected);
            }
        }
    }

    private static List<String> content(PgId pg, ObjectStore store) {
        List<String> found = new ArrayList<>();
        KeyLayout.KeyRange range = KeyLayout.entriesOf(pg, OsdWorld.PG_NUM);
        try (StoreReader reader = store.snapshot(Tier.DISK);
                GroupScan scan = reader.scan(range)) {
            while (scan.next()) {
                KeyLayout.EntryKey key = KeyLayout.parse(scan.key());
                Data body = reader.body(key.locator(), key.name(), 0, Long.MAX_VALUE);
                Bytes value = reader.value(key.locator(), key.name());
                String bytes =
                        body == null ? "none" : Bytes.wrap(body.toArray()).hashCode() + "";
                found.add(key + " " + scan.entry() + " " + value + " " + bytes);
                if (body != null) {
                    body.release();
                }
            }
        }
        ObjectVersion tail = StoredCopy.load(store, pg, 0).log().tail();
        LogRows.read(store, pg, tail, new ObjectVersion(-1, -1)).forEach(entry -> found.add(entry.toString()));
        return found;
    }
}
