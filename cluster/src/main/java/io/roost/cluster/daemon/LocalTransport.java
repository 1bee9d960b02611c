package io.roost.cluster.daemon;

import io.roost.cluster.client.Lane;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.OsdMessageCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries messages between the lanes of a client and the OSD of the same process: by reference, or through their bytes
 * when the codec is forced. A lane's number is its session.
 */
public final class LocalTransport implements Lane.Transport, OsdDaemon.Peers {
    /** How messages pass. */
    public enum Mode {
        /** The same object on both sides. */
        REFERENCES,
        /** Encoded and decoded, as between processes; for tests. */
        BYTES
    }

    /** Asks the monitor for maps newer than an epoch. */
    public interface MapSource {
        /** Maps follow by {@link LocalTransport#onMap}. */
        void want(int epoch);
    }

    private final Mode mode;
    private final MapSource maps;
    private final List<Lane> lanes = new ArrayList<>();
    private OsdDaemon osd;

    /** A transport without ends yet. */
    public LocalTransport(Mode mode, MapSource maps) {
        this.mode = mode;
        this.maps = maps;
    }

    /** Connects the ends; called once, before any message. */
    public void connect(OsdDaemon daemon, List<Lane> clientLanes) {
        osd = daemon;
        lanes.addAll(clientLanes);
    }

    /** A map for the OSD and every lane; on any thread. */
    public void onMap(OsdMap map) {
        osd.onMap(map);
        for (Lane lane : lanes) {
            lane.context().runOnContext(v -> lane.onMap(map));
        }
    }

    @Override
    public void send(Lane from, int target, OsdMessage.ToPrimary message) {
        osd.onMessage(from.number(), mode == Mode.BYTES ? (OsdMessage.ToPrimary) copy(message) : message);
    }

    @Override
    public void reply(int shard, long session, OsdMessage.ToClient message) {
        OsdMessage.ToClient passed = mode == Mode.BYTES ? (OsdMessage.ToClient) copy(message) : message;
        Lane lane = lanes.get((int) session);
        lane.execute(() -> lane.onMessage(0, passed));
    }

    @Override
    public void send(int shard, int peer, PeerMessage message) {
        throw new IllegalStateException("osd." + peer + " is not in this process; for it there was " + message);
    }

    private static OsdMessage copy(OsdMessage message) {
        Bytes bytes = OsdMessageCodec.encode(message);
        return OsdMessageCodec.decode(bytes);
    }

    @Override
    public void wantMap(Lane lane, int epoch) {
        maps.want(epoch);
    }

    @Override
    public void wantMap(int epoch) {
        maps.want(epoch);
    }
}
