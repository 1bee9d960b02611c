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
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.ShardTransaction;
import io.roost.objectstore.layout.ShardTransaction.Version;
import io.roost.objectstore.layout.StorageClass;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.layout.Versioning;
import java.util.Objects;

/**
 * {@code object.copy-self}: a copy of a key onto itself, without copying bytes. Where the copy takes the source's place
 * only its description changes; where it is a new version, that shares the stripes of the source.
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET, SOURCE_CHANGED, PRECONDITION_FAILED, NO_SUCH_KEY (If-Match without an
 * object), COPY_BYTES (the version is inline, or shared too often: the caller reads it and puts it). The output is a
 * {@link PutClass.Reply}.
 */
public final class CopyClass {
    static final String METHOD = "copy-self";

    private static final int VERSION = 1;

    private CopyClass() {}

    /**
     * The version to copy from, as the caller has read it.
     *
     * @param version which version of the key
     * @param writeTag of its head: another one is another object
     */
    public record Source(VersionId version, Bytes writeTag) {}

    /**
     * The version to be.
     *
     * @param nowMillis the request's time, Unix milliseconds
     * @param versionTag random, of the version to be made
     * @param writeTag 16 random bytes, the same in a retry
     * @param storageClass of the copy
     * @param metadata encoded {@link ObjectMetadata} whose headers, user metadata and tags the copy has; checksum and parts
     *     are the source's
     */
    public record Copy(long nowMillis, long versionTag, Bytes writeTag, StorageClass storageClass, Bytes metadata) {}

    /**
     * What to copy.
     *
     * @param shard the bucket as the caller knows it
     * @param key 1 to 1024 bytes
     * @param source the version to copy from
     * @param copy the version to be
     * @param conditions to hold of the latest version before
     * @param garbageDueMillis when what this replaces may be deleted, Unix milliseconds
     */
    public record Parameters(
            ShardRef shard, Bytes key, Source source, Copy copy, Conditions conditions, long garbageDueMillis) {
        /** Checks the length. */
        public Parameters {
            Keys.check(key);
            Objects.requireNonNull(shard, "shard");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(copy, "copy");
            Objects.requireNonNull(conditions, "conditions");
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(192 + key.length() + copy.metadata.length());
            int mark = out.begin(VERSION, 1);
            shard.encode(out);
            out.bytes(key);
            source.version.encode(out);
            out.raw(source.writeTag);
            out.varint(copy.nowMillis).u64(copy.versionTag).raw(copy.writeTag);
            out.u8(copy.storageClass.code()).bytes(copy.metadata);
            conditions.encode(out);
            out.varint(garbageDueMillis).end(mark);
            return ClassCall.of(S3Classes.OBJECT, METHOD, out.toBytes());
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(
                    ShardRef.decode(in),
                    in.bytes(),
                    new Source(VersionId.decode(in), in.raw(EntryNames.ID_BYTES)),
                    new Copy(
                            in.varint(),
                            in.u64(),
                            in.raw(EntryNames.ID_BYTES),
                            StorageClass.ofCode(in.u8()),
                            in.bytes()),
                    Conditions.decode(in),
                    in.varint());
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters, Data data) {
        ShardTransaction transaction = new ShardTransaction(view, parameters.garbageDueMillis);
        ClassStatus fence = Keys.status(transaction.enter(parameters.shard));
        if (fence != ClassStatus.OK) {
            return fence.refuse();
        }
        Version latest = transaction.latest(parameters.key);
        if (latest != null && latest.head().writeTag().equals(parameters.copy.writeTag)) {
            return ClassReply.read(reply(transaction, latest));
        }
        Version source = transaction.version(parameters.key, parameters.source.version);
        boolean isSame = source != null
                && !source.head().isDeleteMarker()
                && source.head().writeTag().equals(parameters.source.writeTag);
        if (!isSame) {
            return ClassStatus.SOURCE_CHANGED.refuse();
        }
        ClassStatus condition = parameters.conditions.forWrite(Keys.liveHead(latest));
        return condition == ClassStatus.OK ? copy(view, transaction, parameters, latest, source) : condition.refuse();
    }

    private static ClassReply copy(
            LocatorView view, ShardTransaction transaction, Parameters parameters, Version latest, Version source) {
        boolean isInline = source.head().manifest() instanceof Manifest.Inline;
        boolean hasInlineBytes = isInline && source.head().sizeBytes() > 0;
        // A null version that is the latest is replaced by the copy, so it can as well stay and be described anew.
        boolean staysInPlace = latest.sequence() == source.sequence()
                && (transaction.versioning() == Versioning.NEVER
                        || (transaction.versioning() == Versioning.SUSPENDED
                                && source.head().state().isNull()));
        if (!staysInPlace && (hasInlineBytes || (!isInline && !transaction.canShare(source.head())))) {
            return ClassStatus.COPY_BYTES.refuse();
        }
        ObjectMetadata stored =
                ObjectMetadata.decode(view.value(EntryNames.version(parameters.key, source.sequence())));
        Bytes metadata = ObjectMetadata.decode(parameters.copy.metadata)
                .with(stored.checksum(), stored.parts())
                .encode();
        Head head = head(source.head(), parameters.copy);
        Version written;
        if (staysInPlace) {
            long time = Math.max(head.lastModifiedMillis(), latest.head().lastModifiedMillis());
            written = new Version(source.sequence(), head.with(source.head().state(), time));
            transaction.describe(parameters.key, source, written.head(), metadata);
        } else {
            written = transaction.write(parameters.key, latest, head, metadata, null);
        }
        return ClassReply.write(reply(transaction, written), transaction.mutations());
    }

    private static Head head(Head source, Copy copy) {
        return new Head(
                new Head.State(false, false, copy.versionTag),
                source.sizeBytes(),
                copy.nowMillis,
                source.eTag(),
                copy.storageClass,
                source.checksum(),
                copy.writeTag,
                source.manifest());
    }

    private static Bytes reply(ShardTransaction transaction, Version version) {
        return new PutClass.Reply(
                        transaction.answeredId(version), version.head().lastModifiedMillis())
                .encode();
    }
}
