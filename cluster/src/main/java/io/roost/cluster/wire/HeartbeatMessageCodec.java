package io.roost.cluster.wire;

import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;

/** {@link HeartbeatMessage} as bytes: a type byte, then a versioned struct of the record's fields in order. */
public final class HeartbeatMessageCodec {
    private static final int FORMAT = 1;

    private static final int PING = 1;
    private static final int PING_REPLY = 2;

    private HeartbeatMessageCodec() {}

    /** The message's bytes. */
    public static Bytes encode(HeartbeatMessage message) {
        ByteWriter out = new ByteWriter(32);
        int mark = out.u8(message instanceof HeartbeatMessage.Ping ? PING : PING_REPLY)
                .begin(FORMAT, FORMAT);
        return out.u64(message.sentMillis()).u32(message.mapEpoch()).end(mark).toBytes();
    }

    /** Reads {@link #encode}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static HeartbeatMessage decode(Bytes encoded) {
        return MapCodec.whole(encoded, in -> {
            int type = in.u8();
            ByteReader.Struct struct = in.begin(FORMAT);
            long sentMillis = in.u64();
            int mapEpoch = in.u32();
            in.end(struct);
            return switch (type) {
                case PING -> new HeartbeatMessage.Ping(sentMillis, mapEpoch);
                case PING_REPLY -> new HeartbeatMessage.PingReply(sentMillis, mapEpoch);
                default -> throw new MalformedBytesException("heartbeat message " + type);
            };
        });
    }
}
