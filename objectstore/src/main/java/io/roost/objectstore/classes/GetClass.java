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
import io.roost.cluster.object.ObjectVersion;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.PartList;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.ShardHeader;
import io.roost.objectstore.layout.ShardTransaction;
import io.roost.objectstore.layout.ShardTransaction.Version;
import io.roost.objectstore.layout.VersionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code object.get} and {@code object.head}: a version of a key with all that an answer needs, in one read. The bytes of
 * an inline object come with the reply of {@code get}, or are named there when they are more than the caller wants at once;
 * those of others are read from the stripes it names.
 *
 * <p>{@code object.body}: bytes that {@code get} has named. An entry as a transaction has left it never changes, so that any
 * replica may answer; NOT_FOUND when the entry is another one by now.
 *
 * <p>Statuses: NO_SUCH_BUCKET; NO_SUCH_KEY (with the delete marker's version as output, if it is one); NO_SUCH_VERSION;
 * and with the version as output, but without bytes: IS_DELETE_MARKER, PRECONDITION_FAILED, NOT_MODIFIED, INVALID_RANGE,
 * NO_SUCH_PART.
 */
public final class GetClass {
    static final String GET = "get";
    static final String HEAD = "head";
    static final String BODY = "body";

    /** Parts named by one reply; a reader of more asks {@code multipart.locate}. */
    static final int MAX_PARTS = 64;

    private static final int VERSION = 2;

    /** Since when bytes can be named. */
    private static final int WITH_BODIES_APART = 2;

    private GetClass() {}

    /**
     * What to read.
     *
     * @param key 1 to 1024 bytes
     * @param version which version
     * @param conditions to hold, else there are no bytes
     * @param span which bytes; of {@code head} too, which answers how they would be found
     * @param maxBytes more bytes of an inline object do not come with the reply, but are named in it; at least 0
     */
    public record Parameters(Bytes key, VersionId version, Conditions conditions, ByteSpan span, long maxBytes) {
        /** Checks the ranges above. */
        public Parameters {
            Keys.check(key);
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(conditions, "conditions");
            Objects.requireNonNull(span, "span");
        }

        /** With all bytes. */
        public Parameters(Bytes key, VersionId version, Conditions conditions, ByteSpan span) {
            this(key, version, conditions, span, Long.MAX_VALUE);
        }

        /** The same with so many bytes at most. */
        public Parameters withMaxBytes(long max) {
            return new Parameters(key, version, conditions, span, max);
        }

        /** The latest version, whole and without conditions. */
        public static Parameters latest(Bytes key) {
            return new Parameters(key, VersionId.LATEST, Conditions.NONE, ByteSpan.all());
        }

        /** The call that reads the bytes too. */
        public ClassCall get() {
            return ClassCall.of(S3Classes.OBJECT, GET, encode());
        }

        /** The call without the bytes. */
        public ClassCall head() {
            return ClassCall.of(S3Classes.OBJECT, HEAD, encode());
        }

        private Bytes encode() {
            ByteWriter out = new ByteWriter(32 + key.length());
            int mark = out.begin(VERSION, 1);
            out.bytes(key);
            version.encode(out);
            conditions.encode(out);
            span.encode(out);
            out.varint(maxBytes);
            return out.end(mark).toBytes();
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(
                    in.bytes(),
                    VersionId.decode(in),
                    Conditions.decode(in),
                    ByteSpan.decode(in),
                    struct.version() < WITH_BODIES_APART ? Long.MAX_VALUE : in.varint());
            in.end(struct);
            return parameters;
        }
    }

    /**
     * A body that does not come with a reply.
     *
     * @param name of the entry that has it
     * @param version of that entry
     */
    public record BodyApart(Bytes name, ObjectVersion version) {}

    /**
     * A version and where its bytes are.
     *
     * @param versionId {@link VersionId#LATEST} in a bucket never versioned: no version id is answered
     * @param head its head
     * @param metadata encoded {@link ObjectMetadata}
     * @param offset of the first byte wanted
     * @param length number of bytes wanted
     * @param parts of a multipart object, those that hold the bytes wanted, from the first on, at most 64; empty for
     *     {@code head}, unless it asks for one by its number
     * @param partsOffset where in the object the first of these parts begins
     * @param apart of an inline object whose bytes wanted do not come along, otherwise null
     */
    public record Reply(
            VersionId versionId,
            Head head,
            Bytes metadata,
            long offset,
            long length,
            List<PartPage.Part> parts,
            long partsOffset,
            BodyApart apart) {
        /** Copies the list. */
        public Reply {
            parts = List.copyOf(parts);
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(192 + metadata.length() + 96 * parts.size());
            int mark = out.begin(VERSION, 1);
            versionId.encode(out);
            out.bytes(head.encode()).bytes(metadata).varint(offset).varint(length);
            out.varint(partsOffset).varint(parts.size());
            for (PartPage.Part part : parts) {
                part.encode(out);
            }
            out.flag(apart != null);
            if (apart != null) {
                out.bytes(apart.name()).version(apart.version());
            }
            return out.end(mark).toBytes();
        }

        /** The call for the bytes wanted when they are apart; they are its data. */
        public ClassCall bytes() {
            ByteWriter out = new ByteWriter(64 + apart.name().length());
            int mark = out.begin(VERSION, 1);
            out.bytes(apart.name()).version(apart.version()).varint(offset).varint(length);
            return ClassCall.ofConstant(S3Classes.OBJECT, BODY, out.end(mark).toBytes());
        }

        /** Reads the output of a call. */
        public static Reply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            VersionId versionId = VersionId.decode(in);
            Head head = Head.decode(in.bytes());
            Bytes metadata = in.bytes();
            long offset = in.varint();
            long length = in.varint();
            long partsOffset = in.varint();
            int count = in.count(MAX_PARTS);
            List<PartPage.Part> parts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                parts.add(PartPage.Part.decode(in));
            }
            boolean isApart = struct.version() >= WITH_BODIES_APART && in.flag();
            BodyApart apart = isApart ? new BodyApart(in.bytes(), in.version()) : null;
            in.end(struct);
            return new Reply(versionId, head, metadata, offset, length, parts, partsOffset, apart);
        }
    }

    static ClassReply get(LocatorView view, Parameters parameters, Data data) {
        return evaluate(view, parameters, Wanted.BYTES);
    }

    static ClassReply head(LocatorView view, Parameters parameters, Data data) {
        return evaluate(view, parameters, Wanted.METADATA);
    }

    static ClassReply body(LocatorView view, ByteReader in) {
        ByteReader.Struct struct = in.begin(VERSION);
        Bytes name = in.bytes();
        ObjectVersion version = in.version();
        ClassReply.BodyRange range = new ClassReply.BodyRange(name, in.varint(), in.varint());
        in.end(struct);
        Entry entry = view.entry(name);
        return entry == null || !entry.version().equals(version)
                ? ClassStatus.NOT_FOUND.refuse()
                : ClassReply.read(Bytes.EMPTY, range);
    }

    private enum Wanted {
        METADATA,
        BYTES
    }

    private static ClassReply evaluate(LocatorView view, Parameters parameters, Wanted wanted) {
        ShardHeader header = Keys.openHeader(view);
        if (header == null) {
            return ClassStatus.NO_SUCH_BUCKET.refuse();
        }
        ShardTransaction reader = ShardTransaction.reading(view, header);
        Version version = reader.version(parameters.key, parameters.version);
        boolean isLatest = parameters.version.kind() == VersionId.Kind.LATEST;
        if (version == null) {
            return (isLatest ? ClassStatus.NO_SUCH_KEY : ClassStatus.NO_SUCH_VERSION).refuse();
        }
        Head head = version.head();
        if (head.isDeleteMarker()) {
            ClassStatus status = isLatest ? ClassStatus.NO_SUCH_KEY : ClassStatus.IS_DELETE_MARKER;
            return ClassReply.refuse(status.code(), withoutBytes(reader, version, Bytes.EMPTY));
        }
        Bytes name = EntryNames.version(parameters.key, version.sequence());
        Bytes metadata = view.value(name);
        ClassStatus condition = parameters.conditions.isNone() ? ClassStatus.OK : parameters.conditions.forRead(head);
        if (condition != ClassStatus.OK) {
            return ClassReply.refuse(condition.code(), withoutBytes(reader, version, metadata));
        }
        boolean isPart = parameters.span instanceof ByteSpan.Part;
        PartList.Extent extent = extent(parameters.span, head, metadata);
        if (extent == null) {
            ClassStatus status = isPart ? ClassStatus.NO_SUCH_PART : ClassStatus.INVALID_RANGE;
            return ClassReply.refuse(status.code(), withoutBytes(reader, version, metadata));
        }
        Reply reply = new Reply(
                reader.answeredId(version), head, metadata, extent.offset(), extent.length(), List.of(), 0, null);
        if (wanted == Wanted.BYTES) {
            return found(view, name, reply, parameters.maxBytes);
        }
        // The answer to HEAD has the checksum of the part.
        return isPart && extent.length() > 0 && head.manifest() instanceof Manifest.Parts parts
                ? ClassReply.read(withParts(view, reply, parts.uploadId()).encode())
                : ClassReply.read(reply.encode());
    }

    /** Where the bytes wanted are; null when the object has not got them. */
    private static PartList.Extent extent(ByteSpan span, Head head, Bytes metadata) {
        if (span instanceof ByteSpan.Part part) {
            return part.in(head.sizeBytes(), ObjectMetadata.decode(metadata).parts());
        }
        long offset = span.offset(head.sizeBytes());
        return offset < 0 ? null : new PartList.Extent(offset, span.length(head.sizeBytes()));
    }

    private static ClassReply found(LocatorView view, Bytes name, Reply reply, long maxBytes) {
        if (reply.length == 0) {
            return ClassReply.read(reply.encode());
        }
        if (reply.head.manifest() instanceof Manifest.Inline) {
            if (reply.length > maxBytes) {
                return ClassReply.read(withBodyApart(view, name, reply).encode());
            }
            return ClassReply.read(reply.encode(), new ClassReply.BodyRange(name, reply.offset, reply.length));
        }
        if (reply.head.manifest() instanceof Manifest.Parts parts) {
            return ClassReply.read(withParts(view, reply, parts.uploadId()).encode());
        }
        return ClassReply.read(reply.encode());
    }

    private static Bytes withoutBytes(ShardTransaction reader, Version version, Bytes metadata) {
        return new Reply(reader.answeredId(version), version.head(), metadata, 0, 0, List.of(), 0, null).encode();
    }

    private static Reply withBodyApart(LocatorView view, Bytes name, Reply reply) {
        BodyApart apart = new BodyApart(name, view.entry(name).version());
        return new Reply(reply.versionId, reply.head, reply.metadata, reply.offset, reply.length, List.of(), 0, apart);
    }

    private static Reply withParts(LocatorView view, Reply reply, Bytes uploadId) {
        PartList.Position first = ObjectMetadata.decode(reply.metadata).parts().at(reply.offset);
        List<PartPage.Part> parts = new ArrayList<>();
        long end = first.partOffset();
        EntryCursor pages = view.entries(
                EntryNames.partPage(uploadId, PartPage.pageOf(first.partNumber())), EntryNames.partPagesEnd(uploadId));
        while (end < reply.offset + reply.length && parts.size() < MAX_PARTS && pages.next()) {
            for (PartPage.Part part :
                    PartPage.decode(pages.entry().attributes()).parts()) {
                boolean isWanted = part.number() >= first.partNumber() && end < reply.offset + reply.length;
                if (isWanted && parts.size() < MAX_PARTS) {
                    parts.add(part);
                    end += part.sizeBytes();
                }
            }
        }
        return new Reply(
                reply.versionId,
                reply.head,
                reply.metadata,
                reply.offset,
                reply.length,
                parts,
                first.partOffset(),
                null);
    }
}
