package io.roost.cluster.wire;

import io.roost.cluster.message.ElectionMessage;
import io.roost.cluster.message.ForwardMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.message.PaxosMessage;
import io.roost.cluster.message.ProbeMessage;
import io.roost.cluster.message.SyncMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;

/** {@link MonPeerMessage} as bytes: a protocol byte, then the message as that protocol's codec has it. */
public final class MonPeerMessageCodec {
    private static final int ELECTION = 1;
    private static final int PAXOS = 2;
    private static final int PROBE = 3;
    private static final int SYNC = 4;
    private static final int FORWARD = 5;

    private MonPeerMessageCodec() {}

    /** The message's bytes. */
    public static Bytes encode(MonPeerMessage message) {
        ByteWriter out = new ByteWriter();
        if (message instanceof ElectionMessage election) {
            ElectionMessageCodec.write(out.u8(ELECTION), election);
        } else if (message instanceof PaxosMessage paxos) {
            PaxosMessageCodec.write(out.u8(PAXOS), paxos);
        } else if (message instanceof ProbeMessage probe) {
            ProbeMessageCodec.write(out.u8(PROBE), probe);
        } else if (message instanceof SyncMessage sync) {
            SyncMessageCodec.write(out.u8(SYNC), sync);
        } else if (message instanceof ForwardMessage forward) {
            ForwardMessageCodec.write(out.u8(FORWARD), forward);
        }
        return out.toBytes();
    }

    /** Reads {@link #encode}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static MonPeerMessage decode(Bytes encoded) {
        return MapCodec.whole(encoded, MonPeerMessageCodec::read);
    }

    private static MonPeerMessage read(ByteReader in) {
        int protocol = in.u8();
        return switch (protocol) {
            case ELECTION -> ElectionMessageCodec.read(in);
            case PAXOS -> PaxosMessageCodec.read(in);
            case PROBE -> ProbeMessageCodec.read(in);
            case SYNC -> SyncMessageCodec.read(in);
            case FORWARD -> ForwardMessageCodec.read(in);
            default -> throw new MalformedBytesException("monitors' protocol " + protocol);
        };
    }
}
