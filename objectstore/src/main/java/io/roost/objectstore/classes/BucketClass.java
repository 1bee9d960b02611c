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
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.SystemNames;
import io.roost.objectstore.layout.Versioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code bucket.*}: bucket records with their index by owner, in locator {@link SystemNames#BUCKETS} of the system pool.
 * Every method that changes a record answers the record as it is afterwards ({@link BucketRecord#decode}).
 *
 * <pre>
 * create          ALREADY_OWNED (with the record) or ALREADY_EXISTS when the name is taken
 * get             NO_SUCH_BUCKET
 * list            a page of an owner's buckets, or of all, by name
 * mark-deleting   begins a deletion, or begins it anew: a config epoch of its own; NO_SUCH_BUCKET
 * remove          ends the deletion of that config epoch; NO_SUCH_BUCKET, CONFLICT
 * restore         gives up the deletion of that config epoch; NO_SUCH_BUCKET, CONFLICT
 * set-versioning  NO_SUCH_BUCKET, CONFLICT while being deleted
 * </pre>
 *
 * <p>A deletion: mark-deleting, {@code shard.fence} on every shard with the epoch answered, then remove; or, if one is
 * not empty, {@code shard.restore} on every shard, then restore.
 */
public final class BucketClass {
    static final String CREATE = "create";
    static final String GET = "get";
    static final String LIST = "list";
    static final String MARK_DELETING = "mark-deleting";
    static final String REMOVE = "remove";
    static final String RESTORE = "restore";
    static final String SET_VERSIONING = "set-versioning";

    /** Most buckets of a page. */
    public static final int MAX_PAGE = 1000;

    private static final int VERSION = 1;

    private BucketClass() {}

    /** The call that creates a bucket: its id is new, its config epoch 1. */
    public static ClassCall create(BucketRecord bucket) {
        return ClassCall.of(S3Classes.BUCKET, CREATE, bucket.encode());
    }

    /** The call that reads a bucket's record. */
    public static ClassCall get(String name) {
        return ClassCall.of(S3Classes.BUCKET, GET, new ByteWriter().text(name).toBytes());
    }

    /**
     * Which record to change.
     *
     * @param name of the bucket
     * @param id 16 bytes: a record of another id is another bucket
     * @param configEpoch of the deletion to end or give up; not looked at by the other methods
     * @param versioning to set; not looked at by the other methods
     */
    public record Parameters(String name, Bytes id, long configEpoch, Versioning versioning) {
        /** Checks that nothing is null. */
        public Parameters {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(versioning, "versioning");
        }

        /** The record as it was read. */
        public static Parameters of(BucketRecord bucket) {
            return new Parameters(bucket.name(), bucket.id(), bucket.configEpoch(), bucket.versioning());
        }

        /** The call that begins a deletion. */
        public ClassCall markDeleting() {
            return call(MARK_DELETING);
        }

        /** The call that ends it. */
        public ClassCall remove() {
            return call(REMOVE);
        }

        /** The call that gives it up. */
        public ClassCall restore() {
            return call(RESTORE);
        }

        /** The call that sets the versioning state. */
        public ClassCall setVersioning() {
            return call(SET_VERSIONING);
        }

        private ClassCall call(String method) {
            ByteWriter out = new ByteWriter(96);
            int mark = out.begin(VERSION, 1);
            out.text(name).raw(id).varint(configEpoch).u8(versioning.code()).end(mark);
            return ClassCall.of(S3Classes.BUCKET, method, out.toBytes());
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters =
                    new Parameters(in.text(), in.raw(EntryNames.ID_BYTES), in.varint(), Versioning.ofCode(in.u8()));
            in.end(struct);
            return parameters;
        }
    }

    /**
     * Which buckets to list.
     *
     * @param owner id of the user, empty for those of all
     * @param startAfter name after which the page begins, empty for the first
     * @param maxBuckets 1 to {@link #MAX_PAGE}
     */
    public record ListParameters(String owner, String startAfter, int maxBuckets) {
        /** Checks the range. */
        public ListParameters {
            Objects.requireNonNull(owner, "owner");
            Objects.requireNonNull(startAfter, "startAfter");
            if (maxBuckets < 1 || maxBuckets > MAX_PAGE) {
                throw new IllegalArgumentException("page of " + maxBuckets + " buckets");
            }
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(96);
            int mark = out.begin(VERSION, 1);
            out.text(owner).text(startAfter).varint(maxBuckets).end(mark);
            return ClassCall.of(S3Classes.BUCKET, LIST, out.toBytes());
        }

        static ListParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            ListParameters parameters = new ListParameters(in.text(), in.text(), in.count(MAX_PAGE));
            in.end(struct);
            return parameters;
        }
    }

    /**
     * A page of buckets.
     *
     * @param buckets by name
     * @param isTruncated true when there are more
     */
    public record ListReply(List<BucketRecord> buckets, boolean isTruncated) {
        /** Copies the list. */
        public ListReply {
            buckets = List.copyOf(buckets);
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(64 + 192 * buckets.size());
            int mark = out.begin(VERSION, 1);
            out.flag(isTruncated).varint(buckets.size());
            for (BucketRecord bucket : buckets) {
                out.bytes(bucket.encode());
            }
            return out.end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static ListReply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            boolean isTruncated = in.flag();
            int count = in.count(MAX_PAGE);
            List<BucketRecord> buckets = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                buckets.add(BucketRecord.decode(in.bytes()));
            }
            in.end(struct);
            return new ListReply(buckets, isTruncated);
        }
    }

    static ClassReply create(LocatorView view, BucketRecord bucket, Data data) {
        Entry existing = view.entry(SystemNames.bucket(bucket.name()));
        if (existing != null) {
            boolean isOwn = BucketRecord.decode(existing.attributes()).owner().equals(bucket.owner());
            return isOwn
                    ? ClassReply.refuse(ClassStatus.ALREADY_OWNED.code(), existing.attributes())
                    : ClassStatus.ALREADY_EXISTS.refuse();
        }
        Bytes row = bucket.encode();
        return ClassReply.write(
                row,
                List.of(
                        Mutation.Put.row(SystemNames.bucket(bucket.name()), row),
                        Mutation.Put.row(SystemNames.bucketOfOwner(bucket.owner(), bucket.name()), Bytes.EMPTY)));
    }

    static ClassReply get(LocatorView view, String name, Data data) {
        Entry entry = view.entry(SystemNames.bucket(name));
        return entry == null ? ClassStatus.NO_SUCH_BUCKET.refuse() : ClassReply.read(entry.attributes());
    }

    static ClassReply list(LocatorView view, ListParameters parameters, Data data) {
        boolean ofAll = parameters.owner.isEmpty();
        Bytes prefix = ofAll ? Bytes.of(SystemNames.BUCKET) : SystemNames.bucketsOfOwner(parameters.owner);
        // The name after "n" is "n" and a zero byte.
        Bytes after = parameters.startAfter.isEmpty()
                ? prefix
                : prefix.concat(Bytes.utf8(parameters.startAfter)).concat(Bytes.of(0));
        EntryCursor cursor = view.entries(after, prefix.prefixEnd());
        List<BucketRecord> buckets = new ArrayList<>();
        while (cursor.next()) {
            if (buckets.size() == parameters.maxBuckets) {
                return ClassReply.read(new ListReply(buckets, true).encode());
            }
            Bytes name = cursor.name().slice(prefix.length(), cursor.name().length());
            Entry entry = ofAll ? cursor.entry() : view.entry(SystemNames.bucket(name.utf8()));
            buckets.add(BucketRecord.decode(entry.attributes()));
        }
        return ClassReply.read(new ListReply(buckets, false).encode());
    }

    static ClassReply markDeleting(LocatorView view, Parameters parameters, Data data) {
        BucketRecord bucket = record(view, parameters);
        return bucket == null ? ClassStatus.NO_SUCH_BUCKET.refuse() : put(bucket.withDeleting(true));
    }

    static ClassReply remove(LocatorView view, Parameters parameters, Data data) {
        BucketRecord bucket = record(view, parameters);
        if (bucket == null) {
            return ClassStatus.NO_SUCH_BUCKET.refuse();
        }
        if (!bucket.isDeleting() || bucket.configEpoch() != parameters.configEpoch) {
            return ClassStatus.CONFLICT.refuse();
        }
        return ClassReply.write(
                bucket.encode(),
                List.of(
                        new Mutation.Delete(SystemNames.bucket(bucket.name())),
                        new Mutation.Delete(SystemNames.bucketOfOwner(bucket.owner(), bucket.name()))));
    }

    static ClassReply restore(LocatorView view, Parameters parameters, Data data) {
        BucketRecord bucket = record(view, parameters);
        if (bucket == null) {
            return ClassStatus.NO_SUCH_BUCKET.refuse();
        }
        if (!bucket.isDeleting() || bucket.configEpoch() != parameters.configEpoch) {
            return ClassStatus.CONFLICT.refuse();
        }
        return put(bucket.withDeleting(false));
    }

    static ClassReply setVersioning(LocatorView view, Parameters parameters, Data data) {
        BucketRecord bucket = record(view, parameters);
        if (bucket == null) {
            return ClassStatus.NO_SUCH_BUCKET.refuse();
        }
        if (bucket.isDeleting() || parameters.versioning == Versioning.NEVER) {
            return ClassStatus.CONFLICT.refuse();
        }
        return bucket.versioning() == parameters.versioning
                ? ClassReply.read(bucket.encode())
                : put(bucket.withVersioning(parameters.versioning));
    }

    private static BucketRecord record(LocatorView view, Parameters parameters) {
        Entry entry = view.entry(SystemNames.bucket(parameters.name));
        BucketRecord bucket = entry == null ? null : BucketRecord.decode(entry.attributes());
        return bucket != null && bucket.id().equals(parameters.id) ? bucket : null;
    }

    private static ClassReply put(BucketRecord bucket) {
        Bytes row = bucket.encode();
        return ClassReply.write(row, List.of(Mutation.Put.row(SystemNames.bucket(bucket.name()), row)));
    }
}
