package io.roost.cluster.wire;

import io.roost.cluster.message.ForwardMessage;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;

/**
 * {@link ForwardMessage} as bytes: a type byte, then a versioned struct: session u64, message bytes as
 * {@link MonMessageCodec} has them.
 */
final class ForwardMessageCodec {
    private static final int FORMAT = 1;

    private static final int FORWARD = 1;
    private static final int FORWARD_REPLY = 2;

    private ForwardMessageCodec() {}

    static void write(ByteWriter out, ForwardMessage message) {
        if (message instanceof ForwardMessage.Forward forward) {
            write(out.u8(FORWARD), forward.session(), forward.message());
        } else if (message instanceof ForwardMessage.ForwardReply reply) {
            write(out.u8(FORWARD_REPLY), reply.session(), reply.message());
        }
    }

    private static void write(ByteWriter out, long session, MonMessage message) {
        int mark = out.begin(FORMAT, FORMAT);
        out.u64(session).bytes(MonMessageCodec.encode(message)).end(mark);
    }

    static ForwardMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        long session = in.u64();
        MonMessage passed = MonMessageCodec.decode(in.bytes());
        in.end(struct);
        if (type == FORWARD && passed instanceof MonMessage.ToMonitor message) {
            return new ForwardMessage.Forward(session, message);
        } else if (type == FORWARD_REPLY && passed instanceof MonMessage.FromMonitor message) {
            return new ForwardMessage.ForwardReply(session, message);
        }
        throw new MalformedBytesException("forward message " + type);
    }
}
