package io.roost.cluster.wire;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.PgHistory;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.PgInterval;
import io.roost.cluster.message.ReadPromise;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@link PeeringMessage} as bytes: a type byte, then a versioned struct of placement group (pool u64, seed u32), epoch of
 * the map u32, epoch of question or interval u32, and the record's other fields in order.
 *
 * <pre>
 * entries    count varint, each: length varint, bytes
 * missing    count varint, each: key: length varint, bytes; then the item
 * </pre>
 */
final class PeeringMessageCodec {
    private static final int FORMAT = 1;

    private static final int QUERY_INFO = 1;
    private static final int NOTIFY = 2;
    private static final int QUERY_LOG = 3;
    private static final int LOG = 4;
    private static final int ACTIVATE = 5;
    private static final int ACTIVATED = 6;
    private static final int HISTORY_UPDATE = 7;
    private static final int REMOVE = 8;

    private PeeringMessageCodec() {}

    static void write(ByteWriter out, PeeringMessage message) {
        if (message instanceof PeeringMessage.QueryInfo query) {
            out.end(begin(out, QUERY_INFO, query, query.queried()));
        } else if (message instanceof PeeringMessage.Notify notify) {
            int mark = begin(out, NOTIFY, notify, notify.queried());
            notify.info().write(out);
            PgInterval.writeAll(out, notify.pastIntervals());
            notify.promise().write(out);
            out.end(mark);
        } else if (message instanceof PeeringMessage.QueryLog query) {
            int mark = begin(out, QUERY_LOG, query, query.queried());
            out.version(query.since()).end(mark);
        } else if (message instanceof PeeringMessage.Log log) {
            int mark = begin(out, LOG, log, log.queried());
            log.info().write(out);
            writeEntries(out.version(log.since()), log.entries());
            out.varint(log.missing().size());
            log.missing().forEach((key, item) -> item.write(out.bytes(key)));
            out.end(mark);
        } else if (message instanceof PeeringMessage.Activate activate) {
            int mark = begin(out, ACTIVATE, activate, activate.interval());
            activate.info().write(out);
            writeEntries(out.version(activate.since()), activate.entries());
            PgInterval.writeAll(out, activate.pastIntervals());
            out.u8(activate.start().code()).end(mark);
        } else if (message instanceof PeeringMessage.Activated activated) {
            out.end(begin(out, ACTIVATED, activated, activated.interval()));
        } else if (message instanceof PeeringMessage.HistoryUpdate update) {
            int mark = begin(out, HISTORY_UPDATE, update, update.interval());
            update.history().write(out);
            out.end(mark);
        } else if (message instanceof PeeringMessage.Remove remove) {
            out.end(begin(out, REMOVE, remove, remove.interval()));
        }
    }

    private static int begin(ByteWriter out, int type, PeeringMessage message, int epoch) {
        int mark = out.u8(type).begin(FORMAT, FORMAT);
        out.u64(message.pg().pool())
                .u32(message.pg().seed())
                .u32(message.mapEpoch())
                .u32(epoch);
        return mark;
    }

    private static void writeEntries(ByteWriter out, List<Bytes> entries) {
        out.varint(entries.size());
        entries.forEach(out::bytes);
    }

    static PeeringMessage read(ByteReader in) {
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        PeeringMessage message;
        try {
            message = message(type, new PgId(in.u64(), in.u32()), in.u32(), in.u32(), in);
        } catch (IllegalArgumentException contradiction) {
            throw new MalformedBytesException(contradiction.getMessage());
        }
        in.end(struct);
        return message;
    }

    private static PeeringMessage message(int type, PgId pg, int mapEpoch, int epoch, ByteReader in) {
        return switch (type) {
            case QUERY_INFO -> new PeeringMessage.QueryInfo(pg, mapEpoch, epoch);
            case NOTIFY ->
                new PeeringMessage.Notify(
                        pg, mapEpoch, epoch, PgInfo.read(in), PgInterval.readAll(in), ReadPromise.read(in));
            case QUERY_LOG -> new PeeringMessage.QueryLog(pg, mapEpoch, epoch, in.version());
            case LOG ->
                new PeeringMessage.Log(pg, mapEpoch, epoch, PgInfo.read(in), in.version(), entries(in), missing(in));
            case ACTIVATE ->
                new PeeringMessage.Activate(
                        pg,
                        mapEpoch,
                        epoch,
                        PgInfo.read(in),
                        in.version(),
                        entries(in),
                        PgInterval.readAll(in),
                        start(in.u8()));
            case ACTIVATED -> new PeeringMessage.Activated(pg, mapEpoch, epoch);
            case HISTORY_UPDATE -> new PeeringMessage.HistoryUpdate(pg, mapEpoch, epoch, PgHistory.read(in));
            case REMOVE -> new PeeringMessage.Remove(pg, mapEpoch, epoch);
            default -> throw new MalformedBytesException("peering message " + type);
        };
    }

    private static List<Bytes> entries(ByteReader in) {
        List<Bytes> entries = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            entries.add(in.bytes());
        }
        return entries;
    }

    private static SortedMap<Bytes, MissingItem> missing(ByteReader in) {
        SortedMap<Bytes, MissingItem> missing = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            missing.put(in.bytes(), MissingItem.read(in));
        }
        return missing;
    }

    private static PeeringMessage.Start start(int code) {
        for (PeeringMessage.Start start : PeeringMessage.Start.values()) {
            if (start.code() == code) {
                return start;
            }
        }
        throw new MalformedBytesException("an activation that starts by " + code);
    }
}
