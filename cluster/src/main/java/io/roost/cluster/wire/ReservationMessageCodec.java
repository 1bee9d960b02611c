package io.roost.cluster.wire;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReservationMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;

/**
 * {@link ReservationMessage} as bytes: a type byte, then a versioned struct of placement group (pool u64, seed u32), epoch of
 * the interval u32 and attempt u64; then of a request its work u8 and priority u32, of a refusal its reason u8.
 */
final class ReservationMessageCodec {
    private static final int FORMAT = 1;
    private static final int REQUEST = 1;
    private static final int GRANTED = 2;
    private static final int REFUSED = 3;
    private static final int RELEASE = 4;

    private ReservationMessageCodec() {}

    static void write(ByteWriter out, ReservationMessage message) {
        int mark = out.u8(type(message)).begin(FORMAT, FORMAT);
        out.u64(message.pg().pool())
                .u32(message.pg().seed())
                .u32(message.mapEpoch())
                .u64(message.attempt());
        if (message instanceof ReservationMessage.Request request) {
            out.u8(request.work().code()).u32(request.priority());
        } else if (message instanceof ReservationMessage.Refused refused) {
            out.u8(refused.reason().code());
        }
        out.end(mark);
    }

    private static int type(ReservationMessage message) {
        if (message instanceof ReservationMessage.Request) {
            return REQUEST;
        } else if (message instanceof ReservationMessage.Granted) {
            return GRANTED;
        }
        return message instanceof ReservationMessage.Refused ? REFUSED : RELEASE;
    }

    static ReservationMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        PgId pg;
        try {
            pg = new PgId(in.u64(), in.u32());
        } catch (IllegalArgumentException malformed) {
            throw new MalformedBytesException(malformed.getMessage());
        }
        int epoch = in.u32();
        long attempt = in.u64();
        ReservationMessage message = switch (type) {
            case REQUEST -> new ReservationMessage.Request(pg, epoch, attempt, work(in.u8()), in.u32());
            case GRANTED -> new ReservationMessage.Granted(pg, epoch, attempt);
            case REFUSED -> new ReservationMessage.Refused(pg, epoch, attempt, reason(in.u8()));
            case RELEASE -> new ReservationMessage.Release(pg, epoch, attempt);
            default -> throw new MalformedBytesException("reservation message of type " + type);
        };
        in.end(struct);
        return message;
    }

    private static ReservationMessage.Work work(int code) {
        for (ReservationMessage.Work work : ReservationMessage.Work.values()) {
            if (work.code() == code) {
                return work;
            }
        }
        throw new MalformedBytesException("a reservation for work " + code);
    }

    private static ReservationMessage.Reason reason(int code) {
        for (ReservationMessage.Reason reason : ReservationMessage.Reason.values()) {
            if (reason.code() == code) {
                return reason;
            }
        }
        throw new MalformedBytesException("a reservation refused for reason " + code);
    }
}
