package io.roost.cluster.pg.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A placement group on a few OSDs for which anything can happen at any time: messages and maps arrive when chance wants,
 * each pair of OSDs in order; OSDs end, begin again, are marked down though they live, or get other neighbours; the
 * primary writes. Then all is well again, and what was acknowledged must be there, on everyone.
 *
 * <p>Longer than others: it is a list of steps that read the same few fields.
 */
final class PeeringSimulation {
    private static final int STEPS = 1500;
    private static final int CHECK_EVERY = 25;

    private final SplittableRandom random;
    private final PeeringCluster cluster;
    private final int count;
    private final int size;
    private final int minSize;
    private final int faultEvery;
    private final TreeMap<String, Integer> progress = new TreeMap<>();
    private final TreeMap<String, Integer> faults = new TreeMap<>();
    /** Writes of the present activation of a primary that not all have yet. */
    private final TreeMap<ObjectVersion, Pending> pending = new TreeMap<>();

    private record Pending(LogEntry entry, Activation of, Set<Integer> waiting) {}

    PeeringSimulation(long seed) {
        random = new SplittableRandom(seed);
        size = random.nextInt(10) == 0 ? 1 : 2 + random.nextInt(2);
        minSize = size == 1 ? 1 : 1 + random.nextInt(size);
        count = size + random.nextInt(3);
        cluster = new PeeringCluster(count, size, minSize);
        faultEvery = 5 + random.nextInt(100);
        for (String action : List.of("deliver", "map", "grant", "write", "restart", "up", "notice", "recover")) {
            progress.put(action, 1 + random.nextInt(20));
        }
        progress.merge("deliver", 20, Integer::sum);
        for (String fault : List.of("crash", "down", "move", "trim", "reset", "dropMaps", "strand")) {
            faults.put(fault, random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(10));
        }
        faults.merge("strand", 1, Integer::sum);
    }

    String transcript() {
        return cluster.transcript.toString();
    }

    Map<String, Integer> marks() {
        return cluster.marks;
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(faultEvery) == 0) {
                act(oneOf(faults));
            } else {
                boolean hasActed = false;
                for (int tries = 0; tries < 20 && !hasActed; tries++) {
                    hasActed = act(oneOf(progress));
                }
            }
            dropDiscarded();
            if (step % CHECK_EVERY == 0) {
                check();
            }
        }
        heal();
    }

    private String oneOf(SortedMap<String, Integer> weights) {
        int left = random.nextInt(
                weights.values().stream().mapToInt(Integer::intValue).sum());
        for (Map.Entry<String, Integer> weight : weights.entrySet()) {
            left -= weight.getValue();
            if (left < 0) {
                return weight.getKey();
            }
        }
        throw new AssertionError(weights);
    }

    /** With an activation end its writes: nobody will be told of them. */
    private void dropDiscarded() {
        pending.values()
                .removeIf(write -> cluster.osds.values().stream()
                        .noneMatch(osd -> write.of().equals(osd.activation)));
    }

    /** False when there was nothing to do. */
    private boolean act(String action) {
        PeeringOsd osd = cluster.osd(random.nextInt(count));
        List<PeeringOsd> active =
                cluster.osds.values().stream().filter(PeeringOsd::isActive).toList();
        PeeringOsd primary = active.isEmpty() ? osd : active.get(random.nextInt(active.size()));
        return switch (action) {
            case "deliver" -> deliver();
            case "map" -> nextMap(osd);
            case "crash" -> crash(osd);
            case "restart" -> restart(osd);
            case "down" -> markDown(osd);
            case "notice" -> !osd.isAlive && markDown(osd);
            case "up" -> markUp(osd);
            case "grant" -> grant();
            case "move" -> move();
            case "write" -> write(primary);
            case "trim" -> trim(primary);
            case "strand" -> strand(primary);
            case "reset" -> reset(osd, cluster.osd(random.nextInt(count)));
            case "dropMaps" -> dropMaps(primary);
            case "recover" -> recover(primary);
            default -> throw new AssertionError(action);
        };
    }

    private boolean deliver() {
        List<PeeringCluster.Delivery> first = new ArrayList<>();
        Set<List<Integer>> pairs = new HashSet<>();
        for (PeeringCluster.Delivery delivery : cluster.deliveries) {
            boolean isNext = pairs.add(List.of(delivery.from().id, delivery.to().id));
            if (isNext && delivery.to().map.epoch() >= delivery.mapEpoch()) {
                first.add(delivery);
            }
        }
        if (first.isEmpty()) {
            return false;
        }
        PeeringCluster.Delivery next = first.get(random.nextInt(first.size()));
        cluster.deliveries.removeFirstOccurrence(next);
        next.arrive().run();
        return true;
    }

    private boolean nextMap(PeeringOsd osd) {
        if (!osd.isAlive || osd.map.epoch() == cluster.newest().epoch()) {
            return false;
        }
        osd.onMap(cluster.map(Math.max(osd.map.epoch() + 1, cluster.oldestEpoch())));
        cluster.note(osd, "has map e" + osd.map.epoch());
        return true;
    }

    private boolean crash(PeeringOsd osd) {
        if (!osd.isAlive) {
            return false;
        }
        cluster.note(osd, "crashes");
        osd.crash();
        cluster.lose(osd);
        return true;
    }

    private boolean restart(PeeringOsd osd) {
        if (osd.isAlive) {
            return false;
        }
        cluster.note(osd, "restarts");
        osd.restart();
        return true;
    }

    private boolean markDown(PeeringOsd osd) {
        if (!cluster.newest().isUp(osd.id)) {
            return false;
        }
        cluster.make(cluster.down(osd.id));
        return true;
    }

    /** As its boot makes the monitors do: first down, if they have not noticed. */
    private boolean markUp(PeeringOsd osd) {
        boolean isWaiting = osd.isAlive
                && !osd.isRunning()
                && osd.map.epoch() == cluster.newest().epoch();
        if (isWaiting) {
            cluster.make(cluster.newest().isUp(osd.id) ? cluster.down(osd.id) : cluster.up(osd.id));
        }
        return isWaiting;
    }

    private boolean grant() {
        List<OsdMapChange> wanted = cluster.wanted();
        if (!wanted.isEmpty()) {
            cluster.make(wanted.get(random.nextInt(wanted.size())));
        }
        return !wanted.isEmpty();
    }

    private boolean move() {
        List<Integer> osds = new ArrayList<>();
        while (osds.size() < size) {
            int osd = random.nextInt(count);
            if (!osds.contains(osd)) {
                osds.add(osd);
            }
        }
        cluster.make(new OsdMapChange.SetUpmap(PeeringCluster.PG, osds));
        return true;
    }

    // ---- writes ----

    private boolean serves(PeeringOsd osd) {
        return osd.isRunning()
                && osd.isActive()
                && osd.activation.acting().size() >= minSize
                && osd.copy.missing().isEmpty();
    }

    private boolean write(PeeringOsd primary) {
        if (!serves(primary)) {
            return false;
        }
        Bytes name = Bytes.utf8("k" + random.nextInt(6));
        if (mustWait(primary, name)) {
            return false;
        }
        LogEntry.Kind kind = random.nextInt(4) == 0 ? LogEntry.Kind.DELETE : LogEntry.Kind.PUT;
        LogEntry entry = cluster.entry(primary, name, kind);
        Activation activation = primary.activation;
        cluster.note(primary, "writes " + entry.version() + " " + name);
        pending.put(
                entry.version(),
                new Pending(entry, activation, new TreeSet<>(activation.peers().keySet())));
        primary.append(entry);
        activation.peers().keySet().forEach(peer -> replicate(primary, peer, entry, activation));
        acknowledge();
        return true;
    }

    /**
     * What is missing on an OSD that takes part must not be written over before it is there. Otherwise, if the write is
     * taken back, nobody has what was before it: this one has written over it, that one never got it.
     */
    private boolean mustWait(PeeringOsd primary, Bytes name) {
        return primary.activation.peers().keySet().stream().anyMatch(peer -> {
            LocalCopy copy = cluster.osd(peer).copy;
            return copy == null || copy.missing().item(cluster.key(name)) != null;
        });
    }

    private void replicate(PeeringOsd primary, int peer, LogEntry entry, Activation activation) {
        int epoch = primary.map.epoch();
        cluster.send(primary, peer, () -> onReplicate(cluster.osd(peer), primary, epoch, entry, activation));
    }

    private void onReplicate(PeeringOsd peer, PeeringOsd primary, int epoch, LogEntry entry, Activation activation) {
        if (peer.peering == null
                || peer.peering.phase() != PeeringPhase.REPLICA_ACTIVE
                || peer.map.primary(PeeringCluster.PG) != primary.id
                || epoch < peer.peering.sameIntervalSince()) {
            return;
        }
        if (entry.version().compareTo(peer.copy.log().head()) > 0) {
            peer.append(entry);
            cluster.note(peer, "has " + entry.version());
        }
        cluster.send(peer, primary.id, () -> {
            Pending write = pending.get(entry.version());
            if (write != null && activation.equals(primary.activation)) {
                write.waiting().remove(peer.id);
                acknowledge();
            }
        });
    }

    private void acknowledge() {
        while (!pending.isEmpty() && pending.firstEntry().getValue().waiting().isEmpty()) {
            cluster.acknowledge(pending.pollFirstEntry().getValue().entry());
        }
    }

    /** Only what everyone has may be trimmed, and all trim alike. */
    private boolean trim(PeeringOsd primary) {
        if (serves(primary) && pending.isEmpty()) {
            int kept = random.nextInt(5);
            primary.trim(kept);
            ObjectVersion tail = primary.copy.log().tail();
            cluster.note(primary, "trims to " + tail);
            return true;
        }
        return false;
    }

    /** The primary writes, some of the others get it, and it ends or is marked down. */
    private boolean strand(PeeringOsd primary) {
        write(primary);
        for (PeeringOsd peer : cluster.osds.values()) {
            if (random.nextBoolean()) {
                deliver(primary, peer);
            }
        }
        if (random.nextInt(4) > 0) {
            crash(primary);
        }
        return markDown(primary);
    }

    private void deliver(PeeringOsd from, PeeringOsd to) {
        for (PeeringCluster.Delivery delivery : new ArrayList<>(cluster.deliveries)) {
            if (delivery.from() == from && delivery.to() == to) {
                if (to.map.epoch() < delivery.mapEpoch()) {
                    return;
                }
                cluster.deliveries.remove(delivery);
                delivery.arrive().run();
            }
        }
    }

    /** The connections between two OSDs break. */
    private boolean reset(PeeringOsd one, PeeringOsd other) {
        if (one == other || !one.isRunning() || !other.isRunning()) {
            return false;
        }
        cluster.note(one, "loses its connections with osd." + other.id);
        cluster.deliveries.removeIf(delivery -> (delivery.from() == one && delivery.to() == other)
                || (delivery.from() == other && delivery.to() == one));
        onReset(one, other);
        onReset(other, one);
        return true;
    }

    private void onReset(PeeringOsd osd, PeeringOsd peer) {
        if (osd.peering == null) {
            return;
        }
        osd.peering.onReset(peer.id, osd);
        for (Pending write : pending.values()) {
            if (write.of().equals(osd.activation) && write.waiting().contains(peer.id)) {
                replicate(osd, peer.id, write.entry(), write.of());
            }
        }
    }

    /** As the monitors do: no map that an acting OSD may still want is dropped. */
    private boolean dropMaps(PeeringOsd primary) {
        if (!primary.isRunning() || !primary.isActive()) {
            return false;
        }
        int needed = cluster.newest().epoch();
        for (int id : primary.activation.acting()) {
            PeeringOsd osd = cluster.osd(id);
            if (!osd.isRunning() || osd.copy == null) {
                return false;
            }
            needed = Math.min(needed, osd.copy.history().lastEpochClean());
        }
        cluster.dropMaps(needed);
        return true;
    }

    // ---- recovery, at once ----

    private boolean isMember(PeeringOsd osd, PeeringOsd primary) {
        return osd == primary
                || (osd.isRunning()
                        && osd.peering != null
                        && osd.peering.phase() == PeeringPhase.REPLICA_ACTIVE
                        && osd.map.primary(PeeringCluster.PG) == primary.id
                        && osd.peering.sameIntervalSince() == primary.peering.sameIntervalSince());
    }

    private boolean recover(PeeringOsd primary) {
        if (!primary.isRunning() || !primary.isActive()) {
            return false;
        }
        List<PeeringOsd> members = new ArrayList<>();
        cluster.osds.values().stream().filter(osd -> isMember(osd, primary)).forEach(members::add);
        PeeringOsd member = members.get(random.nextInt(members.size()));
        if (!member.copy.missing().isEmpty()) {
            Map.Entry<Bytes, MissingItem> item = member.copy.missing().items().firstEntry();
            if (pending.isEmpty() || member == primary) {
                cluster.recover(member, item.getKey(), item.getValue(), sources(primary, members));
            }
        } else if (!member.copy.info().isComplete() && primary.copy.missing().isEmpty() && pending.isEmpty()) {
            fill(member, primary);
        }
        boolean isAllThere = members.size() == primary.activation.peers().size() + 1
                && pending.isEmpty()
                && members.stream()
                        .allMatch(osd -> osd.copy.missing().isEmpty()
                                && osd.copy.info().isComplete()
                                && osd.copy
                                        .log()
                                        .head()
                                        .equals(primary.copy.log().head()));
        if (isAllThere) {
            primary.peering.onRecovered(primary);
        }
        return true;
    }

    /** Who may be asked for an entry: members, and whoever else is heard and has a copy that counts. */
    private List<PeeringOsd> sources(PeeringOsd primary, List<PeeringOsd> members) {
        List<PeeringOsd> sources = new ArrayList<>(members);
        for (PeeringOsd osd : cluster.osds.values()) {
            if (!members.contains(osd) && osd.isRunning() && osd.copy != null && osd != primary) {
                sources.add(osd);
            }
        }
        return sources;
    }

    private void fill(PeeringOsd member, PeeringOsd primary) {
        Bytes begin = member.copy.lastBackfill();
        Bytes end = PgInfo.COMPLETE;
        for (Bytes key : primary.entries.tailMap(begin, false).keySet()) {
            if (random.nextInt(3) == 0) {
                end = key;
                break;
            }
        }
        member.entries.subMap(begin, false, end, true).clear();
        member.entries.putAll(primary.entries.subMap(begin, false, end, true));
        member.copy.backfilled(end);
        member.write(member.copy.rows());
        cluster.note(member, "is filled up to " + end);
    }

    // ---- checks ----

    /** At no time can two be active that the same write could reach, and what is not missing is as the log says. */
    private void check() {
        for (PeeringOsd osd : cluster.osds.values()) {
            if (osd.copy == null || osd.peering == null) {
                continue;
            }
            Map<Bytes, ObjectVersion> newest = new TreeMap<>();
            for (Bytes row : osd.logRows.values()) {
                LogEntry entry = LogEntry.decode(row);
                for (LogEntry.Change change : entry.changes()) {
                    boolean isDeleted = change.kind() == LogEntry.Kind.DELETE;
                    newest.put(cluster.key(change.name()), isDeleted ? ObjectVersion.NONE : entry.version());
                }
            }
            newest.forEach((key, version) -> {
                boolean isAbsent = key.compareTo(osd.copy.lastBackfill()) > 0;
                if (!isAbsent && osd.copy.missing().item(key) == null) {
                    assertThat(osd.entries.getOrDefault(key, ObjectVersion.NONE))
                            .as("%s on osd.%d, which is not missing\n%s", key, osd.id, cluster.transcript)
                            .isEqualTo(version);
                }
            });
        }
    }

    private void heal() {
        cluster.note(cluster.osd(0), "---- all is well from here on");
        for (int round = 0; round < 3000; round++) {
            cluster.osds.values().forEach(this::restart);
            boolean hasMoved = deliver();
            for (PeeringOsd osd : cluster.osds.values()) {
                hasMoved |= nextMap(osd);
            }
            if (!hasMoved) {
                cluster.osds.values().forEach(this::markUp);
                grant();
                dropDiscarded();
                cluster.osds.values().forEach(this::recover);
                check();
                if (isClean()) {
                    cluster.checkClean();
                    return;
                }
            }
        }
        throw new AssertionError("not clean after all is well: "
                + cluster.osds.values().stream()
                        .map(osd -> "osd." + osd.id + " " + (osd.peering == null ? "-" : osd.peering.phase()))
                        .toList()
                + "\n" + cluster.transcript);
    }

    private boolean isClean() {
        PeeringOsd primary = cluster.osds.get(cluster.newest().primary(PeeringCluster.PG));
        boolean isAllUp = cluster.osds.values().stream()
                .allMatch(osd ->
                        osd.isRunning() && osd.map.epoch() == cluster.newest().epoch());
        return isAllUp
                && primary != null
                && primary.isActive()
                && cluster.deliveries.isEmpty()
                && cluster.wanted().isEmpty()
                && primary.copy.pastIntervals().isEmpty()
                && primary.copy.history().lastEpochClean() >= primary.peering.sameIntervalSince();
    }
}
