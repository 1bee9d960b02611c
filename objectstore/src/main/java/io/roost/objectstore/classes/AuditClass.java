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
import io.roost.objectstore.layout.GarbageRow;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.Stripe;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code audit.*}, for verification: {@code scan} answers all entries of a locator in pages; {@code owner}, whether the
 * locator of an object knows of a stripe set.
 */
public final class AuditClass {
    static final String SCAN = "scan";
    static final String OWNER = "owner";

    /** Garbage rows looked at by one call. */
    private static final int MAX_GARBAGE_ROWS = 2000;

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

    /**
     * Whom to ask for.
     *
     * @param setId 16 bytes
     * @param uploadId 16 bytes, or empty when the set is an object's own
     * @param partNumber 0 when the set is an object's own
     * @param from where the last call ended, empty for the first
     */
    public record OwnerParameters(Bytes setId, Bytes uploadId, int partNumber, Bytes from) {
        /** What a stripe says of itself. */
        public static OwnerParameters of(Stripe.Owner owner) {
            return new OwnerParameters(owner.setId(), owner.uploadId(), owner.partNumber(), Bytes.EMPTY);
        }

        /** The call after one that did not come to an end. */
        public OwnerParameters next(Bytes newFrom) {
            return new OwnerParameters(setId, uploadId, partNumber, newFrom);
        }

        /** The call: OK when the set is known; NOT_FOUND with a name to go on from as output, empty at the end. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(96);
            out.bytes(setId).bytes(uploadId).varint(partNumber).bytes(from);
            return ClassCall.of(S3Classes.AUDIT, OWNER, out.toBytes());
        }

        static OwnerParameters decode(ByteReader in) {
            return new OwnerParameters(in.bytes(), in.bytes(), in.count(PartPage.MAX_PART_NUMBER), in.bytes());
        }
    }

    static ClassReply owner(LocatorView view, OwnerParameters parameters, Data data) {
        boolean isKnown = view.entry(EntryNames.intent(parameters.setId)) != null
                || view.entry(EntryNames.reference(parameters.setId)) != null
                || (parameters.partNumber > 0 && isPart(view, parameters));
        if (isKnown) {
            return ClassReply.read(Bytes.EMPTY);
        }
        Bytes begin = parameters.from.isEmpty() ? EntryNames.kindBegin(EntryNames.GARBAGE) : parameters.from;
        EntryCursor garbage = view.entries(begin, EntryNames.kindEnd(EntryNames.GARBAGE));
        for (int rows = 0; garbage.next(); rows++) {
            if (isGarbage(view, garbage, parameters)) {
                return ClassReply.read(Bytes.EMPTY);
            }
            if (rows == MAX_GARBAGE_ROWS) {
                return ClassReply.refuse(ClassStatus.NOT_FOUND.code(), garbage.name());
            }
        }
        return ClassStatus.NOT_FOUND.refuse();
    }

    private static boolean isGarbage(LocatorView view, EntryCursor garbage, OwnerParameters parameters) {
        Bytes id = EntryNames.garbageId(garbage.name());
        if (id.equals(parameters.setId)) {
            return true;
        }
        // Parts left out of an object are listed in one row under the upload's id.
        if (!id.equals(parameters.uploadId) || EntryNames.garbageKind(garbage.name()) != GarbageRow.Kind.SETS) {
            return false;
        }
        Bytes attributes = garbage.entry().attributes();
        GarbageRow row = GarbageRow.decode(attributes.isEmpty() ? view.value(garbage.name()) : attributes);
        return row.sets().stream().anyMatch(set -> set.id().equals(parameters.setId));
    }

    private static boolean isPart(LocatorView view, OwnerParameters parameters) {
        Entry page = view.entry(EntryNames.partPage(parameters.uploadId, PartPage.pageOf(parameters.partNumber)));
        PartPage.Part part =
                page == null ? null : PartPage.decode(page.attributes()).part(parameters.partNumber);
        return part != null && part.set().id().equals(parameters.setId);
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
