package io.roost.cluster.wire;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link ReplicationMessage} as bytes: a type byte, then a versioned struct of placement group (pool u64, seed u32), epoch
 * of the map u32, and the record's other fields in order.
 *
 * <pre>
 * locator      pool varint, key bytes
 * mutations    count varint, each: kind u8 (0 put, 1 attributes, 2 delete), name; unless it is a delete attributes and
 *              value; of a put its body
 * content      present u8, then attributes, value, body
 * body         present u8, then data as in {@link OsdMessageCodec}
 * entries      count varint, each: key, version
 * </pre>
 *
 * Keys, names, attributes, values and rows: length varint, bytes.
 */
final class ReplicationMessageCodec {
    private static final int FORMAT = 1;
    /** Names that one transaction changes. */
    private static final int MAX_MUTATIONS = 1024;

    private static final int REPLICATE = 1;
    private static final int REPLICATED = 2;
    private static final int PULL = 3;
    private static final int PUSH = 4;
    private static final int PUSHED = 5;
    private static final int UNREADABLE = 6;
    private static final int SCAN = 7;
    private static final int SCANNED = 8;
    private static final int FILLED = 9;
    private static final int FILLED_RECORDED = 10;

    private static final int PUT = 0;
    private static final int SET_ATTRIBUTES = 1;
    private static final int DELETE = 2;

    private ReplicationMessageCodec() {}

    static void write(ByteWriter out, ReplicationMessage message) {
        out.u8(type(message));
        int mark = out.begin(FORMAT, FORMAT);
        out.u64(message.pg().pool()).u32(message.pg().seed()).u32(message.mapEpoch());
        if (message instanceof ReplicationMessage.Replicate m) {
            OsdMessageCodec.locator(out.version(m.version()), m.locator());
            out.varint(m.mutations().size());
            m.mutations().forEach(mutation -> write(out, mutation));
            out.bytes(m.logRow()).version(m.logTail());
        } else if (message instanceof ReplicationMessage.Replicated m) {
            out.version(m.version());
        } else if (message instanceof ReplicationMessage.Pull m) {
            out.bytes(m.key()).version(m.version());
        } else if (message instanceof ReplicationMessage.Push m) {
            write(out.bytes(m.key()).version(m.version()), m.content());
        } else if (message instanceof ReplicationMessage.Pushed m) {
            out.bytes(m.key()).version(m.version());
        } else if (message instanceof ReplicationMessage.Unreadable m) {
            out.bytes(m.key()).version(m.version());
        } else if (message instanceof ReplicationMessage.Scan m) {
            out.bytes(m.after()).bytes(m.through());
        } else if (message instanceof ReplicationMessage.Scanned m) {
            out.bytes(m.after()).bytes(m.through()).varint(m.entries().size());
            m.entries().forEach(entry -> out.bytes(entry.key()).version(entry.version()));
        } else if (message instanceof ReplicationMessage.Filled m) {
            out.bytes(m.through());
        } else if (message instanceof ReplicationMessage.FilledRecorded m) {
            out.bytes(m.through());
        }
        out.end(mark);
    }

    private static int type(ReplicationMessage message) {
        if (message instanceof ReplicationMessage.Replicate) {
            return REPLICATE;
        } else if (message instanceof ReplicationMessage.Replicated) {
            return REPLICATED;
        } else if (message instanceof ReplicationMessage.Pull) {
            return PULL;
        } else if (message instanceof ReplicationMessage.Push) {
            return PUSH;
        } else if (message instanceof ReplicationMessage.Pushed) {
            return PUSHED;
        } else if (message instanceof ReplicationMessage.Unreadable) {
            return UNREADABLE;
        } else if (message instanceof ReplicationMessage.Scan) {
            return SCAN;
        } else if (message instanceof ReplicationMessage.Scanned) {
            return SCANNED;
        } else if (message instanceof ReplicationMessage.Filled) {
            return FILLED;
        }
        return FILLED_RECORDED;
    }

    private static void write(ByteWriter out, Mutation mutation) {
        if (mutation instanceof Mutation.Put put) {
            out.u8(PUT).bytes(put.name()).bytes(put.attributes()).bytes(put.value());
            writeBody(out, put.body());
        } else if (mutation instanceof Mutation.SetAttributes set) {
            out.u8(SET_ATTRIBUTES).bytes(set.name()).bytes(set.attributes()).bytes(set.value());
        } else {
            out.u8(DELETE).bytes(mutation.name());
        }
    }

    static void write(ByteWriter out, ReplicationMessage.Content content) {
        out.flag(content != null);
        if (content != null) {
            out.bytes(content.attributes()).bytes(content.value());
            writeBody(out, content.body());
        }
    }

    private static void writeBody(ByteWriter out, Data body) {
        out.flag(body != null);
        if (body != null) {
            OsdMessageCodec.data(out, body);
        }
    }

    static ReplicationMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        ReplicationMessage message;
        try {
            PgId pg = new PgId(in.u64(), in.u32());
            message = read(in, type, pg, in.u32());
        } catch (IllegalArgumentException malformed) {
            throw new MalformedBytesException(malformed.getMessage());
        }
        in.end(struct);
        return message;
    }

    private static ReplicationMessage read(ByteReader in, int type, PgId pg, int epoch) {
        return switch (type) {
            case REPLICATE ->
                new ReplicationMessage.Replicate(
                        pg, epoch, in.version(), OsdMessageCodec.locator(in), mutations(in), in.bytes(), in.version());
            case REPLICATED -> new ReplicationMessage.Replicated(pg, epoch, in.version());
            case PULL -> new ReplicationMessage.Pull(pg, epoch, in.bytes(), in.version());
            case PUSH -> new ReplicationMessage.Push(pg, epoch, in.bytes(), in.version(), content(in));
            case PUSHED -> new ReplicationMessage.Pushed(pg, epoch, in.bytes(), in.version());
            case UNREADABLE -> new ReplicationMessage.Unreadable(pg, epoch, in.bytes(), in.version());
            case SCAN -> new ReplicationMessage.Scan(pg, epoch, in.bytes(), in.bytes());
            case SCANNED -> new ReplicationMessage.Scanned(pg, epoch, in.bytes(), in.bytes(), entries(in));
            case FILLED -> new ReplicationMessage.Filled(pg, epoch, in.bytes());
            case FILLED_RECORDED -> new ReplicationMessage.FilledRecorded(pg, epoch, in.bytes());
            default -> throw new MalformedBytesException("replication message of type " + type);
        };
    }

    private static List<Mutation> mutations(ByteReader in) {
        int count = in.count(MAX_MUTATIONS);
        List<Mutation> mutations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int kind = in.u8();
            mutations.add(
                    switch (kind) {
                        case PUT -> new Mutation.Put(in.bytes(), in.bytes(), in.bytes(), body(in));
                        case SET_ATTRIBUTES -> new Mutation.SetAttributes(in.bytes(), in.bytes(), in.bytes());
                        case DELETE -> new Mutation.Delete(in.bytes());
                        default -> throw new MalformedBytesException("mutation of kind " + kind);
                    });
        }
        return mutations;
    }

    static ReplicationMessage.Content content(ByteReader in) {
        return in.flag() ? new ReplicationMessage.Content(in.bytes(), in.bytes(), body(in)) : null;
    }

    private static Data body(ByteReader in) {
        return in.flag() ? OsdMessageCodec.data(in) : null;
    }

    private static List<ReplicationMessage.Present> entries(ByteReader in) {
        int count = in.count(ReplicationMessage.Scanned.MAX_ENTRIES);
        List<ReplicationMessage.Present> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(new ReplicationMessage.Present(in.bytes(), in.version()));
        }
        return entries;
    }
}
