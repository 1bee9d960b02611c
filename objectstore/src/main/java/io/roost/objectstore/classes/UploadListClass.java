package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.UploadRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code multipart.list}: a page of a shard's open uploads, by key and then by upload id.
 *
 * <p>Statuses: NO_SUCH_BUCKET.
 */
public final class UploadListClass {
    static final String METHOD = "list";

    /** Most items of a page: the API's 1000 and one to see whether there are more. */
    public static final int MAX_ITEMS = 1001;

    private static final int MAX_STEPS = 2500;
    private static final int VERSION = 1;

    private UploadListClass() {}

    /**
     * What to list.
     *
     * @param prefix that keys begin with, may be empty
     * @param delimiter that keys are rolled up at, empty for none
     * @param keyMarker items come after this key or common prefix, empty for the first
     * @param uploadIdMarker with it, uploads of that key after this id are listed too; empty for none
     * @param cursor of the last reply, empty for the first page
     * @param maxItems 1 to {@link #MAX_ITEMS}
     */
    public record Parameters(
            Bytes prefix, Bytes delimiter, Bytes keyMarker, Bytes uploadIdMarker, Bytes cursor, int maxItems) {
        /** Checks the ranges above. */
        public Parameters {
            Objects.requireNonNull(cursor, "cursor");
            boolean isLong = prefix.length() > EntryNames.MAX_KEY_BYTES
                    || delimiter.length() > EntryNames.MAX_KEY_BYTES
                    || keyMarker.length() > EntryNames.MAX_KEY_BYTES;
            boolean isId = uploadIdMarker.isEmpty() || uploadIdMarker.length() == EntryNames.ID_BYTES;
            if (isLong || !isId || maxItems < 1 || maxItems > MAX_ITEMS) {
                throw new IllegalArgumentException("listing of " + maxItems + " uploads");
            }
        }

        /** The next page. */
        public Parameters next(Bytes newCursor, int newMaxItems) {
            return new Parameters(prefix, delimiter, keyMarker, uploadIdMarker, newCursor, newMaxItems);
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64 + prefix.length() + keyMarker.length() + cursor.length());
            int mark = out.begin(VERSION, 1);
            out.bytes(prefix).bytes(delimiter).bytes(keyMarker).bytes(uploadIdMarker);
            out.bytes(cursor).varint(maxItems).end(mark);
            return ClassCall.of(S3Classes.MULTIPART, METHOD, out.toBytes());
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters =
                    new Parameters(in.bytes(), in.bytes(), in.bytes(), in.bytes(), in.bytes(), in.count(MAX_ITEMS));
            in.end(struct);
            return parameters;
        }
    }

    /** An item of the listing. */
    public sealed interface Item {
        /** What it is ordered by: the key, or the common prefix. */
        Bytes name();
    }

    /**
     * An open upload.
     *
     * @param name the key
     * @param uploadId 16 bytes
     * @param upload its row
     */
    public record Found(Bytes name, Bytes uploadId, UploadRow upload) implements Item {}

    /**
     * Keys rolled up.
     *
     * @param name what they begin with, up to and with the delimiter
     */
    public record CommonPrefix(Bytes name) implements Item {}

    /**
     * A page.
     *
     * @param items in order
     * @param cursor for the next page, empty at the end of the shard
     */
    public record Reply(List<Item> items, Bytes cursor) {
        /** Copies the list. */
        public Reply {
            items = List.copyOf(items);
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(64 + cursor.length() + 160 * items.size());
            int mark = out.begin(VERSION, 1);
            out.bytes(cursor).varint(items.size());
            for (Item item : items) {
                out.flag(item instanceof Found).bytes(item.name());
                if (item instanceof Found found) {
                    out.raw(found.uploadId).bytes(found.upload.encode());
                }
            }
            return out.end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Reply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            Bytes cursor = in.bytes();
            int count = in.count(MAX_ITEMS);
            List<Item> items = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                boolean isUpload = in.flag();
                Bytes name = in.bytes();
                items.add(
                        isUpload
                                ? new Found(name, in.raw(EntryNames.ID_BYTES), UploadRow.decode(in.bytes()))
                                : new CommonPrefix(name));
            }
            in.end(struct);
            return new Reply(items, cursor);
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters, Data data) {
        if (Keys.openHeader(view) == null) {
            return ClassStatus.NO_SUCH_BUCKET.refuse();
        }
        Bytes begin = parameters.cursor.isEmpty() ? firstName(parameters) : parameters.cursor;
        Bytes end = EntryNames.prefixEnd(EntryNames.UPLOAD, parameters.prefix);
        List<Item> items = new ArrayList<>();
        if (begin.compareTo(end) >= 0) {
            return ClassReply.read(new Reply(items, Bytes.EMPTY).encode());
        }
        EntryCursor cursor = view.entries(begin, end);
        boolean found = cursor.next();
        for (int steps = 1; found; steps++) {
            Bytes name = cursor.name();
            if (items.size() == parameters.maxItems || steps == MAX_STEPS) {
                return ClassReply.read(new Reply(items, name).encode());
            }
            Bytes key = EntryNames.keyOfUpload(name);
            Bytes common = Keys.commonPrefix(key, parameters.prefix.length(), parameters.delimiter);
            if (common == null) {
                UploadRow upload = UploadRow.decode(cursor.entry().attributes());
                items.add(new Found(key, EntryNames.uploadIdOf(name), upload));
                found = cursor.next();
            } else {
                items.add(new CommonPrefix(common));
                Bytes after = EntryNames.prefixEnd(EntryNames.UPLOAD, common);
                found = after.compareTo(end) < 0 && cursor.seek(after);
            }
        }
        return ClassReply.read(new Reply(items, Bytes.EMPTY).encode());
    }

    private static Bytes firstName(Parameters parameters) {
        Bytes marker = parameters.keyMarker;
        Bytes prefixBegin = EntryNames.prefixBegin(EntryNames.UPLOAD, parameters.prefix);
        if (marker.isEmpty()) {
            return prefixBegin;
        }
        Bytes common = marker.startsWith(parameters.prefix)
                ? Keys.commonPrefix(marker, parameters.prefix.length(), parameters.delimiter)
                : null;
        Bytes begin;
        if (common != null) {
            begin = EntryNames.prefixEnd(EntryNames.UPLOAD, common);
        } else if (parameters.uploadIdMarker.isEmpty()) {
            begin = EntryNames.keyEnd(EntryNames.UPLOAD, marker);
        } else {
            // The name after the marker's own.
            begin = EntryNames.upload(marker, parameters.uploadIdMarker).concat(Bytes.of(0));
        }
        return begin.compareTo(prefixBegin) < 0 ? prefixBegin : begin;
    }
}
