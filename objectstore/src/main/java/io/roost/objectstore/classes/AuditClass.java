package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import java.util.ArrayList;
import java.util.List;

/** {@code audit.scan}: all entries of a locator in pages, for verification. */
public final class AuditClass {
    static final String SCAN = "scan";

    /** Most rows of a page. */
    public static final int MAX_PAGE = 1000;

    /** A page ends after this many bytes: values can be long. */
    private static final int MAX_PAGE_BYTES = 2 * 1024 * 1024;

    /** First name of pending work: a range does not cross it. */
    private static final Bytes WORK_BEGIN = Bytes.of(0x80);

    private AuditClass() {}

    /**
     * An entry.
     *
     * @param name of the entry
     * @param attributes of the entry
     * @param value of the entry where an audit needs it ({@link #needsValue}), else empty
     * @param bodyLength as in {@link Entry}
     */
    public record Row(Bytes name, Bytes attributes, Bytes value, long bodyLength) {}

    /**
     * A page.
     *
     * @param rows in the order of names
     * @param next to begin the next page at, empty at the end
     */
    public record Page(List<Row> rows, Bytes next) {
        /** Copies the list. */
        public Page {
            rows = List.copyOf(rows);
        }

        /** Reads the output of a call. */
        public static Page decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            Bytes next = in.bytes();
            List<Row> rows = new ArrayList<>();
            while (in.remaining() > 0) {
                rows.add(new Row(in.bytes(), in.bytes(), in.bytes(), in.u64()));
            }
            return new Page(rows, next);
        }
    }

    /** The call for the page that begins at a name, empty for the first. */
    public static ClassCall scan(Bytes from) {
        return ClassCall.of(S3Classes.AUDIT, SCAN, from);
    }

    /** True when an audit needs the value of an entry: for the list of parts, and for long garbage rows. */
    public static boolean needsValue(Bytes name, Bytes attributes) {
        int kind = name.at(0);
        if (kind == EntryNames.GARBAGE) {
            return attributes.isEmpty();
        }
        return kind == EntryNames.KEY && Head.hasParts(attributes);
    }

    static ClassReply scan(LocatorView view, Bytes from, Data data) {
        Bytes begin = from.isEmpty() ? Bytes.of(0) : from;
        boolean isWork = begin.at(0) >= 0x80;
        EntryCursor cursor = view.entries(begin, isWork ? null : WORK_BEGIN);
        ByteWriter rows = new ByteWriter(4096);
        Bytes next = isWork ? Bytes.EMPTY : WORK_BEGIN;
        for (int count = 0; cursor.next(); count++) {
            Bytes name = cursor.name();
            if (count == MAX_PAGE || rows.size() > MAX_PAGE_BYTES) {
                next = name;
                break;
            }
            Entry entry = cursor.entry();
            Bytes value = needsValue(name, entry.attributes()) ? view.value(name) : Bytes.EMPTY;
            rows.bytes(name).bytes(entry.attributes()).bytes(value).u64(entry.bodyLength());
        }
        Bytes all = rows.toBytes();
        return ClassReply.read(
                new ByteWriter(64 + all.length()).bytes(next).raw(all).toBytes());
    }
}
