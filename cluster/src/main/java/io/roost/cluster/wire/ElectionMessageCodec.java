package io.roost.cluster.wire;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.message.ElectionMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import java.util.SortedSet;
import java.util.TreeSet;

/** {@link ElectionMessage} as bytes: a type byte, then a versioned struct of the record's fields in order. */
final class ElectionMessageCodec {
    private static final int FORMAT = 1;

    private static final int PROPOSE = 1;
    private static final int ACK = 2;
    private static final int NAK = 3;
    private static final int VICTORY = 4;

    private ElectionMessageCodec() {}

    static void write(ByteWriter out, ElectionMessage message) {
        out.u8(type(message));
        int mark = out.begin(FORMAT, FORMAT);
        out.u32(message.epoch());
        if (message instanceof ElectionMessage.Propose propose) {
            out.u32(propose.monMapEpoch());
        } else if (message instanceof ElectionMessage.Victory victory) {
            write(out, victory.quorum());
        }
        out.end(mark);
    }

    private static int type(ElectionMessage message) {
        if (message instanceof ElectionMessage.Propose) {
            return PROPOSE;
        } else if (message instanceof ElectionMessage.Ack) {
            return ACK;
        } else if (message instanceof ElectionMessage.Nak) {
            return NAK;
        }
        return VICTORY;
    }

    static ElectionMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        int epoch = in.u32();
        ElectionMessage message = switch (type) {
            case PROPOSE -> new ElectionMessage.Propose(epoch, in.u32());
            case ACK -> new ElectionMessage.Ack(epoch);
            case NAK -> new ElectionMessage.Nak(epoch);
            case VICTORY -> new ElectionMessage.Victory(epoch, names(in));
            default -> throw new MalformedBytesException("election message " + type);
        };
        in.end(struct);
        return message;
    }

    /** Names of monitors: a count, then each. */
    static void write(ByteWriter out, SortedSet<String> names) {
        out.varint(names.size());
        names.forEach(out::text);
    }

    static SortedSet<String> names(ByteReader in) {
        SortedSet<String> names = new TreeSet<>();
        for (int left = in.count(MonMap.MAX_MONITORS); left > 0; left--) {
            names.add(in.text());
        }
        return names;
    }
}
