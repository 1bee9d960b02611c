package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.ShardTransaction;
import io.roost.objectstore.layout.UploadRow;
import java.util.Objects;

/**
 * {@code multipart.create}, {@code get} and {@code abort}: the life of an upload without its parts.
 *
 * <p>Statuses: NO_SUCH_BUCKET; STALE_BUCKET (create, abort); NO_SUCH_UPLOAD (get, abort).
 */
public final class UploadClass {
    static final String CREATE = "create";
    static final String GET = "get";
    static final String ABORT = "abort";

    private static final int VERSION = 1;

    private UploadClass() {}

    /**
     * The upload to begin.
     *
     * @param shard the bucket as the caller knows it
     * @param key 1 to 1024 bytes
     * @param uploadId 16 bytes, new; ids that begin with the time keep a key's uploads in their order
     * @param upload its row
     * @param metadata encoded {@link io.roost.objectstore.layout.ObjectMetadata} that the object will have
     */
    public record CreateParameters(ShardRef shard, Bytes key, Bytes uploadId, UploadRow upload, Bytes metadata) {
        /** Checks the lengths. */
        public CreateParameters {
            Keys.check(key);
            Objects.requireNonNull(shard, "shard");
            Objects.requireNonNull(upload, "upload");
            Objects.requireNonNull(metadata, "metadata");
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(160 + key.length() + metadata.length());
            int mark = out.begin(VERSION, 1);
            shard.encode(out);
            out.bytes(key).raw(uploadId).bytes(upload.encode()).bytes(metadata).end(mark);
            return ClassCall.of(S3Classes.MULTIPART, CREATE, out.toBytes());
        }

        static CreateParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            CreateParameters parameters = new CreateParameters(
                    ShardRef.decode(in),
                    in.bytes(),
                    in.raw(EntryNames.ID_BYTES),
                    UploadRow.decode(in.bytes()),
                    in.bytes());
            in.end(struct);
            return parameters;
        }
    }

    /**
     * The upload to abort.
     *
     * @param shard the bucket as the caller knows it
     * @param key 1 to 1024 bytes
     * @param uploadId 16 bytes
     * @param garbageDueMillis when its parts may be deleted, Unix milliseconds
     */
    public record AbortParameters(ShardRef shard, Bytes key, Bytes uploadId, long garbageDueMillis) {
        /** Checks the lengths. */
        public AbortParameters {
            Keys.check(key);
            Objects.requireNonNull(shard, "shard");
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(96 + key.length());
            int mark = out.begin(VERSION, 1);
            shard.encode(out);
            out.bytes(key).raw(uploadId).varint(garbageDueMillis).end(mark);
            return ClassCall.of(S3Classes.MULTIPART, ABORT, out.toBytes());
        }

        static AbortParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            AbortParameters parameters =
                    new AbortParameters(ShardRef.decode(in), in.bytes(), in.raw(EntryNames.ID_BYTES), in.varint());
            in.end(struct);
            return parameters;
        }
    }

    /**
     * Which upload.
     *
     * @param key 1 to 1024 bytes
     * @param uploadId 16 bytes
     */
    public record GetParameters(Bytes key, Bytes uploadId) {
        /** Checks the length. */
        public GetParameters {
            Keys.check(key);
        }

        /** The call; its output is for {@link GetReply#decode}. */
        public ClassCall call() {
            return ClassCall.of(
                    S3Classes.MULTIPART,
                    GET,
                    new ByteWriter(32 + key.length()).raw(uploadId).bytes(key).toBytes());
        }

        static GetParameters decode(ByteReader in) {
            Bytes uploadId = in.raw(EntryNames.ID_BYTES);
            return new GetParameters(in.bytes(), uploadId);
        }
    }

    /**
     * An open upload.
     *
     * @param upload its row
     * @param metadata encoded {@link io.roost.objectstore.layout.ObjectMetadata} that the object will have
     */
    public record GetReply(UploadRow upload, Bytes metadata) {
        /** Reads the output of a call with status OK. */
        public static GetReply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            return new GetReply(UploadRow.decode(in.bytes()), in.bytes());
        }
    }

    static ClassReply create(LocatorView view, CreateParameters parameters, Data data) {
        ShardTransaction transaction = new ShardTransaction(view, 0);
        ClassStatus fence = Keys.status(transaction.enter(parameters.shard));
        if (fence != ClassStatus.OK) {
            return fence.refuse();
        }
        Bytes name = EntryNames.upload(parameters.key, parameters.uploadId);
        if (view.entry(name) != null) {
            // Upload ids are random: only the same request, sent again, can have it.
            return ClassReply.read(Bytes.EMPTY);
        }
        transaction.put(new Mutation.Put(name, parameters.upload.encode(), parameters.metadata, null));
        return ClassReply.write(Bytes.EMPTY, transaction.mutations());
    }

    static ClassReply get(LocatorView view, GetParameters parameters, Data data) {
        if (Keys.openHeader(view) == null) {
            return ClassStatus.NO_SUCH_BUCKET.refuse();
        }
        Bytes name = EntryNames.upload(parameters.key, parameters.uploadId);
        Entry entry = view.entry(name);
        if (entry == null) {
            return ClassStatus.NO_SUCH_UPLOAD.refuse();
        }
        return ClassReply.read(new ByteWriter(128)
                .bytes(entry.attributes())
                .bytes(view.value(name))
                .toBytes());
    }

    static ClassReply abort(LocatorView view, AbortParameters parameters, Data data) {
        ShardTransaction transaction = new ShardTransaction(view, parameters.garbageDueMillis);
        ClassStatus fence = Keys.status(transaction.enter(parameters.shard));
        if (fence != ClassStatus.OK) {
            return fence.refuse();
        }
        Bytes name = EntryNames.upload(parameters.key, parameters.uploadId);
        if (view.entry(name) == null) {
            return ClassStatus.NO_SUCH_UPLOAD.refuse();
        }
        transaction.put(new Mutation.Delete(name));
        transaction.discardUpload(parameters.uploadId);
        return ClassReply.write(Bytes.EMPTY, transaction.mutations());
    }
}
