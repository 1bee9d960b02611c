package io.roost.cluster.pg;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import java.util.ArrayList;
import java.util.List;

/**
 * One transaction in a placement group's log: what it changed, whose request it was and what that request was answered,
 * so that a resend is answered the same (Ceph's pg_log_entry_t with its reqid and return code).
 *
 * <pre>
 * version u8 = 1, compat u8 = 1, length u32
 * epoch u32, version u64
 * client u64, incarnation u32, tid u64
 * locator key: length varint, bytes
 * output: length varint, bytes
 * changes: count varint, each: kind u8, prior epoch u32, prior version u64, name length varint, name
 * </pre>
 *
 * @param version of the transaction
 * @param request that asked for it, {@link RequestId#NONE} for none
 * @param locatorKey of the one locator it changed
 * @param output answered with status 0
 * @param changes one for each name, at least one
 */
public record LogEntry(ObjectVersion version, RequestId request, Bytes locatorKey, Bytes output, List<Change> changes) {
    private static final int FORMAT = 1;
    private static final int MAX_CHANGES = 1024;

    /** Copies the list. */
    public LogEntry {
        changes = List.copyOf(changes);
        if (changes.isEmpty() || changes.size() > MAX_CHANGES) {
            throw new IllegalArgumentException(changes.size() + " changes in one log entry");
        }
    }

    /** How a name was changed. */
    public enum Kind {
        /** Made anew or replaced as a whole. */
        PUT(0),
        /** Attributes and value replaced, the body kept. */
        SET_ATTRIBUTES(1),
        /** Removed. */
        DELETE(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Kind ofCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new MalformedBytesException("change of kind " + code);
        }
    }

    /**
     * A name that a transaction changed.
     *
     * @param kind how
     * @param prior version of the entry before, {@link ObjectVersion#NONE} when it did not exist
     * @param name of the entry
     */
    public record Change(Kind kind, ObjectVersion prior, Bytes name) {}

    /** The row's bytes. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(96 + output.length() + changes.size() * 64);
        int mark = out.begin(FORMAT, FORMAT);
        out.version(version)
                .u64(request.client())
                .u32(request.incarnation())
                .u64(request.tid())
                .bytes(locatorKey)
                .bytes(output)
                .varint(changes.size());
        for (Change change : changes) {
            out.u8(change.kind().code).version(change.prior()).bytes(change.name());
        }
        return out.end(mark).toBytes();
    }

    /** Reads a row; {@link MalformedBytesException} when it is damaged. */
    public static LogEntry decode(Bytes row) {
        ByteReader in = new ByteReader(row);
        ByteReader.Struct struct = in.begin(FORMAT);
        ObjectVersion version = in.version();
        RequestId request = new RequestId(in.u64(), in.u32(), in.u64());
        Bytes locatorKey = in.bytes();
        Bytes output = in.bytes();
        int count = in.count(MAX_CHANGES);
        List<Change> changes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            changes.add(new Change(Kind.ofCode(in.u8()), in.version(), in.bytes()));
        }
        in.end(struct);
        if (count == 0) {
            throw new MalformedBytesException("a log entry without changes");
        }
        return new LogEntry(version, request, locatorKey, output, changes);
    }
}
