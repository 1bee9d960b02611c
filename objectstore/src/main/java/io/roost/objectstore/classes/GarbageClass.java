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
import io.roost.cluster.object.Mutation;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.GarbageRow;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code garbage.*}: what is to be deleted in a shard, and its end.
 *
 * <pre>
 * list    names of the rows due at or before a time, oldest first
 * get     the content of a row ({@link GarbageRow#decode}); NOT_FOUND
 * remove  a row, with what its kind says: the pages of parts of an upload, a completed-upload row, a fenced header;
 *         the stripes must have been deleted before; STILL_LIVE when it is not due
 * </pre>
 */
public final class GarbageClass {
    static final String LIST = "list";
    static final String GET = "get";
    static final String REMOVE = "remove";

    /** Most rows of a page. */
    public static final int MAX_PAGE = 1000;

    private GarbageClass() {}

    /**
     * Which rows to list.
     *
     * @param nowMillis rows due at or before, Unix milliseconds
     * @param after name after which the page begins, empty for the first
     * @param maxRows 1 to {@link #MAX_PAGE}
     */
    public record ListParameters(long nowMillis, Bytes after, int maxRows) {
        /** Checks the range. */
        public ListParameters {
            if (maxRows < 1 || maxRows > MAX_PAGE) {
                throw new IllegalArgumentException("page of " + maxRows + " rows");
            }
        }

        /** The call; its output is for {@link #names}. */
        public ClassCall call() {
            Bytes parameters = new ByteWriter(64)
                    .varint(nowMillis)
                    .bytes(after)
                    .varint(maxRows)
                    .toBytes();
            return ClassCall.of(S3Classes.GARBAGE, LIST, parameters);
        }

        static ListParameters decode(ByteReader in) {
            return new ListParameters(in.varint(), in.bytes(), in.count(MAX_PAGE));
        }
    }

    /**
     * Which row to remove.
     *
     * @param name of the row
     * @param nowMillis Unix milliseconds
     */
    record RemoveParameters(Bytes name, long nowMillis) {
        static RemoveParameters decode(ByteReader in) {
            return new RemoveParameters(in.bytes(), in.varint());
        }
    }

    /** The names that {@code list} answers: {@link EntryNames#garbageKind} and others tell what they are. */
    public static List<Bytes> names(Bytes output) {
        ByteReader in = new ByteReader(output);
        List<Bytes> names = new ArrayList<>();
        while (in.remaining() > 0) {
            names.add(in.bytes());
        }
        return names;
    }

    /** The call that reads a row. */
    public static ClassCall get(Bytes name) {
        return ClassCall.of(S3Classes.GARBAGE, GET, name);
    }

    /** The call that removes a row that is due now, Unix milliseconds, once its stripes are deleted. */
    public static ClassCall remove(Bytes name, long nowMillis) {
        return ClassCall.of(
                S3Classes.GARBAGE,
                REMOVE,
                new ByteWriter(48).bytes(name).varint(nowMillis).toBytes());
    }

    static ClassReply list(LocatorView view, ListParameters parameters, Data data) {
        Bytes begin = parameters.after.isEmpty()
                ? EntryNames.kindBegin(EntryNames.GARBAGE)
                : parameters.after.concat(Bytes.of(0));
        Bytes end = EntryNames.garbageDueEnd(parameters.nowMillis);
        ByteWriter out = new ByteWriter(1024);
        if (begin.compareTo(end) >= 0) {
            return ClassReply.read(Bytes.EMPTY);
        }
        EntryCursor cursor = view.entries(begin, end);
        for (int rows = 0; rows < parameters.maxRows && cursor.next(); rows++) {
            out.bytes(cursor.name());
        }
        return ClassReply.read(out.toBytes());
    }

    static ClassReply get(LocatorView view, Bytes name, Data data) {
        Entry entry = view.entry(name);
        if (entry == null) {
            return ClassStatus.NOT_FOUND.refuse();
        }
        return ClassReply.read(entry.attributes().isEmpty() ? view.value(name) : entry.attributes());
    }

    static ClassReply remove(LocatorView view, RemoveParameters parameters, Data data) {
        Bytes name = parameters.name;
        if (view.entry(name) == null) {
            return ClassReply.read(Bytes.EMPTY);
        }
        if (EntryNames.garbageDueMillis(name) > parameters.nowMillis) {
            return ClassStatus.STILL_LIVE.refuse();
        }
        Bytes id = EntryNames.garbageId(name);
        List<Mutation> mutations = new ArrayList<>();
        mutations.add(new Mutation.Delete(name));
        switch (EntryNames.garbageKind(name)) {
            case SETS -> {}
            case UPLOAD -> {
                EntryCursor pages = view.entries(EntryNames.partPage(id, 0), EntryNames.partPagesEnd(id));
                while (pages.next()) {
                    mutations.add(new Mutation.Delete(pages.name()));
                }
            }
            case COMPLETED -> mutations.add(new Mutation.Delete(EntryNames.completed(id)));
            case FENCE -> mutations.addAll(ShardClass.forget(view, parameters.nowMillis));
        }
        return ClassReply.write(Bytes.EMPTY, mutations);
    }
}
