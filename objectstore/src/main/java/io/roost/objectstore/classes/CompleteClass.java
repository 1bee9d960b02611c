package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.CompletedRow;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.GarbageRow;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.PartList;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.ShardTransaction;
import io.roost.objectstore.layout.ShardTransaction.Version;
import io.roost.objectstore.layout.UploadRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code multipart.complete}: makes an object of the parts listed, in one transaction. The rows of these parts stay and
 * are the object's manifest; the other parts become garbage; a completed-upload row answers retries for a day.
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_UPLOAD, PRECONDITION_FAILED, NO_SUCH_KEY (If-Match without an object),
 * INVALID_PART_ORDER; INVALID_PART and ENTITY_TOO_SMALL (output: {@link BadPart}); CONFLICT when the object's size or
 * checksum is not what the request says.
 */
public final class CompleteClass {
    static final String METHOD = "complete";

    /** Least size of every part but the last (S3 API). */
    public static final long MIN_PART_BYTES = 5L * 1024 * 1024;

    /** How long a retry is answered. */
    public static final long COMPLETED_FOR_MILLIS = 24 * 3600 * 1000L;

    /** Any size will do. */
    public static final long NO_SIZE = -1;

    private static final int VERSION = 1;

    private CompleteClass() {}

    /**
     * A part of the object to be.
     *
     * @param number 1 to 10,000
     * @param md5 16 bytes: the part's ETag
     * @param checksum that it must have, empty for any
     */
    public record ListedPart(int number, Bytes md5, Bytes checksum) {
        /** Checks that nothing is null. */
        public ListedPart {
            Objects.requireNonNull(md5, "md5");
            Objects.requireNonNull(checksum, "checksum");
        }
    }

    /**
     * What to complete, and when.
     *
     * @param nowMillis the request's time, Unix milliseconds
     * @param versionTag random, of the version to be made
     * @param garbageDueMillis when what this leaves behind may be deleted, Unix milliseconds
     * @param sizeBytes what the object must have (x-amz-mp-object-size), {@link #NO_SIZE} for any
     * @param checksum what the object must have, empty for any
     */
    public record Terms(long nowMillis, long versionTag, long garbageDueMillis, long sizeBytes, Bytes checksum) {}

    /**
     * The upload to complete.
     *
     * @param shard the bucket as the caller knows it
     * @param key 1 to 1024 bytes
     * @param uploadId 16 bytes
     * @param parts as the client listed them, 1 to 10,000
     * @param conditions to hold before the object is made
     * @param terms times and expectations
     */
    public record Parameters(
            ShardRef shard, Bytes key, Bytes uploadId, List<ListedPart> parts, Conditions conditions, Terms terms) {
        /** Checks the ranges above and copies the list. */
        public Parameters {
            Keys.check(key);
            Objects.requireNonNull(shard, "shard");
            Objects.requireNonNull(conditions, "conditions");
            Objects.requireNonNull(terms, "terms");
            parts = List.copyOf(parts);
            if (parts.isEmpty() || parts.size() > PartPage.MAX_PART_NUMBER) {
                throw new IllegalArgumentException(parts.size() + " parts");
            }
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(192 + key.length() + 24 * parts.size());
            int mark = out.begin(VERSION, 1);
            shard.encode(out);
            out.bytes(key).raw(uploadId);
            conditions.encode(out);
            out.varint(terms.nowMillis).u64(terms.versionTag).varint(terms.garbageDueMillis);
            out.u64(terms.sizeBytes).bytes(terms.checksum).varint(parts.size());
            for (ListedPart part : parts) {
                out.varint(part.number).bytes(part.md5).bytes(part.checksum);
            }
            return ClassCall.of(S3Classes.MULTIPART, METHOD, out.end(mark).toBytes());
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            ShardRef shard = ShardRef.decode(in);
            Bytes key = in.bytes();
            Bytes uploadId = in.raw(EntryNames.ID_BYTES);
            Conditions conditions = Conditions.decode(in);
            Terms terms = new Terms(in.varint(), in.u64(), in.varint(), in.u64(), in.bytes());
            int count = in.count(PartPage.MAX_PART_NUMBER);
            List<ListedPart> parts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                parts.add(new ListedPart(in.count(Integer.MAX_VALUE), in.bytes(), in.bytes()));
            }
            in.end(struct);
            return new Parameters(shard, key, uploadId, parts, conditions, terms);
        }
    }

    /**
     * The part that INVALID_PART or ENTITY_TOO_SMALL is about.
     *
     * @param number as listed
     * @param sizeBytes its size, 0 for INVALID_PART
     */
    public record BadPart(int number, long sizeBytes) {
        /** Reads the output of a call with such a status. */
        public static BadPart decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            return new BadPart(in.count(Integer.MAX_VALUE), in.varint());
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters, long leastPartBytes) {
        ShardTransaction transaction = new ShardTransaction(view, parameters.terms.garbageDueMillis);
        ClassStatus fence = Keys.status(transaction.enter(parameters.shard));
        if (fence != ClassStatus.OK) {
            return fence.refuse();
        }
        Entry completed = view.entry(EntryNames.completed(parameters.uploadId));
        if (completed != null
                && CompletedRow.decode(completed.attributes()).key().equals(parameters.key)) {
            return ClassReply.read(completed.attributes());
        }
        Entry upload = view.entry(EntryNames.upload(parameters.key, parameters.uploadId));
        if (upload == null) {
            return ClassStatus.NO_SUCH_UPLOAD.refuse();
        }
        Version latest = transaction.latest(parameters.key);
        ClassStatus condition = parameters.conditions.forWrite(Keys.liveHead(latest));
        if (condition != ClassStatus.OK) {
            return condition.refuse();
        }
        PartSelection selection = new PartSelection(parameters.parts, leastPartBytes);
        EntryCursor pages =
                view.entries(EntryNames.partPage(parameters.uploadId, 0), EntryNames.partPagesEnd(parameters.uploadId));
        while (pages.next()) {
            selection.page(pages.name(), PartPage.decode(pages.entry().attributes()));
        }
        ClassReply refusal = selection.refusal();
        return refusal != null
                ? refusal
                : complete(view, transaction, parameters, UploadRow.decode(upload.attributes()), latest, selection);
    }

    private static ClassReply complete(
            LocatorView view,
            ShardTransaction transaction,
            Parameters parameters,
            UploadRow upload,
            Version latest,
            PartSelection selection) {
        Terms terms = parameters.terms;
        PartList parts = PartList.of(selection.chosen());
        Bytes checksum = selection.checksum(upload.checksum());
        boolean isExpected = (terms.sizeBytes == NO_SIZE || terms.sizeBytes == parts.sizeBytes())
                && (terms.checksum.isEmpty() || terms.checksum.equals(checksum));
        if (!isExpected) {
            return ClassStatus.CONFLICT.refuse();
        }
        ChecksumMark mark = checksum.isEmpty() ? ChecksumMark.NONE : upload.checksum();
        ETag eTag = selection.eTag();
        Head head = new Head(
                new Head.State(false, false, terms.versionTag),
                parts.sizeBytes(),
                terms.nowMillis,
                eTag,
                upload.storageClass(),
                mark,
                parameters.uploadId,
                new Manifest.Parts(parameters.uploadId));
        Bytes uploadName = EntryNames.upload(parameters.key, parameters.uploadId);
        Bytes metadata = ObjectMetadata.decode(view.value(uploadName))
                .with(checksum, parts)
                .encode();
        Version written = transaction.write(parameters.key, latest, head, metadata, null);
        selection.discardOthers(transaction, parameters.uploadId);
        transaction.put(new Mutation.Delete(uploadName));
        CompletedRow row = new CompletedRow(
                parameters.key,
                eTag,
                transaction.answeredId(written),
                written.head().lastModifiedMillis(),
                parts.sizeBytes(),
                mark,
                checksum);
        transaction.row(EntryNames.completed(parameters.uploadId), row.encode());
        long expiresMillis = terms.nowMillis + COMPLETED_FOR_MILLIS;
        transaction.put(GarbageRow.NAMED.put(
                EntryNames.garbage(expiresMillis, parameters.uploadId, GarbageRow.Kind.COMPLETED)));
        return ClassReply.write(row.encode(), transaction.mutations());
    }
}
