package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.ShardTransaction;
import io.roost.objectstore.layout.ShardTransaction.Version;
import io.roost.objectstore.layout.VersionId;
import java.util.Objects;

/**
 * {@code object.put}: writes a version of a key, inline or as the commit of a stripe set, in one transaction with its
 * references, garbage and counters.
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET, PRECONDITION_FAILED, NO_SUCH_KEY (If-Match without an object),
 * NO_SUCH_INTENT.
 */
public final class PutClass {
    static final String METHOD = "put";

    private static final int VERSION = 1;

    private PutClass() {}

    /**
     * What to write.
     *
     * @param shard the bucket as the caller knows it
     * @param key 1 to 1024 bytes
     * @param head with the request's time, a random write tag (a retry uses the same) and, as
     *     {@link Head.State#versionTag}, a random version tag; never a delete marker, never with parts
     * @param metadata encoded {@link io.roost.objectstore.layout.ObjectMetadata}
     * @param conditions to hold before the write
     * @param garbageDueMillis when the bytes that this replaces may be deleted, Unix milliseconds
     */
    public record Parameters(
            ShardRef shard, Bytes key, Head head, Bytes metadata, Conditions conditions, long garbageDueMillis) {
        /** Checks the ranges above. */
        public Parameters {
            Keys.check(key);
            Objects.requireNonNull(shard, "shard");
            Objects.requireNonNull(metadata, "metadata");
            Objects.requireNonNull(conditions, "conditions");
            if (head.isDeleteMarker() || head.manifest() instanceof Manifest.Parts) {
                throw new IllegalArgumentException("a PUT of " + head);
            }
        }

        /** The call; the body of an inline object goes with it, {@link Data#EMPTY} goes with others. */
        public ClassCall call(Data body) {
            ByteWriter out = new ByteWriter(256 + key.length() + metadata.length());
            int mark = out.begin(VERSION, 1);
            shard.encode(out);
            out.bytes(key).bytes(head.encode()).bytes(metadata);
            conditions.encode(out);
            return new ClassCall(
                    S3Classes.OBJECT,
                    METHOD,
                    out.varint(garbageDueMillis).end(mark).toBytes(),
                    body);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(
                    ShardRef.decode(in),
                    in.bytes(),
                    Head.decode(in.bytes()),
                    in.bytes(),
                    Conditions.decode(in),
                    in.varint());
            in.end(struct);
            return parameters;
        }
    }

    /**
     * What was written.
     *
     * @param versionId {@link VersionId#LATEST} in a bucket never versioned: no version id is answered
     * @param lastModifiedMillis Unix milliseconds
     */
    public record Reply(VersionId versionId, long lastModifiedMillis) {
        Bytes encode() {
            ByteWriter out = new ByteWriter(32);
            int mark = out.begin(VERSION, 1);
            versionId.encode(out);
            return out.varint(lastModifiedMillis).end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Reply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            Reply reply = new Reply(VersionId.decode(in), in.varint());
            in.end(struct);
            return reply;
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters, Data data) {
        Head head = parameters.head;
        boolean isInline = head.manifest() instanceof Manifest.Inline;
        if (data.length() != (isInline ? head.sizeBytes() : 0)) {
            throw new MalformedBytesException("a body of " + data.length() + " bytes for " + head);
        }
        ShardTransaction transaction = new ShardTransaction(view, parameters.garbageDueMillis);
        ClassStatus fence = Keys.status(transaction.enter(parameters.shard));
        if (fence != ClassStatus.OK) {
            return fence.refuse();
        }
        Version latest = transaction.latest(parameters.key);
        if (latest != null && latest.head().writeTag().equals(head.writeTag())) {
            return ClassReply.read(reply(transaction, latest));
        }
        ClassStatus condition = parameters.conditions.forWrite(Keys.liveHead(latest));
        if (condition != ClassStatus.OK) {
            return condition.refuse();
        }
        if (head.manifest() instanceof Manifest.Striped striped && !transaction.takeIntent(striped.set())) {
            return ClassStatus.NO_SUCH_INTENT.refuse();
        }
        Data body = isInline && data.length() > 0 ? data : null;
        Version written = transaction.write(parameters.key, latest, head, parameters.metadata, body);
        return ClassReply.write(reply(transaction, written), transaction.mutations());
    }

    private static Bytes reply(ShardTransaction transaction, Version version) {
        return new Reply(transaction.answeredId(version), version.head().lastModifiedMillis()).encode();
    }
}
