package io.roost.cluster.wire;

import io.roost.cluster.message.LeaseMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.message.ReservationMessage;
import io.roost.cluster.message.ScrubMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;

/** {@link PeerMessage} as bytes: a protocol byte, then the message as that protocol's codec has it. */
public final class PeerMessageCodec {
    private static final int PEERING = 1;
    private static final int REPLICATION = 2;
    private static final int LEASE = 3;
    private static final int SCRUB = 4;
    private static final int RESERVATION = 5;

    private PeerMessageCodec() {}

    /** The message's bytes. */
    public static Bytes encode(PeerMessage message) {
        return write(message).toBytes();
    }

    /** The same; bodies of a transaction are not copied: it is in flight until every member has it. */
    static Payload payload(PeerMessage message) {
        ByteWriter written = write(message);
        return message instanceof ReplicationMessage.Replicate
                ? Payload.of(written.pieces(), () -> {})
                : Payload.of(written.toBytes());
    }

    private static ByteWriter write(PeerMessage message) {
        ByteWriter out = new ByteWriter(256);
        if (message instanceof PeeringMessage peering) {
            PeeringMessageCodec.write(out.u8(PEERING), peering);
        } else if (message instanceof ReplicationMessage replication) {
            ReplicationMessageCodec.write(out.u8(REPLICATION), replication);
        } else if (message instanceof LeaseMessage lease) {
            LeaseMessageCodec.write(out.u8(LEASE), lease);
        } else if (message instanceof ScrubMessage scrub) {
            ScrubMessageCodec.write(out.u8(SCRUB), scrub);
        } else if (message instanceof ReservationMessage reservation) {
            ReservationMessageCodec.write(out.u8(RESERVATION), reservation);
        }
        return out;
    }

    /** Reads {@link #encode}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static PeerMessage decode(Bytes encoded) {
        return MapCodec.whole(encoded, PeerMessageCodec::read);
    }

    private static PeerMessage read(ByteReader in) {
        int protocol = in.u8();
        return switch (protocol) {
            case PEERING -> PeeringMessageCodec.read(in);
            case REPLICATION -> ReplicationMessageCodec.read(in);
            case LEASE -> LeaseMessageCodec.read(in);
            case SCRUB -> ScrubMessageCodec.read(in);
            case RESERVATION -> ReservationMessageCodec.read(in);
            default -> throw new MalformedBytesException("OSDs' protocol " + protocol);
        };
    }
}
