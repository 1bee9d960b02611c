package io.roost.cluster.heartbeat;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.HeartbeatMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An OSD's watch over others: it asks them at intervals, and reports who has not answered for the grace, again and again
 * until the map shows him down or he answers. That nobody listens at a peer's address is reported at once, for it proves
 * that the process is gone. A machine: one thread, time as input, effects out in order.
 *
 * <p>One that is not up asks too, and reports nobody: it is of no use before it hears everybody, for what it serves together with
 * one that it does not hear would wait for ever.
 *
 * <p>An OSD that is stuck itself neither asks nor answers nor reports: that others are silent would say nothing about them.
 */
public final class Heartbeats {
    /** What it wants done. */
    public interface Effects {
        /** Send to an OSD in the life that has this cluster address. */
        void send(int osd, NodeAddress address, HeartbeatMessage message);

        /**
         * Tell the monitors that an OSD is silent.
         *
         * @param silentMillis for how long
         * @param proof whether it may be slow, or is certainly gone
         */
        void report(int osd, NodeAddress address, long silentMillis, Proof proof);

        /** An OSD answers again that was reported. */
        void heardAgain(int osd, NodeAddress address);

        /** A peer knows this epoch of the map, which is newer than ours. */
        void onNewerMap(int epoch);

        /** A peer will not be asked any more. */
        void forget(int osd, NodeAddress address);

        /** While the map does not show this OSD up: whether it hears all that are up and not certainly gone. */
        void onConnected(boolean isConnected);
    }

    /** What is known of a peer that is reported. */
    public enum Proof {
        /** It does not answer. */
        SILENT,
        /** Nobody listens at its address. */
        GONE
    }

    /** Watched at least, so that every OSD has several watchers however placement falls: Ceph's number. */
    private static final int MIN_PEERS = 10;

    private static final class Peer {
        private final NodeAddress address;
        /** When the oldest ping without an answer was sent, or the last answer came. */
        private long aliveMillis;

        private long askedMillis;
        private long reportedMillis;
        /** It has answered since this OSD went down. */
        private boolean isHeard;

        private boolean isReported;
        private boolean isGone;

        Peer(NodeAddress address, long nowMillis, long intervalMillis) {
            this.address = address;
            this.aliveMillis = nowMillis;
            this.askedMillis = nowMillis - intervalMillis;
        }
    }

    private final int self;
    private final HeartbeatTiming timing;
    private final Map<Integer, Peer> peers = new TreeMap<>();
    private int mapEpoch;
    private boolean isUp;
    private boolean isStuck;

    /** A watch over nobody yet. */
    public Heartbeats(int self, HeartbeatTiming timing) {
        this.self = self;
        this.timing = timing;
    }

    /** Ids of the OSDs that are watched. */
    public Collection<Integer> peers() {
        return List.copyOf(peers.keySet());
    }

    /** A newer map: those are watched that share placement groups with this OSD, and some others. */
    public void onMap(OsdMap map, long nowMillis, Effects out) {
        if (map.epoch() <= mapEpoch) {
            return;
        }
        mapEpoch = map.epoch();
        if (isUp != map.isUp(self)) {
            isUp = !isUp;
            peers.values().forEach(peer -> {
                peer.isHeard = false;
                peer.isReported = false;
                peer.aliveMillis = nowMillis;
            });
        }
        SortedSet<Integer> wanted = watched(map);
        for (int known : peers()) {
            Peer peer = peers.get(known);
            boolean isSame =
                    wanted.contains(known) && map.osd(known).clusterAddress().equals(peer.address);
            if (!isSame) {
                peers.remove(known);
                out.forget(known, peer.address);
            }
        }
        for (int osd : wanted) {
            peers.computeIfAbsent(
                    osd, id -> new Peer(map.osd(id).clusterAddress(), nowMillis, timing.intervalMillis()));
        }
    }

    private SortedSet<Integer> watched(OsdMap map) {
        TreeSet<Integer> up = new TreeSet<>();
        for (OsdInfo osd : map.osds()) {
            if (osd.isUp() && osd.id() != self) {
                up.add(osd.id());
            }
        }
        if (up.size() <= MIN_PEERS) {
            return up;
        }
        // One that is down shares nothing: those whom it has watched are those that it will share with.
        TreeSet<Integer> watched = isUp ? new TreeSet<>() : new TreeSet<>(peers.keySet());
        for (Pool pool : map.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                List<Integer> acting = map.acting(new PgId(pool.id(), seed));
                if (acting.contains(self)) {
                    watched.addAll(acting);
                }
            }
        }
        watched.retainAll(up);
        // The next ones by number, so that each is also watched by as many as it watches.
        for (int osd : concat(up.tailSet(self), up.headSet(self))) {
            if (watched.size() >= MIN_PEERS) {
                break;
            }
            watched.add(osd);
        }
        return watched;
    }

    private static List<Integer> concat(Collection<Integer> first, Collection<Integer> second) {
        List<Integer> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** This OSD is stuck, or is not any more. */
    public void onStuck(boolean stuck, long nowMillis) {
        if (isStuck && !stuck) {
            // Nobody was asked meanwhile, so nobody has failed to answer.
            peers.values().forEach(peer -> peer.aliveMillis = nowMillis);
        }
        isStuck = stuck;
    }

    /** Time has passed; a few times an interval. */
    public void onTick(long nowMillis, Effects out) {
        if (isStuck) {
            return;
        }
        peers.forEach((osd, peer) -> {
            if (nowMillis - peer.askedMillis >= timing.intervalMillis()) {
                peer.askedMillis = nowMillis;
                out.send(osd, peer.address, new HeartbeatMessage.Ping(nowMillis, mapEpoch));
            }
            boolean isFailed = peer.isGone || nowMillis - peer.aliveMillis >= timing.graceMillis();
            if (isUp && isFailed && (!peer.isReported || nowMillis - peer.reportedMillis >= timing.reportMillis())) {
                report(osd, peer, nowMillis, out);
            }
        });
        if (!isUp) {
            out.onConnected(peers.values().stream().allMatch(peer -> isPresent(peer, nowMillis)));
        }
    }

    private boolean isPresent(Peer peer, long nowMillis) {
        return peer.isGone || (peer.isHeard && nowMillis - peer.aliveMillis < timing.graceMillis() / 2);
    }

    /** Another monitor answers: what the last one was told may be lost, so it is said again. */
    public void onSession(long nowMillis, Effects out) {
        if (!isStuck) {
            peers.forEach((osd, peer) -> {
                if (peer.isReported) {
                    report(osd, peer, nowMillis, out);
                }
            });
        }
    }

    private static void report(int osd, Peer peer, long nowMillis, Effects out) {
        peer.isReported = true;
        peer.reportedMillis = nowMillis;
        out.report(osd, peer.address, nowMillis - peer.aliveMillis, peer.isGone ? Proof.GONE : Proof.SILENT);
    }

    /** A message of another OSD. */
    public void onMessage(int from, NodeAddress address, HeartbeatMessage message, long nowMillis, Effects out) {
        if (isStuck) {
            return;
        }
        if (message.mapEpoch() > mapEpoch) {
            out.onNewerMap(message.mapEpoch());
        }
        if (message instanceof HeartbeatMessage.Ping ping) {
            out.send(from, address, new HeartbeatMessage.PingReply(ping.sentMillis(), mapEpoch));
            return;
        }
        Peer peer = peers.get(from);
        if (peer != null && peer.address.nonce() == address.nonce()) {
            // It was alive when it answered, which is after we asked: later is not known.
            peer.aliveMillis = Math.max(peer.aliveMillis, Math.min(message.sentMillis(), nowMillis));
            peer.isGone = false;
            peer.isHeard = true;
            if (peer.isReported && nowMillis - peer.aliveMillis < timing.graceMillis()) {
                peer.isReported = false;
                out.heardAgain(from, peer.address);
            }
        }
    }

    /** The connection to an OSD has broken: it is asked at once, for when its process is gone nobody listens there. */
    public void onReset(int osd, NodeAddress address, long nowMillis, Effects out) {
        Peer peer = peers.get(osd);
        if (peer != null && peer.address.equals(address) && !isStuck) {
            peer.askedMillis = nowMillis;
            out.send(osd, address, new HeartbeatMessage.Ping(nowMillis, mapEpoch));
        }
    }

    /** Nobody listens at an OSD's address. */
    public void onGone(int osd, NodeAddress address, long nowMillis, Effects out) {
        Peer peer = peers.get(osd);
        if (peer != null && peer.address.equals(address) && !isStuck) {
            boolean isNews = !peer.isGone;
            peer.isGone = true;
            if (isNews && isUp) {
                report(osd, peer, nowMillis, out);
            }
        }
    }
}
