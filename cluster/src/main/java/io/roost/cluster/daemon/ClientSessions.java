package io.roost.cluster.daemon;

import io.roost.cluster.client.Lane;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.message.Message;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.transport.Attachment;
import io.roost.cluster.transport.Party;
import io.roost.cluster.transport.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions of a client: one with a monitor, and one for each lane and OSD that the lane has something to say to. When
 * one ends, its lane hears of it and sends again.
 */
final class ClientSessions implements Lane.Transport, Party {
    /** Where maps come from. */
    interface MapSource {
        /** Asks for maps newer than an epoch. */
        void want(int epoch);
    }

    private record Held(NodeAddress address, Session session) {}

    private record Use(Lane lane, int osd) {}

    private final MapSource maps;
    private final MonLink monitors;
    private final List<Integer> near;
    private final Map<Long, Use> uses = new ConcurrentHashMap<>();
    /** By lane and OSD; of a lane's own on its event loop only. */
    private final Map<Lane, Map<Integer, Held>> held = new ConcurrentHashMap<>();

    private volatile Attachment attachment;

    /**
     * Sessions of a client that is not attached yet.
     *
     * @param monitors null in a process whose maps come otherwise
     * @param near OSDs of this process
     */
    ClientSessions(MapSource maps, MonLink monitors, List<Integer> near) {
        this.near = List.copyOf(near);
        this.maps = maps;
        this.monitors = monitors;
    }

    /** The client is attached; called once, before any message. */
    void begin(Attachment client) {
        attachment = client;
    }

    @Override
    public void send(Lane from, int osd, OsdMessage.ToPrimary message) {
        OsdInfo info = from.map().osd(osd);
        Map<Integer, Held> ofLane = held.computeIfAbsent(from, lane -> new HashMap<>());
        Held present = ofLane.get(osd);
        if (present == null
                || !present.session().isUsable()
                || !present.address().equals(info.publicAddress())) {
            present = begin(from, osd, info.publicAddress(), present);
            ofLane.put(osd, present);
        }
        present.session().send(message);
    }

    private Held begin(Lane from, int osd, NodeAddress address, Held before) {
        if (before != null) {
            // What waits there is for an OSD that is gone; the lane has sent it again, or will by the map.
            uses.remove(before.session().number());
            before.session().close();
        }
        Target target = new Target(EntityName.osd(osd), address);
        Session session = attachment.session(target, Channel.BULK, from.number());
        uses.put(session.number(), new Use(from, osd));
        return new Held(address, session);
    }

    @Override
    public void wantMap(Lane lane, int epoch) {
        maps.want(epoch);
    }

    @Override
    public boolean isNear(int osd) {
        return near.contains(osd);
    }

    @Override
    public boolean admits(Entity peer) {
        // Nobody begins a session with a client.
        return false;
    }

    @Override
    public void onOpened(Session session) {
        if (MonLink.concerns(session)) {
            monitors.onOpened(session);
        }
    }

    @Override
    public void onMessage(Session session, Message message) {
        if (MonLink.concerns(session)) {
            monitors.onMessage(session, message);
        } else if (message instanceof OsdMessage.ToClient toClient) {
            Use use = uses.get(session.number());
            if (use != null) {
                if (monitors != null && toClient.mapEpoch() > 0) {
                    monitors.gossip(session, toClient.mapEpoch());
                }
                use.lane().execute(() -> use.lane().onMessage(use.osd(), toClient));
            } else if (toClient instanceof OsdMessage.OperationReply reply) {
                reply.data().release();
            }
        } else if (message instanceof MonMessage.OsdMaps gossip && monitors != null) {
            monitors.onOsdMaps(gossip);
        } else {
            throw new MalformedBytesException(message.getClass().getSimpleName() + " is not for a client");
        }
    }

    @Override
    public void onClosed(Session session, CloseCause cause) {
        if (MonLink.concerns(session)) {
            monitors.onClosed(session, cause);
            return;
        }
        if (monitors != null) {
            monitors.forget(session);
        }
        Use use = uses.remove(session.number());
        if (use != null) {
            use.lane().context().runOnContext(v -> use.lane().onReset(use.osd()));
        }
    }
}
