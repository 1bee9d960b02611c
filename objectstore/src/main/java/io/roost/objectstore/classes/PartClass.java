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
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.ShardTransaction;
import io.roost.objectstore.layout.UploadRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code multipart.put-part}, {@code list-parts} and {@code locate}: the parts of an upload, open or completed.
 *
 * <p>Statuses: put-part NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_UPLOAD, NO_SUCH_INTENT; list-parts NO_SUCH_BUCKET,
 * NO_SUCH_UPLOAD; locate none.
 */
public final class PartClass {
    static final String PUT = "put-part";
    static final String LIST = "list-parts";
    static final String LOCATE = "locate";

    /** Most parts of a page. */
    public static final int MAX_PAGE = 1000;

    private static final int VERSION = 1;

    private PartClass() {}

    /**
     * The part to commit, whose stripes are written.
     *
     * @param shard the bucket as the caller knows it
     * @param key 1 to 1024 bytes
     * @param uploadId 16 bytes
     * @param part with a stripe set whose intent is live; one of 0 bytes has no stripes and no intent
     * @param garbageDueMillis when a part that this one replaces may be deleted, Unix milliseconds
     */
    public record PutParameters(ShardRef shard, Bytes key, Bytes uploadId, PartPage.Part part, long garbageDueMillis) {
        /** Checks the lengths. */
        public PutParameters {
            Keys.check(key);
            Objects.requireNonNull(shard, "shard");
            Objects.requireNonNull(part, "part");
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(192 + key.length());
            int mark = out.begin(VERSION, 1);
            shard.encode(out);
            out.bytes(key).raw(uploadId);
            part.encode(out);
            out.varint(garbageDueMillis).end(mark);
            return ClassCall.of(S3Classes.MULTIPART, PUT, out.toBytes());
        }

        static PutParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            PutParameters parameters = new PutParameters(
                    ShardRef.decode(in),
                    in.bytes(),
                    in.raw(EntryNames.ID_BYTES),
                    PartPage.Part.decode(in),
                    in.varint());
            in.end(struct);
            return parameters;
        }
    }

    /**
     * Which parts to list.
     *
     * @param key of the upload, empty to ask for the parts whether the upload is open or completed ({@code locate})
     * @param uploadId 16 bytes
     * @param afterNumber part number after which the page begins, 0 for the first
     * @param maxParts 1 to {@link #MAX_PAGE}
     */
    public record ListParameters(Bytes key, Bytes uploadId, int afterNumber, int maxParts) {
        /** Checks the ranges above. */
        public ListParameters {
            Objects.requireNonNull(key, "key");
            if (afterNumber < 0 || maxParts < 1 || maxParts > MAX_PAGE) {
                throw new IllegalArgumentException(maxParts + " parts after " + afterNumber);
            }
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(48 + key.length());
            int mark = out.begin(VERSION, 1);
            out.bytes(key).raw(uploadId).varint(afterNumber).varint(maxParts).end(mark);
            return ClassCall.of(S3Classes.MULTIPART, key.isEmpty() ? LOCATE : LIST, out.toBytes());
        }

        static ListParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            ListParameters parameters = new ListParameters(
                    in.bytes(), in.raw(EntryNames.ID_BYTES), in.count(Integer.MAX_VALUE), in.count(MAX_PAGE));
            in.end(struct);
            return parameters;
        }
    }

    /**
     * A page of parts.
     *
     * @param upload the row of the open upload as bytes ({@link UploadRow#decode}), empty for {@code locate}
     * @param parts by number
     * @param isTruncated true when there are more
     */
    public record ListReply(Bytes upload, List<PartPage.Part> parts, boolean isTruncated) {
        /** Copies the list. */
        public ListReply {
            parts = List.copyOf(parts);
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(128 + 96 * parts.size());
            int mark = out.begin(VERSION, 1);
            out.bytes(upload).flag(isTruncated).varint(parts.size());
            for (PartPage.Part part : parts) {
                part.encode(out);
            }
            return out.end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static ListReply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            Bytes upload = in.bytes();
            boolean isTruncated = in.flag();
            int count = in.count(MAX_PAGE);
            List<PartPage.Part> parts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                parts.add(PartPage.Part.decode(in));
            }
            in.end(struct);
            return new ListReply(upload, parts, isTruncated);
        }
    }

    static ClassReply put(LocatorView view, PutParameters parameters, Data data) {
        ShardTransaction transaction = new ShardTransaction(view, parameters.garbageDueMillis);
        ClassStatus fence = Keys.status(transaction.enter(parameters.shard));
        if (fence != ClassStatus.OK) {
            return fence.refuse();
        }
        if (view.entry(EntryNames.upload(parameters.key, parameters.uploadId)) == null) {
            return ClassStatus.NO_SUCH_UPLOAD.refuse();
        }
        PartPage.Part part = parameters.part;
        Bytes name = EntryNames.partPage(parameters.uploadId, PartPage.pageOf(part.number()));
        Entry entry = view.entry(name);
        PartPage page = entry == null ? PartPage.EMPTY : PartPage.decode(entry.attributes());
        PartPage.Part replaced = page.part(part.number());
        if (replaced != null && replaced.set().equals(part.set())) {
            return ClassReply.read(Bytes.EMPTY);
        }
        if (part.set().stripeCount() > 0 && !transaction.takeIntent(part.set())) {
            return ClassStatus.NO_SUCH_INTENT.refuse();
        }
        if (replaced != null && replaced.set().stripeCount() > 0) {
            transaction.discard(replaced.set().id(), List.of(replaced.set()));
        }
        transaction.row(name, page.with(part).encode());
        return ClassReply.write(Bytes.EMPTY, transaction.mutations());
    }

    static ClassReply list(LocatorView view, ListParameters parameters, Data data) {
        if (Keys.openHeader(view) == null) {
            return ClassStatus.NO_SUCH_BUCKET.refuse();
        }
        Entry upload = view.entry(EntryNames.upload(parameters.key, parameters.uploadId));
        return upload == null
                ? ClassStatus.NO_SUCH_UPLOAD.refuse()
                : ClassReply.read(page(view, parameters, upload.attributes()).encode());
    }

    static ClassReply locate(LocatorView view, ListParameters parameters, Data data) {
        return ClassReply.read(page(view, parameters, Bytes.EMPTY).encode());
    }

    private static ListReply page(LocatorView view, ListParameters parameters, Bytes upload) {
        List<PartPage.Part> parts = new ArrayList<>();
        int firstNumber = Math.min(parameters.afterNumber, PartPage.MAX_PART_NUMBER) + 1;
        EntryCursor pages = view.entries(
                EntryNames.partPage(parameters.uploadId, PartPage.pageOf(firstNumber)),
                EntryNames.partPagesEnd(parameters.uploadId));
        while (pages.next()) {
            for (PartPage.Part part :
                    PartPage.decode(pages.entry().attributes()).parts()) {
                if (part.number() >= firstNumber) {
                    if (parts.size() == parameters.maxParts) {
                        return new ListReply(upload, parts, true);
                    }
                    parts.add(part);
                }
            }
        }
        return new ListReply(upload, parts, false);
    }
}
