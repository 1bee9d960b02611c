package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.sim.SimNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must always hold among monitors, seen by somebody who sees everything: one leader in an epoch, one value for a
 * version, decided only when a majority has it on disk; nothing accepted is forgotten; who may answer reads knows all
 * that is decided.
 */
public final class QuorumChecks {
    private final SimCluster cluster;
    /** Version → the value decided. */
    private final TreeMap<Long, Bytes> decided = new TreeMap<>();
    /** Version → the value accepted last by each monitor. */
    private final TreeMap<Long, Map<String, Bytes>> accepted = new TreeMap<>();

    /** Version → the registers as the log makes them. */
    private final TreeMap<Long, Map<MonKey, Bytes>> registers = new TreeMap<>();

    private final TreeMap<Integer, String> leaders = new TreeMap<>();
    private final Map<String, Stored> stored = new HashMap<>();
    private final Map<String, SimDisk> disks = new HashMap<>();
    private long newest;

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
        assertThat(2 * have.size())
                .as("monitors with version %d when it is decided", version)
                .isGreaterThan(cluster.nodes().size());
    }

    private void checkLeader(SimNode node) {
        Quorum quorum = QuorumNode.of(node);
        if (quorum.leader() == null) {
            return;
        }
        String known = leaders.putIfAbsent(quorum.epoch(), quorum.leader());
        assertThat(known == null || known.equals(quorum.leader()))
                .as("epoch %d is led by %s and %s", quorum.epoch(), known, quorum.leader())
                .isTrue();
        assertThat(2 * quorum.members().size())
                .as("quorum %s", quorum.members())
                .isGreaterThan(cluster.nodes().size());
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

    /** All are in one quorum, and have the same. */
    public void checkAllAgree() {
        SimNode first = cluster.nodes().get(0);
        Map<MonKey, Bytes> rows = rows(first);
        for (SimNode node : cluster.nodes()) {
            Quorum quorum = QuorumNode.of(node);
            assertThat(quorum.members())
                    .as("quorum of %s", node.name())
                    .hasSize(cluster.nodes().size());
            assertThat(quorum.leader()).isEqualTo(first.name());
            assertThat(quorum.isReadable(node.nowMillis()))
                    .as("%s may be read", node.name())
                    .isTrue();
            assertThat(rows(node)).as("rows of %s", node.name()).isEqualTo(rows);
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
