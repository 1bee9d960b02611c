package io.roost.cluster.wire;

import io.roost.cluster.message.ForwardMessage;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;

/**
 * {@link ForwardMessage} as bytes: a type byte, then a versioned struct of the record's fields in order, the message as
 * {@link MonMessageCodec} has it.
 */
final class ForwardMessageCodec {
    /** An answer has its epoch since version 2. */
    private static final int FORMAT = 2;

    private static final int COMPAT = 1;
    /** No quorum's. */
    private static final int UNKNOWN_EPOCH = 0;

    private static final int FORWARD = 1;
    private static final int FORWARD_REPLY = 2;

    private ForwardMessageCodec() {}

    static void write(ByteWriter out, ForwardMessage message) {
        if (message instanceof ForwardMessage.Forward forward) {
            int mark = out.u8(FORWARD).begin(FORMAT, COMPAT);
            out.u32(forward.epoch()).u64(forward.number());
            write(out, forward.session(), forward.message());
            out.end(mark);
        } else if (message instanceof ForwardMessage.ForwardReply reply) {
            int mark = out.u8(FORWARD_REPLY).begin(FORMAT, COMPAT);
            write(out, reply.session(), reply.message());
            out.u32(reply.epoch()).end(mark);
        }
    }

    private static void write(ByteWriter out, long session, MonMessage message) {
        out.u64(session).bytes(MonMessageCodec.encode(message));
    }

    static ForwardMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        ForwardMessage message = switch (type) {
            case FORWARD ->
                new ForwardMessage.Forward(in.u32(), in.u64(), in.u64(), passed(in, MonMessage.ToMonitor.class));
            case FORWARD_REPLY -> reply(in, struct.version());
            default -> throw new MalformedBytesException("forward message " + type);
        };
        in.end(struct);
        return message;
    }

    private static ForwardMessage.ForwardReply reply(ByteReader in, int version) {
        long session = in.u64();
        MonMessage.FromMonitor message = passed(in, MonMessage.FromMonitor.class);
        return new ForwardMessage.ForwardReply(version == 1 ? UNKNOWN_EPOCH : in.u32(), session, message);
    }

    private static <M extends MonMessage> M passed(ByteReader in, Class<M> direction) {
        MonMessage message = MonMessageCodec.decode(in.bytes());
        if (!direction.isInstance(message)) {
            throw new MalformedBytesException("a message that goes the other way is passed on");
        }
        return direction.cast(message);
    }
}
