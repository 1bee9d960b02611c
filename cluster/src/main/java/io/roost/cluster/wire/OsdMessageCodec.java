package io.roost.cluster.wire;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PgQuery;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ReadFrom;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.object.ScrubKind;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link OsdMessage} as bytes: a type byte, then a versioned struct of the record's fields in order.
 *
 * <pre>
 * request id   client u64, incarnation u32, tid u64
 * pg           pool varint, seed u32
 * locator      pool varint, key bytes
 * data         block count varint, each: length varint, crc32c u32, the bytes
 * entry        version, attributes bytes, value length varint, body length + 1 varint
 * </pre>
 */
public final class OsdMessageCodec {
    private static final int FORMAT = 1;

    /** Of {@link OsdMessage.PgQueried}: what comparing the copies has come to is in it. */
    private static final int WITH_SCRUBS = 2;

    /** Of {@link OsdMessage.Operation}: who may answer is in it; before, the primary. */
    private static final int WITH_READ_FROM = 2;

    private static final int MAX_BLOCKS = 1024;
    private static final int MAX_ITEMS = 1024;

    private static final int OPERATION = 1;
    private static final int OPERATION_REPLY = 2;
    private static final int REFUSAL = 3;
    private static final int WRONG_PRIMARY = 4;
    private static final int SCAN_WORK = 5;
    private static final int WORK_REPLY = 6;
    private static final int WATCH = 7;
    private static final int UNWATCH = 8;
    private static final int NOTIFY = 9;
    private static final int NOTIFY_ACK = 10;
    private static final int WATCH_REPLY = 11;
    private static final int WATCH_NOTIFY = 12;
    private static final int NOTIFY_REPLY = 13;
    private static final int OUTDATED = 14;
    private static final int SCRUB = 15;
    private static final int SCRUB_REPLY = 16;
    private static final int QUERY_PG = 17;
    private static final int PG_QUERIED = 18;

    /** The place of a value in its list is its code. */
    private static final List<ReadFrom> READ_FROM = List.of(ReadFrom.PRIMARY, ReadFrom.REPLICA);

    private static final List<ScrubKind> SCRUB_KINDS = List.of(ScrubKind.SCRUB, ScrubKind.DEEP_SCRUB, ScrubKind.REPAIR);

    private static final List<OsdMessage.ScrubStart> SCRUB_STARTS =
            List.of(OsdMessage.ScrubStart.BEGINS, OsdMessage.ScrubStart.UNDER_WAY, OsdMessage.ScrubStart.NOT_CLEAN);

    private OsdMessageCodec() {}

    /** The message's bytes. */
    public static Bytes encode(OsdMessage message) {
        return write(message).toBytes();
    }

    /** The same without copying bodies; that of an answer is released with the payload. */
    static Payload payload(OsdMessage message) {
        Runnable onRelease = message instanceof OsdMessage.OperationReply reply
                ? () -> reply.data().release()
                : () -> {};
        return Payload.of(write(message).pieces(), onRelease);
    }

    private static ByteWriter write(OsdMessage message) {
        ByteWriter out = new ByteWriter(256);
        out.u8(type(message));
        int mark = out.begin(version(message), FORMAT);
        request(out, message.request());
        if (message instanceof OsdMessage.ToPrimary toPrimary) {
            out.u32(toPrimary.mapEpoch())
                    .varint(toPrimary.pg().pool())
                    .u32(toPrimary.pg().seed());
            encodeToPrimary(out, toPrimary);
        } else if (message instanceof OsdMessage.ToClient toClient) {
            encodeToClient(out, toClient);
        }
        return out.end(mark);
    }

    private static int version(OsdMessage message) {
        if (message instanceof OsdMessage.PgQueried) {
            return WITH_SCRUBS;
        }
        return message instanceof OsdMessage.Operation ? WITH_READ_FROM : FORMAT;
    }

    private static int type(OsdMessage message) {
        if (message instanceof OsdMessage.Operation) {
            return OPERATION;
        } else if (message instanceof OsdMessage.OperationReply) {
            return OPERATION_REPLY;
        } else if (message instanceof OsdMessage.Refusal) {
            return REFUSAL;
        } else if (message instanceof OsdMessage.WrongPrimary) {
            return WRONG_PRIMARY;
        } else if (message instanceof OsdMessage.ScanWork) {
            return SCAN_WORK;
        } else if (message instanceof OsdMessage.WorkReply) {
            return WORK_REPLY;
        } else if (message instanceof OsdMessage.Watch) {
            return WATCH;
        } else if (message instanceof OsdMessage.Unwatch) {
            return UNWATCH;
        } else if (message instanceof OsdMessage.Notify) {
            return NOTIFY;
        } else if (message instanceof OsdMessage.NotifyAck) {
            return NOTIFY_ACK;
        } else if (message instanceof OsdMessage.WatchReply) {
            return WATCH_REPLY;
        } else if (message instanceof OsdMessage.WatchNotify) {
            return WATCH_NOTIFY;
        } else if (message instanceof OsdMessage.Outdated) {
            return OUTDATED;
        } else if (message instanceof OsdMessage.Scrub) {
            return SCRUB;
        } else if (message instanceof OsdMessage.ScrubReply) {
            return SCRUB_REPLY;
        } else if (message instanceof OsdMessage.QueryPg) {
            return QUERY_PG;
        } else if (message instanceof OsdMessage.PgQueried) {
            return PG_QUERIED;
        }
        return NOTIFY_REPLY;
    }

    private static void encodeToPrimary(ByteWriter out, OsdMessage.ToPrimary message) {
        if (message instanceof OsdMessage.Operation m) {
            locator(out, m.locator());
            out.text(m.className()).text(m.method()).bytes(m.parameters());
            data(out, m.data());
            out.version(m.knownVersion()).varint(m.attempt()).u8(READ_FROM.indexOf(m.readFrom()));
        } else if (message instanceof OsdMessage.ScanWork m) {
            out.flag(m.scanned() == OsdMessage.Scanned.CATALOGUE);
            out.bytes(m.after()).varint(m.maxEntries());
        } else if (message instanceof OsdMessage.Scrub m) {
            out.u8(SCRUB_KINDS.indexOf(m.kind()));
        } else if (message instanceof OsdMessage.Watch m) {
            locator(out, m.locator());
            out.bytes(m.name()).u64(m.watch());
        } else if (message instanceof OsdMessage.Unwatch m) {
            locator(out, m.locator());
            out.bytes(m.name()).u64(m.watch());
        } else if (message instanceof OsdMessage.Notify m) {
            locator(out, m.locator());
            out.bytes(m.name()).bytes(m.payload()).u32(m.timeoutMillis());
        } else if (message instanceof OsdMessage.NotifyAck m) {
            locator(out, m.locator());
            out.u64(m.watch());
        }
    }

    private static void encodeToClient(ByteWriter out, OsdMessage.ToClient message) {
        if (message instanceof OsdMessage.OperationReply m) {
            out.u32(m.mapEpoch()).varint(m.status()).bytes(m.output());
            data(out, m.data());
            out.version(m.version()).version(m.pgVersion());
        } else if (message instanceof OsdMessage.Refusal m) {
            out.u32(m.mapEpoch()).u16(m.error().code()).text(m.message());
        } else if (message instanceof OsdMessage.ScrubReply m) {
            out.u32(m.mapEpoch()).u8(SCRUB_STARTS.indexOf(m.start()));
        } else if (message instanceof OsdMessage.WrongPrimary m) {
            out.u32(m.mapEpoch());
        } else if (message instanceof OsdMessage.WorkReply m) {
            out.u32(m.mapEpoch()).varint(m.items().size());
            for (OsdMessage.WorkItem item : m.items()) {
                locator(out, item.locator());
                out.bytes(item.name());
                entry(out, item.entry());
            }
            out.bytes(m.next());
        } else if (message instanceof OsdMessage.WatchReply m) {
            out.u32(m.mapEpoch());
        } else if (message instanceof OsdMessage.WatchNotify m) {
            out.varint(m.pg().pool()).u32(m.pg().seed());
            locator(out, m.locator());
            out.u64(m.watch()).bytes(m.payload());
        } else if (message instanceof OsdMessage.NotifyReply m) {
            out.u32(m.mapEpoch()).varint(m.acknowledged()).varint(m.missed());
        } else if (message instanceof OsdMessage.Outdated m) {
            out.u32(m.mapEpoch()).version(m.knownVersion()).version(m.pgVersion());
        } else if (message instanceof OsdMessage.PgQueried m) {
            m.query().write(out.u32(m.mapEpoch()));
        }
    }

    /**
     * Reads a message.
     *
     * @throws MalformedBytesException when the bytes are none
     */
    public static OsdMessage decode(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        int type = in.u8();
        ByteReader.Struct struct = in.begin(FORMAT);
        RequestId request = new RequestId(in.u64(), in.u32(), in.u64());
        OsdMessage message;
        try {
            message = switch (type) {
                case OPERATION, SCAN_WORK, SCRUB, WATCH, UNWATCH, NOTIFY, NOTIFY_ACK, QUERY_PG ->
                    decodeToPrimary(type, struct.version(), request, in);
                default -> decodeToClient(type, struct.version(), request, in);
            };
        } catch (IllegalArgumentException malformed) {
            throw new MalformedBytesException(malformed.getMessage());
        }
        in.end(struct);
        return message;
    }

    private static OsdMessage decodeToPrimary(int type, int version, RequestId request, ByteReader in) {
        int epoch = in.u32();
        PgId pg = new PgId(in.varint(), in.u32());
        if (type == QUERY_PG) {
            return new OsdMessage.QueryPg(request, epoch, pg);
        } else if (type == SCAN_WORK) {
            OsdMessage.Scanned scanned = in.flag() ? OsdMessage.Scanned.CATALOGUE : OsdMessage.Scanned.WORK;
            return new OsdMessage.ScanWork(request, epoch, pg, scanned, in.bytes(), in.count(MAX_ITEMS));
        }
        if (type == SCRUB) {
            return new OsdMessage.Scrub(request, epoch, pg, ofCode(SCRUB_KINDS, in.u8()));
        }
        Locator locator = locator(in);
        return switch (type) {
            case OPERATION ->
                new OsdMessage.Operation(
                        request,
                        epoch,
                        pg,
                        locator,
                        in.text(),
                        in.text(),
                        in.bytes(),
                        data(in),
                        in.version(),
                        in.count(Integer.MAX_VALUE),
                        version >= WITH_READ_FROM ? ofCode(READ_FROM, in.u8()) : ReadFrom.PRIMARY);
            case WATCH -> new OsdMessage.Watch(request, epoch, pg, locator, in.bytes(), in.u64());
            case UNWATCH -> new OsdMessage.Unwatch(request, epoch, pg, locator, in.bytes(), in.u64());
            case NOTIFY -> new OsdMessage.Notify(request, epoch, pg, locator, in.bytes(), in.bytes(), in.u32());
            default -> new OsdMessage.NotifyAck(request, epoch, pg, locator, in.u64());
        };
    }

    private static OsdMessage decodeToClient(int type, int version, RequestId request, ByteReader in) {
        return switch (type) {
            case OPERATION_REPLY ->
                new OsdMessage.OperationReply(
                        request, in.u32(), in.count(0xffff), in.bytes(), data(in), in.version(), in.version());
            case REFUSAL -> new OsdMessage.Refusal(request, in.u32(), ObjectError.ofCode(in.u16()), in.text());
            case WRONG_PRIMARY -> new OsdMessage.WrongPrimary(request, in.u32());
            case WORK_REPLY -> {
                int epoch = in.u32();
                int count = in.count(MAX_ITEMS);
                List<OsdMessage.WorkItem> items = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    items.add(new OsdMessage.WorkItem(locator(in), in.bytes(), entry(in)));
                }
                yield new OsdMessage.WorkReply(request, epoch, items, in.bytes());
            }
            case WATCH_REPLY -> new OsdMessage.WatchReply(request, in.u32());
            case WATCH_NOTIFY ->
                new OsdMessage.WatchNotify(request, new PgId(in.varint(), in.u32()), locator(in), in.u64(), in.bytes());
            case NOTIFY_REPLY ->
                new OsdMessage.NotifyReply(request, in.u32(), in.count(Integer.MAX_VALUE), in.count(Integer.MAX_VALUE));
            case SCRUB_REPLY -> new OsdMessage.ScrubReply(request, in.u32(), ofCode(SCRUB_STARTS, in.u8()));
            case OUTDATED -> new OsdMessage.Outdated(request, in.u32(), in.version(), in.version());
            case PG_QUERIED -> new OsdMessage.PgQueried(request, in.u32(), PgQuery.read(in, version >= WITH_SCRUBS));
            default -> throw new MalformedBytesException("OSD message of type " + type);
        };
    }

    private static <T> T ofCode(List<T> values, int code) {
        if (code >= values.size()) {
            throw new MalformedBytesException("code " + code + " of " + values);
        }
        return values.get(code);
    }

    private static void request(ByteWriter out, RequestId request) {
        out.u64(request.client()).u32(request.incarnation()).u64(request.tid());
    }

    static void locator(ByteWriter out, Locator locator) {
        out.varint(locator.pool()).bytes(locator.key());
    }

    static Locator locator(ByteReader in) {
        return new Locator(in.varint(), in.bytes());
    }

    private static void entry(ByteWriter out, Entry entry) {
        out.version(entry.version())
                .bytes(entry.attributes())
                .varint(entry.valueLength())
                .varint(entry.bodyLength() + 1);
    }

    private static Entry entry(ByteReader in) {
        return new Entry(in.version(), in.bytes(), in.count(Entry.MAX_VALUE_BYTES), in.varint() - 1);
    }

    static void data(ByteWriter out, Data data) {
        out.varint(data.blocks().size());
        for (Data.Block block : data.blocks()) {
            out.varint(block.length()).u32(block.crc32c()).view(block.bytes());
        }
    }

    static Data data(ByteReader in) {
        int count = in.count(MAX_BLOCKS);
        List<Data.Block> blocks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = in.count(Data.BLOCK_BYTES);
            int crc32c = in.u32();
            blocks.add(new Data.Block(in.view(length), crc32c));
        }
        return Data.ofBlocks(blocks);
    }
}
