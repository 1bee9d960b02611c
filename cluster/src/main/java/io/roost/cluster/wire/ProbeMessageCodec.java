package io.roost.cluster.wire;

import io.roost.cluster.message.ProbeMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import java.util.Optional;

/** {@link ProbeMessage} as bytes: a type byte, then a versioned struct of the record's fields in order. */
final class ProbeMessageCodec {
    private static final int FORMAT = 1;

    private static final int PROBE = 1;
    private static final int PROBE_REPLY = 2;
    private static final int JOIN = 3;

    private ProbeMessageCodec() {}

    static void write(ByteWriter out, ProbeMessage message) {
        if (message instanceof ProbeMessage.Probe probe) {
            int mark = out.u8(PROBE).begin(FORMAT, FORMAT);
            OsdMapCodec.uuid(out, probe.fsid());
            out.u64(probe.sentMillis()).end(mark);
        } else if (message instanceof ProbeMessage.ProbeReply reply) {
            int mark = out.u8(PROBE_REPLY).begin(FORMAT, FORMAT);
            out.u64(reply.probeSentMillis()).u32(reply.monMapEpoch());
            out.u64(reply.firstCommitted()).u64(reply.lastCommitted());
            out.u8(reply.standing().code()).flag(reply.leader().isPresent());
            reply.leader().ifPresent(out::text);
            out.end(mark);
        } else if (message instanceof ProbeMessage.Join) {
            out.end(out.u8(JOIN).begin(FORMAT, FORMAT));
        }
    }

    static ProbeMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        ProbeMessage message = switch (type) {
            case PROBE -> new ProbeMessage.Probe(OsdMapCodec.uuid(in), in.u64());
            case PROBE_REPLY ->
                new ProbeMessage.ProbeReply(
                        in.u64(),
                        in.u32(),
                        in.u64(),
                        in.u64(),
                        standing(in.u8()),
                        in.flag() ? Optional.of(in.text()) : Optional.empty());
            case JOIN -> new ProbeMessage.Join();
            default -> throw new MalformedBytesException("probe message " + type);
        };
        in.end(struct);
        return message;
    }

    private static ProbeMessage.Standing standing(int code) {
        for (ProbeMessage.Standing standing : ProbeMessage.Standing.values()) {
            if (standing.code() == code) {
                return standing;
            }
        }
        throw new MalformedBytesException("standing " + code);
    }
}
