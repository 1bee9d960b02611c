package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.ShardHeader;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.layout.Versioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code object.list}: a page of a shard's keys in byte order, bounded in entries stepped over.
 *
 * <p>Statuses: NO_SUCH_BUCKET.
 */
public final class ListClass {
    static final String METHOD = "list";

    /** Most items of a page: the API's 1000 and one to see whether there are more. */
    public static final int MAX_ITEMS = 1001;

    private static final int VERSION = 1;

    private ListClass() {}

    /** What is listed. */
    public enum Mode {
        /** The latest version of each key, delete markers left out. */
        LATEST,
        /** All versions and delete markers, newest first within a key. */
        VERSIONS
    }

    /**
     * What to list.
     *
     * @param mode what counts as an item
     * @param prefix that keys begin with, may be empty
     * @param delimiter that keys are rolled up at, empty for none
     * @param startAfter items come after this key or common prefix (in {@link Mode#VERSIONS}: after the given version of
     *     it), empty for the first
     * @param startAfterVersion in {@link Mode#VERSIONS}, {@link VersionId#LATEST} for after all versions
     * @param cursor of the last reply, empty for the first page; the rest of the parameters stay the same
     * @param maxItems 1 to {@link #MAX_ITEMS}
     */
    public record Parameters(
            Mode mode,
            Bytes prefix,
            Bytes delimiter,
            Bytes startAfter,
            VersionId startAfterVersion,
            Bytes cursor,
            int maxItems) {
        /** Checks the ranges above. */
        public Parameters {
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(startAfterVersion, "startAfterVersion");
            Objects.requireNonNull(cursor, "cursor");
            boolean isLong = prefix.length() > EntryNames.MAX_KEY_BYTES
                    || delimiter.length() > EntryNames.MAX_KEY_BYTES
                    || startAfter.length() > EntryNames.MAX_KEY_BYTES;
            if (isLong || maxItems < 1 || maxItems > MAX_ITEMS) {
                throw new IllegalArgumentException("listing of " + maxItems + " items");
            }
        }

        /** A first page of the latest versions. */
        public static Parameters latest(Bytes prefix, Bytes delimiter, Bytes startAfter, int maxItems) {
            return new Parameters(Mode.LATEST, prefix, delimiter, startAfter, VersionId.LATEST, Bytes.EMPTY, maxItems);
        }

        /** The next page. */
        public Parameters next(Bytes newCursor, int newMaxItems) {
            return new Parameters(mode, prefix, delimiter, startAfter, startAfterVersion, newCursor, newMaxItems);
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64 + prefix.length() + startAfter.length() + cursor.length());
            int mark = out.begin(VERSION, 1);
            out.flag(mode == Mode.VERSIONS).bytes(prefix).bytes(delimiter).bytes(startAfter);
            startAfterVersion.encode(out);
            out.bytes(cursor).varint(maxItems).end(mark);
            return ClassCall.of(S3Classes.OBJECT, METHOD, out.toBytes());
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(
                    in.flag() ? Mode.VERSIONS : Mode.LATEST,
                    in.bytes(),
                    in.bytes(),
                    in.bytes(),
                    VersionId.decode(in),
                    in.bytes(),
                    in.count(MAX_ITEMS));
            in.end(struct);
            return parameters;
        }
    }

    /** An item of a listing. */
    public sealed interface Item {
        /** What it is ordered by: the key, or the common prefix. */
        Bytes name();
    }

    /**
     * A version of a key.
     *
     * @param name the key
     * @param sequence of the version
     * @param isLatest true when it is the newest of its key
     * @param head its head
     */
    public record Found(Bytes name, long sequence, boolean isLatest, Head head) implements Item {
        /** The version's id. */
        public VersionId versionId() {
            return head.versionId(sequence);
        }
    }

    /**
     * Keys rolled up.
     *
     * @param name what they begin with, up to and with the delimiter
     */
    public record CommonPrefix(Bytes name) implements Item {}

    /**
     * A page.
     *
     * @param versioning state of the bucket; one never versioned has only null versions
     * @param items in order, possibly none although there are more
     * @param cursor for the next page, empty at the end of the shard
     */
    public record Reply(Versioning versioning, List<Item> items, Bytes cursor) {
        /** Copies the list. */
        public Reply {
            items = List.copyOf(items);
        }

        /** Reads the output of a call with status OK. */
        public static Reply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            Versioning versioning = Versioning.ofCode(in.u8());
            Bytes cursor = in.bytes();
            List<Item> items = new ArrayList<>();
            while (in.remaining() > 0) {
                int kind = in.u8();
                Bytes name = in.bytes();
                items.add(
                        kind == KeyScan.COMMON_PREFIX
                                ? new CommonPrefix(name)
                                : new Found(name, in.varint(), kind == KeyScan.LATEST, Head.decode(in.bytes())));
            }
            in.end(struct);
            return new Reply(versioning, items, cursor);
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters, Data data) {
        ShardHeader header = Keys.openHeader(view);
        if (header == null) {
            return ClassStatus.NO_SUCH_BUCKET.refuse();
        }
        KeyScan scan = new KeyScan(view, parameters);
        Bytes cursor = scan.run();
        Bytes items = scan.items();
        ByteWriter out = new ByteWriter(32 + cursor.length() + items.length());
        int mark = out.begin(VERSION, 1);
        out.u8(header.versioning().code()).bytes(cursor).raw(items);
        return ClassReply.read(out.end(mark).toBytes());
    }
}
