package io.roost.cluster.daemon;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.transport.Attachment;
import io.roost.cluster.transport.Session;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The sessions that an OSD's event loops begin with other OSDs, one for each loop and OSD: what a placement group says to a
 * peer stays in order, because it belongs to one loop. Nobody answers in them; the peer has sessions of its own. For any
 * thread.
 */
final class PeerSessions {
    /** Told when a session ends: what was said in it may be lost. */
    interface Resets {
        /** The session of an event loop with an OSD has ended. */
        void onPeerReset(int shard, int osd);
    }

    private record Use(int shard, int osd) {}

    private record Held(NodeAddress address, Session session) {}

    private final Supplier<Attachment> self;
    private final Supplier<OsdMap> map;
    private final Resets resets;
    private final Map<Use, Held> held = new ConcurrentHashMap<>();
    private final Map<Long, Use> uses = new ConcurrentHashMap<>();

    /**
     * No sessions yet.
     *
     * @param self the OSD in its present life
     * @param map the newest
     */
    PeerSessions(Supplier<Attachment> self, Supplier<OsdMap> map, Resets resets) {
        this.self = self;
        this.map = map;
        this.resets = resets;
    }

    /** Sends, or drops a message to an OSD that is not up: the map tells its placement groups, or will. */
    void send(int shard, int osd, PeerMessage message) {
        OsdMap newest = map.get();
        if (newest.isUp(osd)) {
            session(new Use(shard, osd), newest.osd(osd).clusterAddress()).send(message);
        }
    }

    private Session session(Use use, NodeAddress address) {
        Held present = held.get(use);
        boolean isSame = present != null && present.address().equals(address);
        if (isSame
                && (present.session().isUsable()
                        || uses.containsKey(present.session().number()))) {
            // One whose end is not told yet drops what it is given: nothing may arrive after a gap that nobody knows
            // of.
            return present.session();
        }
        if (present != null && !isSame) {
            present.session().close();
        }
        Target target = new Target(EntityName.osd(use.osd()), address);
        Session session = self.get().session(target, Channel.BULK, use.shard());
        if (session.isUsable()) {
            held.put(use, new Held(address, session));
            uses.put(session.number(), use);
        }
        return session;
    }

    /** A session has ended; false when it is none of these. */
    boolean onClosed(Session session) {
        Use use = uses.remove(session.number());
        if (use != null) {
            resets.onPeerReset(use.shard(), use.osd());
        }
        return use != null;
    }
}
