package io.roost.cluster.wire;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.LeaseMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;

/**
 * {@link LeaseMessage} as bytes: a type byte, then a versioned struct of placement group (pool u64, seed u32), epoch of the
 * map u32, and the time u64.
 */
final class LeaseMessageCodec {
    private static final int FORMAT = 1;
    private static final int ASK = 1;
    private static final int PROMISE = 2;

    private LeaseMessageCodec() {}

    static void write(ByteWriter out, LeaseMessage message) {
        if (message instanceof LeaseMessage.Ask ask) {
            write(out, ASK, ask, ask.sentMillis());
        } else if (message instanceof LeaseMessage.Promise promise) {
            write(out, PROMISE, promise, promise.sentMillis());
        }
    }

    private static void write(ByteWriter out, int type, LeaseMessage message, long sentMillis) {
        int mark = out.u8(type).begin(FORMAT, FORMAT);
        out.u64(message.pg().pool())
                .u32(message.pg().seed())
                .u32(message.mapEpoch())
                .u64(sentMillis)
                .end(mark);
    }

    static LeaseMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        PgId pg;
        try {
            pg = new PgId(in.u64(), in.u32());
        } catch (IllegalArgumentException malformed) {
            throw new MalformedBytesException(malformed.getMessage());
        }
        int epoch = in.u32();
        long sentMillis = in.u64();
        in.end(struct);
        return switch (type) {
            case ASK -> new LeaseMessage.Ask(pg, epoch, sentMillis);
            case PROMISE -> new LeaseMessage.Promise(pg, epoch, sentMillis);
            default -> throw new MalformedBytesException("lease message of type " + type);
        };
    }
}
