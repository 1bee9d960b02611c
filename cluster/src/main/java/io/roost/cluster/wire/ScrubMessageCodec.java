package io.roost.cluster.wire;

import io.roost.cluster.map.PgId;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.ScrubMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ScrubDepth;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link ScrubMessage} as bytes: a type byte, then a versioned struct of placement group (pool u64, seed u32), epoch of the
 * map u32, number u64, and the record's other fields in order.
 *
 * <pre>
 * depth        u8: 0 shallow, 1 deep
 * samples      count varint, each: key, whole u8, version, digest u32
 * content      as in {@link ReplicationMessageCodec}
 * known        last, last deep, errors: u64; the number is that of scrubs
 * </pre>
 *
 * Keys: length varint, bytes.
 */
final class ScrubMessageCodec {
    private static final int FORMAT = 1;
    private static final int EXAMINE = 1;
    private static final int EXAMINED = 2;
    private static final int MEND = 3;
    private static final int MENDED = 4;
    private static final int KNOWN = 5;

    private ScrubMessageCodec() {}

    static void write(ByteWriter out, ScrubMessage message) {
        out.u8(type(message));
        int mark = out.begin(FORMAT, FORMAT);
        out.u64(message.pg().pool()).u32(message.pg().seed()).u32(message.mapEpoch());
        out.u64(message.number());
        if (message instanceof ScrubMessage.Examine m) {
            out.u8(m.depth() == ScrubDepth.DEEP ? 1 : 0).bytes(m.after()).bytes(m.through());
        } else if (message instanceof ScrubMessage.Examined m) {
            out.bytes(m.through()).varint(m.samples().size());
            m.samples()
                    .forEach(sample -> out.bytes(sample.key())
                            .flag(sample.isWhole())
                            .version(sample.version())
                            .u32(sample.digest()));
            out.flag(m.isCutShort());
        } else if (message instanceof ScrubMessage.Mend m) {
            ReplicationMessageCodec.write(out.bytes(m.key()).version(m.version()), m.content());
        } else if (message instanceof ScrubMessage.Mended m) {
            out.bytes(m.key());
        } else if (message instanceof ScrubMessage.Known m) {
            out.u64(m.history().lastMillis())
                    .u64(m.history().lastDeepMillis())
                    .u64(m.history().errors());
        }
        out.end(mark);
    }

    private static int type(ScrubMessage message) {
        if (message instanceof ScrubMessage.Examine) {
            return EXAMINE;
        } else if (message instanceof ScrubMessage.Examined) {
            return EXAMINED;
        } else if (message instanceof ScrubMessage.Known) {
            return KNOWN;
        }
        return message instanceof ScrubMessage.Mend ? MEND : MENDED;
    }

    static ScrubMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        ScrubMessage message;
        try {
            PgId pg = new PgId(in.u64(), in.u32());
            message = read(in, type, pg, in.u32(), in.u64());
        } catch (IllegalArgumentException malformed) {
            throw new MalformedBytesException(malformed.getMessage());
        }
        in.end(struct);
        return message;
    }

    private static ScrubMessage read(ByteReader in, int type, PgId pg, int epoch, long number) {
        return switch (type) {
            case EXAMINE -> new ScrubMessage.Examine(pg, epoch, number, depth(in.u8()), in.bytes(), in.bytes());
            case EXAMINED -> new ScrubMessage.Examined(pg, epoch, number, in.bytes(), samples(in), in.flag());
            case MEND ->
                new ScrubMessage.Mend(pg, epoch, number, in.bytes(), in.version(), ReplicationMessageCodec.content(in));
            case MENDED -> new ScrubMessage.Mended(pg, epoch, number, in.bytes());
            case KNOWN -> new ScrubMessage.Known(pg, epoch, new ScrubHistory(number, in.u64(), in.u64(), in.u64()));
            default -> throw new MalformedBytesException("scrub message of type " + type);
        };
    }

    private static ScrubDepth depth(int code) {
        return switch (code) {
            case 0 -> ScrubDepth.SHALLOW;
            case 1 -> ScrubDepth.DEEP;
            default -> throw new MalformedBytesException("scrub of depth " + code);
        };
    }

    private static List<ScrubMessage.Sample> samples(ByteReader in) {
        int count = in.count(ScrubMessage.Examined.MAX_SAMPLES);
        List<ScrubMessage.Sample> samples = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            samples.add(new ScrubMessage.Sample(in.bytes(), in.flag(), in.version(), in.u32()));
        }
        return samples;
    }
}
