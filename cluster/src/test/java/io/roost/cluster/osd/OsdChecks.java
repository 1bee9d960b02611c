package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PgQuery;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.pg.ReservationSide;
import io.roost.cluster.pg.ScrubResult;
import io.roost.cluster.pg.ScrubTimes;
import io.roost.cluster.pg.StoredCopy;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.EntryScan;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.GroupScan;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.PgUsage;
import io.roost.cluster.store.StoreReader;
import io.roost.cluster.store.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What must hold of the OSDs' disks, seen by somebody who sees all of them at once. */
final class OsdChecks {
    private final SimCluster cluster;
    private final Supplier<OsdMap> maps;
    private final Set<String> rotten = new TreeSet<>();
    private final TreeMap<PgId, ScrubResult> scrubbed = new TreeMap<>();
    private boolean isBeyondRepair;
    private ScrubTimes scrubTimes = ScrubTimes.DEFAULT;

    /** Checks where an authority makes the maps. */
    OsdChecks(SimCluster cluster) {
        this(cluster, () -> MapAuthority.of(cluster.node(MapAuthority.NAME)).newest());
    }

    /** Checks by the newest map. */
    OsdChecks(SimCluster cluster, Supplier<OsdMap> maps) {
        this.cluster = cluster;
        this.maps = maps;
    }

    /** From now on a node's disk may not give back what was written. */
    void expectDamage(SimNode node) {
        rotten.add(node.name());
    }

    /** From now on, placement groups are scrubbed by themselves every few seconds. */
    void scrubOften() {
        scrubTimes = new ScrubTimes(500, 3_000);
    }

    /** When placement groups are scrubbed by themselves. */
    ScrubTimes scrubTimes() {
        return scrubTimes;
    }

    /** An OSD has found damage. */
    void onDamage(SimNode node, ChecksumException damage) {
        if (!rotten.contains(node.name())) {
            throw new AssertionError("nothing is damaged", damage);
        }
        node.count("osd: damage is found");
    }

    /** Copies have been compared: nothing differs but what a bad disk has changed, and all of that is mended. */
    void onScrubbed(SimNode node, PgId pg, ScrubResult result) {
        node.count("osd: a placement group is scrubbed");
        assertThat(isBeyondRepair || result.unresolved() == 0)
                .as("%s of %s: %s", pg, node.name(), result)
                .isTrue();
        if (rotten.isEmpty()) {
            assertThat(result.found())
                    .as("%s of %s: %s", pg, node.name(), result)
                    .isZero();
        } else if (result.found() > 0) {
            node.count("osd: a scrub finds something");
        }
        scrubbed.put(pg, result);
    }

    /** From now on there may be damage that nobody can tell from what was written, or that no other copy makes good. */
    void expectWhatIsBeyondRepair() {
        isBeyondRepair = true;
    }

    /** What could not be repaired in the last scrub is said of each placement group, and of no other. */
    void checkWhatIsBeyondRepairIsSaid() {
        scrubbed.forEach((pg, result) -> {
            assertThat(result.unresolved()).as("%s: %s", pg, result).isEqualTo(result.found());
            assertThat(stat(pg).states().contains(PgState.INCONSISTENT))
                    .as("%s is inconsistent: %s", pg, result)
                    .isEqualTo(result.unresolved() > 0);
        });
    }

    /** Has every placement group read in full and compared; returns how many entries were not the same and whole everywhere. */
    long scrubAll() {
        scrubbed.clear();
        for (PgId pg : groups()) {
            OsdNode leader = OsdNode.of(cluster.node(OsdNode.name(map().primary(pg))));
            assertThat(leader.scrub(pg, ScrubKind.DEEP_SCRUB))
                    .as("%s can be scrubbed", pg)
                    .isTrue();
        }
        // Where reads take a quarter of a second, it takes a while to replace what is damaged.
        long end = cluster.simulation().nowMicros() + 30_000_000;
        do {
            cluster.simulation().runUntil(cluster.simulation().nowMicros() + 2_000_000);
        } while (scrubbed.size() < groups().size() && cluster.simulation().nowMicros() < end);
        assertThat(scrubbed).hasSameSizeAs(groups());
        // What the last one has come to is on its way to the disks.
        cluster.simulation().runUntil(cluster.simulation().nowMicros() + 500_000);
        return scrubbed.values().stream().mapToLong(ScrubResult::found).sum();
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
        for (PgId pg : groups()) {
            PgStat stat = stat(pg);
            assertThat(stat).as("%s", pg).isNotNull();
            assertThat(stat.isActiveAndClean())
                    .as("%s is %s, %s", pg, PgState.text(stat.states()), map().mapping(pg))
                    .isTrue();
            checkIsKnownWhole(pg);
        }
    }

    private void checkIsKnownWhole(PgId pg) {
        OsdNode leader = OsdNode.of(cluster.node(OsdNode.name(map().primary(pg))));
        PgQuery query = leader.shard().query(pg, leader.nowMillis());
        TreeSet<Integer> known = new TreeSet<>();
        for (PgQuery.Copy copy : query.copies()) {
            assertThat(copy.info().isComplete() && copy.missing() == 0)
                    .as("%s", query)
                    .isTrue();
            known.add(copy.osd());
        }
        if (!query.phase().isEmpty()) {
            assertThat(known).as("%s", query).containsAll(map().acting(pg));
            assertThat(query.pastIntervals()).as("%s", query).isEmpty();
        }
    }

    /** What the last scrubs have come to is on the disks of all who serve, so that the next primary knows it too. */
    void checkScrubsAreKnown() {
        for (PgId pg : groups()) {
            ScrubHistory known = stat(pg).scrubs();
            assertThat(known.errors()).isEqualTo(scrubbed.get(pg).unresolved());
            for (int osd : map().acting(pg)) {
                Bytes row = OsdNode.of(cluster.node(OsdNode.name(osd)))
                        .store()
                        .disk()
                        .meta(LocalCopy.infoKey(pg));
                assertThat(LocalCopy.scrubsOf(row))
                        .as("scrubs of %s on osd.%d", pg, osd)
                        .isEqualTo(known);
            }
        }
    }

    /** Nobody has a turn to recover or fill anything, or waits for one. */
    void checkNothingIsReserved() {
        for (OsdInfo osd : map().osds()) {
            Reservers reservers =
                    OsdNode.of(cluster.node(OsdNode.name(osd.id()))).reservers();
            for (ReservationSide side : ReservationSide.values()) {
                assertThat(reservers.held(side))
                        .as("%s reservations of osd.%d", side, osd.id())
                        .isEmpty();
                assertThat(reservers.waitingCount(side))
                        .as("%s reservations that wait at osd.%d", side, osd.id())
                        .isZero();
            }
        }
    }

    /** Whatever state a placement group is in, its primary can tell of it, and says whom it waits for. */
    void checkQueries(SimNode node) {
        OsdShard shard = OsdNode.of(node).shard();
        for (PgId pg : groups()) {
            if (shard.map().pool(pg.pool()) != null && shard.map().primary(pg) == OsdNode.number(node.name())) {
                PgQuery query = shard.query(pg, node.nowMillis());
                assertThat(query.mapping()).isEqualTo(shard.map().mapping(pg));
                assertThat(query.phase().equals("down"))
                        .as("%s", query)
                        .isEqualTo(query.states().contains(PgState.DOWN))
                        .isEqualTo(!query.blockedBy().isEmpty());
                assertThat(query.states().contains(PgState.CLEAN) && query.unfound() > 0)
                        .as("%s", query)
                        .isFalse();
            }
        }
    }

    /** True when whoever leads a placement group says so of every one, now. */
    boolean isAllClean() {
        boolean isClean = true;
        for (PgId pg : groups()) {
            PgStat stat = stat(pg);
            isClean &= stat != null && stat.isActiveAndClean();
        }
        return isClean;
    }

    /** What is not as it should be, for a person. */
    String unclean() {
        StringBuilder text = new StringBuilder();
        for (PgId pg : groups()) {
            PgStat stat = stat(pg);
            if (stat == null || !stat.isActiveAndClean()) {
                String states = stat == null ? "unknown to its primary" : PgState.text(stat.states());
                text.append(pg + " " + states + " " + map().mapping(pg) + "; ");
            }
        }
        return text.toString();
    }

    private OsdMap map() {
        return maps.get();
    }

    /** All placement groups of all pools. */
    private List<PgId> groups() {
        List<PgId> groups = new ArrayList<>();
        for (Pool pool : map().pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                groups.add(new PgId(pool.id(), seed));
            }
        }
        return groups;
    }

    private int pgNum(PgId pg) {
        return map().pool(pg.pool()).pgNum();
    }

    /** As its primary has it by the newest map; null when that has not seen this map yet. */
    private PgStat stat(PgId pg) {
        int primary = map().primary(pg);
        OsdNode leader = primary < 0 ? null : OsdNode.of(cluster.node(OsdNode.name(primary)));
        return leader == null || leader.shard() == null || leader.shard().map().epoch() < map().epoch()
                ? null
                : leader.shard().report(leader.nowMillis()).led().get(pg);
    }

    /**
     * All that serve a placement group have the same, down to the bodies; but who was away may have entries of the log that the
     * others have trimmed, until the next write.
     */
    void checkReplicasAreEqual() {
        for (PgId pg : groups()) {
            ObjectVersion tail = ObjectVersion.NONE;
            for (int osd : map().acting(pg)) {
                ObjectVersion own = tail(pg, osd);
                tail = own.compareTo(tail) > 0 ? own : tail;
            }
            TreeMap<Integer, Map<String, String>> copies = new TreeMap<>();
            for (int osd : map().acting(pg)) {
                copies.put(osd, content(pg, pgNum(pg), tail, cluster.node(OsdNode.name(osd))));
            }
            copies.forEach((osd, copy) -> assertThat(copy)
                    .as("%s on osd.%d", pg, osd)
                    .isEqualTo(copies.firstEntry().getValue()));
        }
    }

    /** Who does not serve a placement group has nothing of it, and its entries were counted right by those who do. */
    void checkNothingElseIsKept() {
        for (OsdInfo osd : map().osds()) {
            SimNode node = cluster.node(OsdNode.name(osd.id()));
            ObjectStore store = OsdNode.of(node).store();
            for (PgId pg : store.disk().placementGroups()) {
                assertThat(map().acting(pg))
                        .as("%s is kept on %s", pg, node.name())
                        .contains(osd.id());
            }
            for (PgId pg : groups()) {
                assertThat(store.usage(pg)).as("%s on %s", pg, node.name()).isEqualTo(counted(store, pg, pgNum(pg)));
            }
        }
    }

    private static PgUsage counted(ObjectStore store, PgId pg, int pgNum) {
        long entries = 0;
        long bytes = 0;
        try (StoreReader reader = store.snapshot(Tier.DISK);
                EntryScan scan = reader.scan(Family.CATALOGUE, KeyLayout.entriesOf(pg, pgNum))) {
            while (scan.next()) {
                entries++;
                bytes += scan.entry().attributes().length() + scan.entry().valueLength();
                bytes += scan.entry().hasBody() ? scan.entry().bodyLength() : 0;
            }
        }
        return new PgUsage(entries, bytes);
    }

    private ObjectVersion tail(PgId pg, int osd) {
        ObjectStore store = OsdNode.of(cluster.node(OsdNode.name(osd))).store();
        return StoredCopy.load(store, pg, 0).log().tail();
    }

    private static Map<String, String> content(PgId pg, int pgNum, ObjectVersion tail, SimNode node) {
        TreeMap<String, String> found = new TreeMap<>();
        ObjectStore store = OsdNode.of(node).store();
        KeyLayout.KeyRange range = KeyLayout.entriesOf(pg, pgNum);
        try (StoreReader reader = store.snapshot(Tier.DISK);
                GroupScan scan = reader.scan(range)) {
            while (scan.next()) {
                KeyLayout.EntryKey key = KeyLayout.parse(scan.key());
                found.put(
                        key.toString(),
                        scan.entry() + " " + reader.value(key.locator(), key.name()) + body(reader, key));
            }
        }
        LogRows.read(store, pg, tail, new ObjectVersion(-1, -1))
                .forEach(entry -> found.put("log " + entry.version(), entry.toString()));
        return found;
    }

    private static String body(StoreReader reader, KeyLayout.EntryKey key) {
        Data body = reader.body(key.locator(), key.name(), 0, Long.MAX_VALUE);
        if (body == null) {
            return "none";
        }
        try {
            return Bytes.wrap(body.toArray()).hashCode() + "";
        } finally {
            body.release();
        }
    }
}
