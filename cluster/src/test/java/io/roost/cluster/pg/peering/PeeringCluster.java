package io.roost.cluster.pg.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.wire.PeerMessageCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The OSDs of one placement group, and a monitor who does what the test says. Messages go through their codec; they wait
 * for the map of their sender, and are lost with either end's life.
 */
final class PeeringCluster {
    static final PgId PG = new PgId(1, 0);
    private static final Locator LOCATOR = new Locator(1, Bytes.utf8("l"));

    final TreeMap<Integer, PeeringOsd> osds = new TreeMap<>();
    final List<OsdMap> maps = new ArrayList<>();
    final ArrayDeque<Delivery> deliveries = new ArrayDeque<>();
    /** Name → version of each change, acknowledged or not → what it makes of the name: the version, or NONE. */
    private final TreeMap<Bytes, TreeMap<ObjectVersion, ObjectVersion>> possible = new TreeMap<>();

    /** Name → version of the newest change that was acknowledged. */
    final TreeMap<Bytes, ObjectVersion> acknowledged = new TreeMap<>();

    final List<ObjectVersion> acknowledgedVersions = new ArrayList<>();
    final TreeMap<String, Integer> marks = new TreeMap<>();
    final StringBuilder transcript = new StringBuilder();
    private int oldestEpoch = 1;
    private long requests;

    /**
     * Something on its way.
     *
     * @param from the sender
     * @param to the receiver, who must have the sender's map
     * @param mapEpoch of the sender
     */
    record Delivery(PeeringOsd from, PeeringOsd to, int mapEpoch, Runnable arrive) {}

    /** A pool of size 3 and min_size 2 on the OSDs 0, 1 and 2 of so many. */
    PeeringCluster(int count) {
        this(count, 3, 2);
    }

    PeeringCluster(int count, int size, int minSize) {
        Pool sample = SampleMaps.pool(1, 1, 1, 0);
        Pool pool =
                new Pool(1, sample.name(), sample.type(), size, minSize, 1, 1, sample.crushRule(), sample.flags(), 1);
        OsdMap first = SampleMaps.of("host3x3", pool);
        maps.add(first);
        List<OsdMapChange> changes = new ArrayList<>();
        for (int osd = count; osd < first.state().crush().maxDevices(); osd++) {
            changes.add(new OsdMapChange.RemoveOsd(osd));
        }
        changes.add(new OsdMapChange.SetUpmap(PG, firstOsds(size)));
        maps.add(SampleMaps.next(first, changes.toArray(new OsdMapChange[0])));
        for (int osd = 0; osd < count; osd++) {
            osds.put(osd, new PeeringOsd(this, osd, PG, newest()));
        }
        osds.values().stream().filter(osd -> osd.id < size).forEach(PeeringOsd::create);
    }

    private static List<Integer> firstOsds(int size) {
        List<Integer> first = new ArrayList<>();
        for (int osd = 0; osd < size; osd++) {
            first.add(osd);
        }
        return first;
    }

    PeeringOsd osd(int id) {
        return osds.get(id);
    }

    Peering peering(int id) {
        return osds.get(id).peering;
    }

    OsdMap newest() {
        return maps.get(maps.size() - 1);
    }

    OsdMap map(int epoch) {
        return maps.get(epoch - 1);
    }

    int oldestEpoch() {
        return oldestEpoch;
    }

    /** Maps before an epoch are not to be had any more. */
    void dropMaps(int before) {
        if (before > oldestEpoch) {
            oldestEpoch = before;
            transcript.append("maps before e").append(before).append(" are dropped\n");
        }
    }

    // ---- the monitor ----

    /** Makes the next map, and gives it to everyone alive. */
    void change(OsdMapChange... changes) {
        make(changes);
        osds.values().stream().filter(osd -> osd.isAlive).forEach(osd -> osd.onMap(newest()));
    }

    /** Makes the next map, and gives it to nobody. */
    void make(OsdMapChange... changes) {
        maps.add(SampleMaps.next(newest(), changes));
        transcript.append("map e").append(newest().epoch());
        Arrays.stream(changes).forEach(change -> transcript.append(' ').append(describe(change)));
        transcript.append('\n');
    }

    private static String describe(OsdMapChange change) {
        if (change instanceof OsdMapChange.PutOsd put) {
            OsdInfo osd = put.osd();
            return "osd." + osd.id() + " " + osd.state() + " up_from " + osd.upFrom() + " up_thru " + osd.upThru();
        }
        return change.toString();
    }

    OsdMapChange down(int osd) {
        return new OsdMapChange.PutOsd(newest().osd(osd).down(newest().epoch() + 1));
    }

    OsdMapChange up(int osd) {
        OsdInfo info = newest().osd(osd);
        return new OsdMapChange.PutOsd(info.up(
                newest().epoch() + 1, info.uuid(), info.publicAddress(), info.clusterAddress(), info.features()));
    }

    OsdMapChange upThru(int osd, int epoch) {
        return new OsdMapChange.PutOsd(newest().osd(osd).withUpThru(epoch));
    }

    /** What OSDs that are up have asked for. */
    List<OsdMapChange> wanted() {
        List<OsdMapChange> changes = new ArrayList<>();
        for (PeeringOsd osd : osds.values()) {
            OsdInfo info = newest().osd(osd.id);
            if (osd.isRunning() && info.isUp()) {
                if (osd.wantedUpThru > info.upThru()) {
                    changes.add(upThru(osd.id, osd.wantedUpThru));
                }
                List<Integer> temporary = newest().state().pgTemp().getOrDefault(PG, List.of());
                boolean isWanted = osd.wantedPgTemp != null && !osd.wantedPgTemp.equals(temporary);
                if (isWanted && newest().primary(PG) == osd.id) {
                    changes.add(new OsdMapChange.SetPgTemp(PG, osd.wantedPgTemp));
                }
            }
        }
        return changes;
    }

    /** An OSD's process ends and is marked down. */
    void stop(int osd) {
        osd(osd).crash();
        lose(osd(osd));
        change(down(osd));
    }

    /** An OSD's process begins again and is marked up. */
    void start(int osd) {
        osd(osd).restart();
        change(up(osd));
    }

    // ---- the network ----

    void send(PeeringOsd from, int to, PeeringMessage message) {
        Bytes bytes = PeerMessageCodec.encode(message);
        send(from, to, () -> {
            PeeringMessage decoded = (PeeringMessage) PeerMessageCodec.decode(bytes);
            transcript.append("osd.").append(from.id).append(" -> osd.").append(to);
            transcript.append(": ").append(describe(decoded)).append('\n');
            osd(to).onMessage(from.id, decoded);
        });
    }

    /** Sends something by a sender's map; it is lost unless both are then in the life that this map knows of. */
    void send(PeeringOsd from, int to, Runnable arrive) {
        PeeringOsd receiver = osds.get(to);
        OsdMap map = from.map;
        if (receiver == null || !receiver.isAlive || !from.isRunning() || !map.isUp(to)) {
            return;
        }
        int fromLife = map.osd(from.id).upFrom();
        int toLife = map.osd(to).upFrom();
        deliveries.add(new Delivery(from, receiver, map.epoch(), () -> {
            OsdMap known = receiver.map;
            boolean isSameLife = receiver.isRunning()
                    && known.osd(to).upFrom() == toLife
                    && known.isUp(from.id)
                    && known.osd(from.id).upFrom() == fromLife;
            if (isSameLife) {
                arrive.run();
            }
        }));
    }

    private static String describe(PeeringMessage message) {
        if (message instanceof PeeringMessage.Log log) {
            return "Log since " + log.since() + versions(log.entries()) + " missing "
                    + log.missing().size();
        } else if (message instanceof PeeringMessage.Activate activate) {
            return "Activate " + activate.start() + " " + activate.info() + " since " + activate.since()
                    + versions(activate.entries());
        }
        return message.toString();
    }

    private static List<ObjectVersion> versions(List<Bytes> rows) {
        return rows.stream().map(row -> LogEntry.decode(row).version()).toList();
    }

    void later(PeeringOsd osd, Runnable arrive) {
        deliveries.add(new Delivery(osd, osd, 0, arrive));
    }

    /** Everything on its way to or from an OSD is lost. */
    void lose(PeeringOsd osd) {
        deliveries.removeIf(delivery -> delivery.from() == osd || delivery.to() == osd);
    }

    /** Delivers all that is on its way, and what follows from it. */
    void deliver() {
        for (Delivery next = deliveries.poll(); next != null; next = deliveries.poll()) {
            next.arrive().run();
        }
    }

    /** Delivers everything and lets the monitor grant what is asked for, until nothing happens any more. */
    void settle() {
        for (int round = 0; round < 100; round++) {
            deliver();
            List<OsdMapChange> wanted = wanted();
            if (wanted.isEmpty()) {
                return;
            }
            change(wanted.toArray(new OsdMapChange[0]));
        }
        throw new AssertionError("no end after 100 rounds\n" + transcript);
    }

    // ---- writes ----

    Bytes key(Bytes name) {
        return KeyLayout.entry(LOCATOR, name);
    }

    /** The entry with which a primary puts or deletes a name. */
    LogEntry entry(PeeringOsd primary, Bytes name, LogEntry.Kind kind) {
        ObjectVersion head = primary.copy.log().head();
        ObjectVersion prior = primary.entries.getOrDefault(key(name), ObjectVersion.NONE);
        ObjectVersion version = new ObjectVersion(primary.map.epoch(), head.version() + 1);
        ObjectVersion result = kind == LogEntry.Kind.DELETE ? ObjectVersion.NONE : version;
        possible.computeIfAbsent(name, n -> new TreeMap<>()).put(version, result);
        return new LogEntry(
                version,
                new RequestId(1, 1, ++requests),
                LOCATOR.key(),
                new LogEntry.Answer.Reply(0, Bytes.EMPTY),
                List.of(new LogEntry.Change(kind, prior, name)));
    }

    /** The primary writes, and these OSDs have it on disk; it is acknowledged when all of the acting set are among them. */
    LogEntry write(int primary, String name, LogEntry.Kind kind, Integer... on) {
        LogEntry entry = entry(osd(primary), Bytes.utf8(name), kind);
        Arrays.stream(on).forEach(osd -> osd(osd).append(entry));
        transcript.append("write ").append(name).append(' ').append(entry.version());
        transcript.append(" on ").append(Arrays.asList(on)).append('\n');
        if (Arrays.asList(on).containsAll(osd(primary).peering.mapping().acting())) {
            acknowledge(entry);
        }
        return entry;
    }

    LogEntry put(int primary, String name, Integer... on) {
        return write(primary, name, LogEntry.Kind.PUT, on);
    }

    void acknowledge(LogEntry entry) {
        acknowledgedVersions.add(entry.version());
        for (LogEntry.Change change : entry.changes()) {
            acknowledged.put(change.name(), entry.version());
        }
    }

    // ---- checks ----

    void onActive(PeeringOsd primary) {
        note(primary, "active with " + primary.activation.acting());
        checkMissing(primary);
        for (ObjectVersion version : acknowledgedVersions) {
            // An old primary may not have heard yet that others serve: who reads from it is held back by its lease.
            boolean isLater = version.epoch() >= primary.peering.sameIntervalSince();
            boolean isThere = isLater
                    || version.compareTo(primary.copy.log().tail()) <= 0
                    || primary.copy.log().versions().contains(version);
            assertThat(isThere)
                    .as("acknowledged %s in the log of the active primary osd.%d\n%s", version, primary.id, transcript)
                    .isTrue();
        }
    }

    /** What the primary believes that others miss is what they miss. */
    void checkMissing(PeeringOsd primary) {
        primary.activation.peers().forEach((id, peer) -> {
            PeeringOsd osd = osd(id);
            boolean isSameInterval = osd.isRunning()
                    && osd.peering != null
                    && osd.peering.sameIntervalSince() == primary.peering.sameIntervalSince();
            if (isSameInterval) {
                assertThat(peer.missing().items())
                        .as("missing on osd.%d, as osd.%d sees it\n%s", id, primary.id, transcript)
                        .isEqualTo(osd.copy.missing().items());
                assertThat(peer.lastBackfill()).isEqualTo(osd.copy.lastBackfill());
            }
        });
    }

    /** Gives every member what it misses and fills those that are being filled, from whoever has it. */
    void recover() {
        PeeringOsd primary = osd(newest().primary(PG));
        List<PeeringOsd> members = new ArrayList<>(List.of(primary));
        primary.activation.peers().keySet().forEach(peer -> members.add(osd(peer)));
        for (PeeringOsd member : members) {
            for (Map.Entry<Bytes, MissingItem> missing :
                    new TreeMap<>(member.copy.missing().items()).entrySet()) {
                recover(member, missing.getKey(), missing.getValue(), members);
            }
        }
        for (PeeringOsd member : members) {
            if (!member.copy.info().isComplete()) {
                member.entries.clear();
                member.entries.putAll(primary.entries);
                member.copy.backfilled(PgInfo.COMPLETE);
                member.write(member.copy.rows());
            }
        }
        primary.peering.onRecovered(primary);
    }

    void recover(PeeringOsd member, Bytes key, MissingItem item, List<PeeringOsd> sources) {
        if (item.wanted() == MissingItem.Wanted.ABSENT) {
            member.recover(key, null);
            return;
        }
        for (PeeringOsd source : sources) {
            if (source.copy != null
                    && source.copy.missing().item(key) == null
                    && item.need().equals(source.entries.get(key))) {
                member.recover(key, item.need());
                return;
            }
        }
    }

    /** All of the acting set has the same log and the same entries, and these are what was acknowledged, or newer. */
    void checkClean() {
        List<Integer> acting = newest().acting(PG);
        PeeringOsd primary = osd(newest().primary(PG));
        assertThat(primary.peering.phase()).as(transcript.toString()).isEqualTo(PeeringPhase.ACTIVE);
        for (int id : acting) {
            PeeringOsd osd = osd(id);
            assertThat(osd.copy.missing().items()).as("missing on osd.%d", id).isEmpty();
            assertThat(osd.entries).as("entries of osd.%d\n%s", id, transcript).isEqualTo(primary.entries);
            assertThat(osd.copy.log().head()).isEqualTo(primary.copy.log().head());
        }
        acknowledged.forEach((name, version) -> {
            ObjectVersion is = primary.entries.getOrDefault(key(name), ObjectVersion.NONE);
            assertThat(possible.get(name).tailMap(version, true).values())
                    .as("%s, of which %s was acknowledged\n%s", name, version, transcript)
                    .contains(is);
        });
    }

    void note(PeeringOsd osd, String what) {
        transcript.append("osd.").append(osd.id).append(' ').append(what).append('\n');
    }

    void count(String event) {
        transcript.append("  (").append(event).append(")\n");
        marks.merge(event, 1, Integer::sum);
    }
}
