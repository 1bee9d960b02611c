package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.ShardTransaction;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code mail-checkpoint.*}: objects of a bucket of checkpoints, which any S3 client can read. They are written once, whole.
 *
 * <pre>
 * put     an object; over what is there
 * get     its head, and its bytes; NO_SUCH_BODY
 * list    keys of a prefix, in order
 * remove  some that are there
 * </pre>
 *
 * <p>The writing ones also: NO_SUCH_BUCKET, STALE_BUCKET.
 */
public final class CheckpointClass {
    static final String PUT = "put";
    static final String GET = "get";
    static final String LIST = "list";
    static final String REMOVE = "remove";

    /** Keys of one call. */
    public static final int MAX_KEYS = 200;

    private static final int VERSION = 1;

    private CheckpointClass() {}

    /**
     * An object.
     *
     * @param shard the bucket as the caller knows it
     * @param key its key
     * @param head of a body that goes with the call
     * @param metadata encoded {@link io.roost.objectstore.layout.ObjectMetadata}
     * @param garbageDueMillis when what it replaces may be deleted, Unix milliseconds
     */
    public record PutParameters(ShardRef shard, Bytes key, Head head, Bytes metadata, long garbageDueMillis) {
        /** Checks that the body is inline. */
        public PutParameters {
            if (!(head.manifest() instanceof Manifest.Inline)) {
                throw new IllegalArgumentException("an object of " + head);
            }
        }

        /** The call. */
        public ClassCall call(Data body) {
            ByteWriter out = new ByteWriter(256);
            int mark = out.begin(VERSION, 1);
            shard.encode(out);
            out.bytes(key).bytes(head.encode()).bytes(metadata).varint(garbageDueMillis);
            return new ClassCall(MailClasses.CHECKPOINT, PUT, out.end(mark).toBytes(), body);
        }

        static PutParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            PutParameters parameters = new PutParameters(
                    ShardRef.decode(in), in.bytes(), Head.decode(in.bytes()), in.bytes(), in.varint());
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply put(LocatorView view, PutParameters parameters, Data body) {
        if (body.length() != parameters.head.sizeBytes()) {
            throw new MalformedBytesException("a body of " + body.length() + " bytes for " + parameters.head);
        }
        ShardTransaction transaction = new ShardTransaction(view, parameters.garbageDueMillis);
        MailStatus fence = MailStatus.of(transaction.enter(parameters.shard));
        if (fence != MailStatus.OK) {
            return fence.refuse();
        }
        transaction.write(
                parameters.key, transaction.latest(parameters.key), parameters.head, parameters.metadata, body);
        return ClassReply.write(Bytes.EMPTY, transaction.mutations());
    }

    /** The call that reads an object; its output is the encoded {@link Head}. */
    public static ClassCall get(Bytes key) {
        return new ClassCall(
                MailClasses.CHECKPOINT, GET, new ByteWriter().bytes(key).toBytes(), Data.EMPTY);
    }

    static ClassReply get(LocatorView view, Bytes key) {
        Bytes name = EntryNames.version(key, 0);
        Entry entry = view.entry(name);
        return entry == null
                ? MailStatus.NO_SUCH_BODY.refuse()
                : ClassReply.read(entry.attributes(), new ClassReply.BodyRange(name, 0, Long.MAX_VALUE));
    }

    /**
     * Which keys.
     *
     * @param prefix that they begin with
     * @param after key of the last one seen, empty before the first
     */
    public record ListParameters(Bytes prefix, Bytes after) {
        /** The call; its reply is read by {@link CheckpointClass#keys}. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            return new ClassCall(
                    MailClasses.CHECKPOINT,
                    LIST,
                    out.bytes(prefix).bytes(after).end(mark).toBytes(),
                    Data.EMPTY);
        }

        static ListParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            ListParameters parameters = new ListParameters(in.bytes(), in.bytes());
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply list(LocatorView view, ListParameters parameters) {
        Bytes from = parameters.after.isEmpty()
                ? EntryNames.prefixBegin(EntryNames.KEY, parameters.prefix)
                : EntryNames.keyEnd(EntryNames.KEY, parameters.after);
        EntryCursor entries = view.entries(from, EntryNames.prefixEnd(EntryNames.KEY, parameters.prefix));
        List<Bytes> keys = new ArrayList<>();
        while (keys.size() < MAX_KEYS && entries.next()) {
            keys.add(EntryNames.keyOfVersion(entries.name()));
        }
        ByteWriter out = new ByteWriter(64 * keys.size() + 8);
        encodeKeys(out, keys);
        return ClassReply.read(out.toBytes());
    }

    /** Reads the reply of list: fewer than {@link #MAX_KEYS} are the last. */
    public static List<Bytes> keys(Bytes output) {
        return decodeKeys(new ByteReader(output));
    }

    private static void encodeKeys(ByteWriter out, List<Bytes> keys) {
        out.varint(keys.size());
        keys.forEach(out::bytes);
    }

    private static List<Bytes> decodeKeys(ByteReader in) {
        int count = in.count(MAX_KEYS);
        List<Bytes> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(in.bytes());
        }
        return keys;
    }

    /**
     * Which objects go.
     *
     * @param shard the bucket as the caller knows it
     * @param keys at most {@link #MAX_KEYS}
     * @param garbageDueMillis when their bytes may be deleted, Unix milliseconds
     */
    public record RemoveParameters(ShardRef shard, List<Bytes> keys, long garbageDueMillis) {
        /** Copies the list. */
        public RemoveParameters {
            keys = List.copyOf(keys);
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(512);
            int mark = out.begin(VERSION, 1);
            shard.encode(out);
            encodeKeys(out, keys);
            return new ClassCall(
                    MailClasses.CHECKPOINT,
                    REMOVE,
                    out.varint(garbageDueMillis).end(mark).toBytes(),
                    Data.EMPTY);
        }

        static RemoveParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            RemoveParameters parameters = new RemoveParameters(ShardRef.decode(in), decodeKeys(in), in.varint());
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply remove(LocatorView view, RemoveParameters parameters) {
        ShardTransaction transaction = new ShardTransaction(view, parameters.garbageDueMillis);
        MailStatus fence = MailStatus.of(transaction.enter(parameters.shard));
        if (fence != MailStatus.OK) {
            return fence.refuse();
        }
        for (Bytes key : parameters.keys) {
            ShardTransaction.Version there = transaction.latest(key);
            if (there != null) {
                transaction.remove(key, there);
            }
        }
        return ClassReply.write(Bytes.EMPTY, transaction.mutations());
    }
}
