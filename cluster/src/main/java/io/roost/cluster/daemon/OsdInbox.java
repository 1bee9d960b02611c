package io.roost.cluster.daemon;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.message.Message;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.transport.Party;
import io.roost.cluster.transport.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Takes what clients, other OSDs and monitors say to an OSD to whom it concerns; what is for its daemon waits until that has
 * begun. For any thread.
 */
final class OsdInbox implements Party {
    /** Messages that wait for the OSD to begin. */
    private static final int MAX_EARLY = 10_000;

    private final MonLink monitors;
    private final HeartbeatThread heartbeats;
    private final PeerSessions peers;
    private final Map<Long, Session> sessions = new ConcurrentHashMap<>();
    private final List<Consumer<OsdDaemon>> early = new ArrayList<>();
    private volatile OsdDaemon daemon;

    OsdInbox(MonLink monitors, HeartbeatThread heartbeats, PeerSessions peers) {
        this.monitors = monitors;
        this.heartbeats = heartbeats;
        this.peers = peers;
    }

    /** What serves; null before it has begun. */
    OsdDaemon daemon() {
        return daemon;
    }

    /** The daemon has begun: it gets what has waited, and all that comes. */
    void opens(OsdDaemon begun) {
        synchronized (early) {
            early.forEach(message -> message.accept(begun));
            early.clear();
            daemon = begun;
        }
    }

    /** Others know by the map that this OSD is up, before it has begun: what they say waits until then. */
    private void toDaemon(Session session, Consumer<OsdDaemon> message) {
        if (daemon == null) {
            synchronized (early) {
                if (daemon == null) {
                    if (early.size() < MAX_EARLY) {
                        early.add(message);
                    } else {
                        session.close();
                    }
                    return;
                }
            }
        }
        message.accept(daemon);
    }

    /** Answers a client, unless its session has ended. */
    void reply(long session, OsdMessage.ToClient message) {
        Session open = sessions.get(session);
        if (open != null) {
            open.send(message);
        } else if (message instanceof OsdMessage.OperationReply reply) {
            reply.data().release();
        }
    }

    @Override
    public boolean admits(Entity peer) {
        if (peer.name().kind() != EntityName.Kind.OSD) {
            return peer.name().kind() == EntityName.Kind.CLIENT;
        }
        OsdMap map = monitors.newestOsdMap();
        return map != null && map.osd(Integer.parseInt(peer.name().id())) != null;
    }

    @Override
    public void onOpened(Session session) {
        if (MonLink.concerns(session)) {
            monitors.onOpened(session);
        } else {
            sessions.put(session.number(), session);
        }
    }

    @Override
    public void onMessage(Session session, Message message) {
        if (MonLink.concerns(session)) {
            monitors.onMessage(session, message);
        } else if (message instanceof HeartbeatMessage heartbeat) {
            heartbeats.onMessage(session, heartbeat);
        } else if (message instanceof OsdMessage.ToPrimary toPrimary) {
            monitors.gossip(session, toPrimary.mapEpoch());
            toDaemon(session, running -> running.onMessage(session.number(), toPrimary));
        } else if (message instanceof PeerMessage ofPeer && isOsd(session)) {
            monitors.gossip(session, ofPeer.mapEpoch());
            toDaemon(session, running -> running.onPeerMessage(osdOf(session), ofPeer));
        } else if (message instanceof MonMessage.OsdMaps gossip) {
            monitors.onOsdMaps(gossip);
        } else {
            throw new MalformedBytesException(message.getClass().getSimpleName() + " is not for an OSD");
        }
    }

    @Override
    public void onClosed(Session session, CloseCause cause) {
        if (MonLink.concerns(session)) {
            monitors.onClosed(session, cause);
            return;
        }
        sessions.remove(session.number());
        monitors.forget(session);
        if (isOsd(session)) {
            heartbeats.onClosed(session, cause);
            if (!peers.onClosed(session) && daemon != null) {
                daemon.onPeerReset(osdOf(session));
            }
        } else if (daemon != null) {
            daemon.onSessionClosed(session.number());
        }
    }

    private static boolean isOsd(Session session) {
        return session.peer().name().kind() == EntityName.Kind.OSD;
    }

    private static int osdOf(Session session) {
        return Integer.parseInt(session.peer().name().id());
    }
}
