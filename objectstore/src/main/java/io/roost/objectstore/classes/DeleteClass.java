package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EvaluationLimits;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.ShardTransaction;
import io.roost.objectstore.layout.ShardTransaction.Version;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.layout.Versioning;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * {@code object.delete}: deletes keys or versions of one shard, in order, as many as fit into one transaction. In a
 * versioned bucket a key is deleted by a delete marker, whether it exists or not.
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET. What became of each target is in the reply.
 */
public final class DeleteClass {
    static final String METHOD = "delete";

    /** Most targets of a call: the API's limit. */
    public static final int MAX_TARGETS = 1000;

    /** A target changes at most head, pointer, reference and garbage; shard header and counters come on top. */
    private static final int MAX_NAMES = EvaluationLimits.MAX_NAMES_WRITTEN - 8;

    /** An outcome takes at most a byte and a varint. */
    private static final int MAX_OUTPUT_BYTES = EvaluationLimits.MAX_RECORDED_REPLY_BYTES - 64;

    private static final int MARKER = 0x80;
    private static final int NUMBERED = 0x40;
    private static final int NULL = 0x20;
    private static final int STATUS_MASK = 0x1f;
    private static final int VERSION = 1;

    private DeleteClass() {}

    /**
     * A key or version to delete.
     *
     * @param key 1 to 1024 bytes
     * @param version {@link VersionId#LATEST} to delete the key
     * @param versionTag random, of the delete marker that may be made
     * @param conditions to hold before
     */
    public record Target(Bytes key, VersionId version, long versionTag, Conditions conditions) {
        /** Checks the ranges above. */
        public Target {
            Keys.check(key);
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(conditions, "conditions");
        }
    }

    /**
     * What to delete.
     *
     * @param shard the bucket as the caller knows it
     * @param targets 1 to {@link #MAX_TARGETS}, all of this shard
     * @param nowMillis time of delete markers, Unix milliseconds
     * @param writeTag 16 random bytes, the same in a retry
     * @param garbageDueMillis when the bytes may be deleted, Unix milliseconds
     */
    public record Parameters(
            ShardRef shard, List<Target> targets, long nowMillis, Bytes writeTag, long garbageDueMillis) {
        /** Checks the ranges above and copies the list. */
        public Parameters {
            Objects.requireNonNull(shard, "shard");
            Objects.requireNonNull(writeTag, "writeTag");
            targets = List.copyOf(targets);
            if (targets.isEmpty() || targets.size() > MAX_TARGETS) {
                throw new IllegalArgumentException(targets.size() + " targets");
            }
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(96 + 64 * targets.size());
            int mark = out.begin(VERSION, 1);
            shard.encode(out);
            out.varint(nowMillis).raw(writeTag).varint(garbageDueMillis).varint(targets.size());
            for (Target target : targets) {
                out.bytes(target.key);
                target.version.encode(out);
                out.u64(target.versionTag);
                target.conditions.encode(out);
            }
            return ClassCall.of(S3Classes.OBJECT, METHOD, out.end(mark).toBytes());
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            ShardRef shard = ShardRef.decode(in);
            long nowMillis = in.varint();
            Bytes writeTag = in.raw(EntryNames.ID_BYTES);
            long garbageDueMillis = in.varint();
            int count = in.count(MAX_TARGETS);
            List<Target> targets = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                targets.add(new Target(in.bytes(), VersionId.decode(in), in.u64(), Conditions.decode(in)));
            }
            in.end(struct);
            return new Parameters(shard, targets, nowMillis, writeTag, garbageDueMillis);
        }
    }

    /**
     * What became of a target.
     *
     * @param status OK (also when there was nothing), PRECONDITION_FAILED or NO_SUCH_KEY (If-Match without an object)
     * @param isDeleteMarker true when a delete marker was made or removed
     * @param versionId the marker made or the version asked for; {@link VersionId#LATEST} for none to be named
     */
    public record Outcome(ClassStatus status, boolean isDeleteMarker, VersionId versionId) {}

    /**
     * What became of the first targets; the others are to be asked for again.
     *
     * @param outcomes in the order of the targets, at least one
     */
    public record Reply(List<Outcome> outcomes) {
        /** Copies the list. */
        public Reply {
            outcomes = List.copyOf(outcomes);
        }

        /**
         * Reads the output of a call with status OK.
         *
         * @param parameters of that call: version ids that the caller knows are not repeated
         */
        public static Reply decode(Bytes output, Parameters parameters) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            List<Outcome> outcomes = new ArrayList<>();
            while (in.remaining() > 0) {
                if (outcomes.size() == parameters.targets.size()) {
                    throw new MalformedBytesException("more outcomes than targets");
                }
                Target target = parameters.targets.get(outcomes.size());
                int flags = in.u8();
                VersionId id = target.version;
                if ((flags & NUMBERED) != 0) {
                    id = VersionId.of(in.varint(), target.versionTag);
                } else if ((flags & NULL) != 0) {
                    id = VersionId.NULL;
                }
                outcomes.add(new Outcome(ClassStatus.ofCode(flags & STATUS_MASK), (flags & MARKER) != 0, id));
            }
            in.end(struct);
            return new Reply(outcomes);
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters, Data data) {
        ShardTransaction transaction = new ShardTransaction(view, parameters.garbageDueMillis);
        ClassStatus fence = Keys.status(transaction.enter(parameters.shard));
        if (fence != ClassStatus.OK) {
            return fence.refuse();
        }
        Set<Bytes> touched = new HashSet<>();
        ByteWriter out = new ByteWriter(64 + parameters.targets.size());
        int mark = out.begin(VERSION, 1);
        for (Target target : parameters.targets) {
            // The latest of a key that this transaction has changed is not visible to its own cursor.
            boolean isAgain = transaction.versioning() != Versioning.NEVER
                    && !touched.add(target.key)
                    && target.version.kind() == VersionId.Kind.LATEST;
            if (isAgain || transaction.size() > MAX_NAMES - 4 || out.size() > MAX_OUTPUT_BYTES) {
                break;
            }
            delete(transaction, parameters, target, out);
        }
        return ClassReply.write(out.end(mark).toBytes(), transaction.mutations());
    }

    private static void delete(ShardTransaction transaction, Parameters parameters, Target target, ByteWriter out) {
        Version version = transaction.version(target.key, target.version);
        boolean ofKey = target.version.kind() == VersionId.Kind.LATEST;
        if (ofKey
                && version != null
                && version.head().isDeleteMarker()
                && version.head().writeTag().equals(parameters.writeTag)) {
            marker(out, version);
            return;
        }
        Head condition = ofKey ? Keys.liveHead(version) : version == null ? null : version.head();
        ClassStatus status = target.conditions.forWrite(condition);
        if (status != ClassStatus.OK) {
            out.u8(status.code());
        } else if (ofKey && transaction.versioning() != Versioning.NEVER) {
            Head.State state = new Head.State(true, false, target.versionTag);
            Head marker = Head.deleteMarker(state, parameters.nowMillis, parameters.writeTag);
            marker(out, transaction.write(target.key, version, marker, Bytes.EMPTY, null));
        } else {
            if (version != null) {
                transaction.remove(target.key, version);
            }
            out.u8(version != null && version.head().isDeleteMarker() ? MARKER : 0);
        }
    }

    private static void marker(ByteWriter out, Version marker) {
        if (marker.head().state().isNull()) {
            out.u8(MARKER | NULL);
        } else {
            out.u8(MARKER | NUMBERED).varint(marker.sequence());
        }
    }
}
