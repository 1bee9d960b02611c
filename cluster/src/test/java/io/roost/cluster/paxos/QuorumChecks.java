package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.wire.MapCodec;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What must always hold among monitors, seen by somebody who sees everything: one leader in an epoch, one value for a
 * version, decided only when a majority has it on disk; nothing accepted is forgotten; who may answer reads knows all
 * that is decided. Who is needed for a majority is what the monitor map of the version before says, and no other.
 */
public final class QuorumChecks {
    private final SimCluster cluster;
    /** Version → the value decided. */
    private final TreeMap<Long, Bytes> decided = new TreeMap<>();
    /** Version → the value accepted last by each monitor. */
    private final TreeMap<Long, Map<String, Bytes>> accepted = new TreeMap<>();

    /** Version → the registers as the log makes them. */
    private final TreeMap<Long, Map<MonKey, Bytes>> registers = new TreeMap<>();

    /** Version that changed the monitor map → the map. */
    private final TreeMap<Long, MonMap> maps = new TreeMap<>();

    private final TreeMap<Term, String> leaders = new TreeMap<>();
    private final Map<String, Stored> stored = new HashMap<>();
    private final Map<String, SimDisk> disks = new HashMap<>();
    private long newest;

    /** Elections among those of one monitor map are counted by epochs. */
    private record Term(int mapEpoch, int epoch) implements Comparable<Term> {
        @Override
        public int compareTo(Term other) {
            return Comparator.comparingInt(Term::mapEpoch)
                    .thenComparingInt(Term::epoch)
                    .compare(this, other);
        }
    }

    /** What a monitor has on disk. */
    private record Stored(long epoch, long first, long last, long acceptedPn, long pendingVersion, long pendingPn) {
        static Stored of(MonStore store) {
            return new Stored(
                    store.number(Election.EPOCH),
                    store.number(PaxosLog.FIRST),
                    store.number(PaxosLog.LAST),
                    store.number(PaxosLog.ACCEPTED_PN),
                    store.number(PaxosLog.PENDING_VERSION),
                    store.number(PaxosLog.PENDING_PN));
        }
    }

    /** Checks of a cluster of {@link QuorumNode}s, from now on. */
    public QuorumChecks(SimCluster cluster) {
        this.cluster = cluster;
        cluster.watch(this::check);
        cluster.simulation().observe(this::checkReads);
    }

    /** True when a monitor's store is complete. */
    public static boolean isWhole(SimNode node) {
        MonStore store = new KeyValueMonStore(node.keyValue());
        return store.number(PaxosLog.LAST) > 0 && store.number(StoreSync.IN_PROGRESS) == 0;
    }

    private void check(SimNode node) {
        if (!node.isUp()) {
            // What it had not synced may be gone.
            return;
        }
        MonStore store = new KeyValueMonStore(node.keyValue());
        Stored now = Stored.of(store);
        if (disks.put(node.name(), node.disk()) != node.disk()) {
            // The first one, or the one before was lost.
            stored.remove(node.name());
        }
        Stored before = stored.put(node.name(), now);
        if (now.equals(before)) {
            checkLeader(node);
            return;
        }
        if (before != null) {
            checkNothingIsForgotten(node, before, now);
        }
        if (isWhole(node)) {
            rememberAccepted(node, store, now);
            checkDecided(node, store, now, before == null ? 0 : before.last());
            checkRegisters(node, store, now.last());
        }
        checkLeader(node);
    }

    private static void checkNothingIsForgotten(SimNode node, Stored before, Stored now) {
        assertThat(now.epoch()).as("epoch of %s", node.name()).isGreaterThanOrEqualTo(before.epoch());
        assertThat(now.acceptedPn())
                .as("proposal number of %s", node.name())
                .isGreaterThanOrEqualTo(before.acceptedPn());
        if (!isWhole(node) || before.last() == 0) {
            return;
        }
        assertThat(now.last()).as("versions of %s", node.name()).isGreaterThanOrEqualTo(before.last());
        boolean hadAccepted = before.pendingVersion() == before.last() + 1;
        if (hadAccepted && now.last() < before.pendingVersion()) {
            assertThat(now.pendingVersion()).as("accepted by %s", node.name()).isEqualTo(before.pendingVersion());
            assertThat(now.pendingPn()).as("number of the accepted").isGreaterThanOrEqualTo(before.pendingPn());
        }
    }

    private void rememberAccepted(SimNode node, MonStore store, Stored now) {
        if (now.pendingVersion() == now.last() + 1) {
            accepted.computeIfAbsent(now.pendingVersion(), v -> new HashMap<>())
                    .put(node.name(), value(store, now.pendingVersion()));
        }
    }

    private static Bytes value(MonStore store, long version) {
        return MonStoreException.require(store, MonKey.of(PaxosLog.PREFIX, version));
    }

    private void checkDecided(SimNode node, MonStore store, Stored now, long lastBefore) {
        for (long version = Math.max(now.first(), lastBefore + 1); version <= now.last(); version++) {
            Bytes value = value(store, version);
            Bytes known = decided.putIfAbsent(version, value);
            if (known == null && version > 1) {
                checkMajority(node, version, value);
            }
            if (known == null) {
                rememberMap(version, value);
            }
            assertThat(known == null || known.equals(value))
                    .as("version %d of %s", version, node.name())
                    .isTrue();
            newest = Math.max(newest, version);
        }
    }

    /** The store is what the log makes of it. */
    private void checkRegisters(SimNode node, MonStore store, long last) {
        for (long version = registers.isEmpty() ? 1 : registers.lastKey() + 1; version <= last; version++) {
            Map<MonKey, Bytes> next = new TreeMap<>(registers.getOrDefault(version - 1, Map.of()));
            for (MonTransaction.Change change :
                    MonTransaction.decode(decided.get(version)).changes()) {
                if (change.key().prefix().equals(LogNode.PREFIX)) {
                    next.remove(change.key());
                    change.value().ifPresent(value -> next.put(change.key(), value));
                }
            }
            registers.put(version, next);
        }
        Map<MonKey, Bytes> stored = new TreeMap<>();
        MonKey beforeFirst = MonKey.of(LogNode.PREFIX, "");
        for (MonTransaction.Change row :
                store.rows(Optional.of(beforeFirst), Integer.MAX_VALUE).changes()) {
            if (row.key().prefix().equals(LogNode.PREFIX)) {
                stored.put(row.key(), row.value().orElseThrow());
            }
        }
        assertThat(stored)
                .as("registers of %s at version %d", node.name(), last)
                .isEqualTo(registers.get(last));
    }

    private void checkMajority(SimNode node, long version, Bytes value) {
        Quorum quorum = QuorumNode.of(node);
        // The one that tells of it has it, perhaps only since it was decided.
        Set<String> have = new HashSet<>(Set.of(node.name()));
        accepted.getOrDefault(version, Map.of()).forEach((name, one) -> {
            if (one.equals(value)) {
                have.add(name);
            }
        });
        if (quorum.role() == Quorum.Role.LEADER) {
            assertThat(have).as("on whose disk version %d is", version).containsAll(quorum.members());
        }
        SortedSet<String> voters = voters(maps.lowerEntry(version).getValue());
        have.retainAll(voters);
        assertThat(2 * have.size())
                .as("of %s those with version %d when it is decided: %s", voters, version, have)
                .isGreaterThan(voters.size());
    }

    private void rememberMap(long version, Bytes value) {
        map(value).ifPresent(map -> {
            assertThat(voters(map).size() % 2).as("voters of %s are odd", map).isEqualTo(1);
            maps.put(version, map);
        });
    }

    /** The monitor map that a value of the log makes the newest. */
    static Optional<MonMap> map(Bytes value) {
        return MonTransaction.decode(value).changes().stream()
                .filter(change -> MonMapRows.isMap(change.key()))
                .map(change -> MapCodec.monMap(change.value().orElseThrow()))
                .findFirst();
    }

    private static SortedSet<String> voters(MonMap map) {
        return new Members(map, "").voters();
    }

    /** The newest monitor map decided. */
    public MonMap monMap() {
        return maps.lastEntry().getValue();
    }

    private void checkLeader(SimNode node) {
        Quorum quorum = QuorumNode.of(node);
        if (quorum.leader() == null) {
            return;
        }
        MonMap map = MonMapRows.read(new KeyValueMonStore(node.keyValue()));
        String known = leaders.putIfAbsent(new Term(map.epoch(), quorum.epoch()), quorum.leader());
        assertThat(known == null || known.equals(quorum.leader()))
                .as("epoch %d is led by %s and %s", quorum.epoch(), known, quorum.leader())
                .isTrue();
        SortedSet<String> voters = voters(map);
        assertThat(voters).as("voters").containsAll(quorum.members());
        assertThat(2 * quorum.members().size())
                .as("of %s quorum %s", voters, quorum.members())
                .isGreaterThan(voters.size());
    }

    private void checkReads() {
        for (SimNode node : cluster.nodes()) {
            if (node.isUp() && QuorumNode.of(node).isReadable(node.nowMillis())) {
                assertThat(QuorumNode.of(node).lastCommitted())
                        .as("version that %s may be read at", node.name())
                        .isEqualTo(newest);
            }
        }
    }

    /** All who vote are in one quorum, all members have the same, and who is no member knows it. */
    public void checkAllAgree() {
        MonMap map = monMap();
        SortedSet<String> voters = voters(map);
        SimNode first = null;
        for (MonMap.Monitor monitor : map.monitors()) {
            if (first == null && voters.contains(monitor.name())) {
                first = cluster.node(monitor.name());
            }
        }
        Map<MonKey, Bytes> rows = rows(first);
        for (SimNode node : cluster.nodes()) {
            Quorum quorum = QuorumNode.of(node);
            boolean isVoter = voters.contains(node.name());
            assertThat(quorum.members()).as("quorum of %s", node.name()).isEqualTo(isVoter ? voters : Set.of());
            assertThat(quorum.isReadable(node.nowMillis()))
                    .as("%s may be read", node.name())
                    .isEqualTo(isVoter);
            if (isVoter) {
                assertThat(quorum.leader()).isEqualTo(first.name());
            }
            if (map.rank(node.name()) >= 0) {
                assertThat(rows(node)).as("rows of %s", node.name()).isEqualTo(rows);
            } else if (isWhole(node)) {
                assertThat(MonMapRows.read(new KeyValueMonStore(node.keyValue())))
                        .as("map of %s, which is no member", node.name())
                        .isEqualTo(map);
            }
        }
    }

    /** Everything but what is each monitor's own. */
    private static Map<MonKey, Bytes> rows(SimNode node) {
        TreeMap<MonKey, Bytes> rows = new TreeMap<>();
        MonStore store = new KeyValueMonStore(node.keyValue());
        for (MonTransaction.Change row :
                store.rows(Optional.empty(), Integer.MAX_VALUE).changes()) {
            String prefix = row.key().prefix();
            if (!prefix.equals(PaxosLog.PREFIX) && !prefix.equals(Election.PREFIX)) {
                rows.put(row.key(), row.value().orElseThrow());
            }
        }
        rows.put(PaxosLog.LAST, MonKey.number(store.number(PaxosLog.LAST)));
        return rows;
    }

    /** Newest version decided. */
    public long newest() {
        return newest;
    }
}
