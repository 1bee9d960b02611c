package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.Objects;

/**
 * The attribute block of an object version: what a listing shows, and what an overwrite or a delete must know. About 75
 * bytes, 100 with stripes.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * flags          u8      bits 0-1: 0 inline, 1 striped, 2 parts; bit 2: delete marker; bit 3: null version
 * size           varint  bytes
 * last modified  varint  Unix milliseconds
 * MD5            16 bytes, zero for a delete marker
 * ETag parts     varint  0 for a plain PUT
 * storage class  u8
 * checksum       u8      {@link ChecksumMark}
 * version tag    u64     random part of the version id, 0 for a null version
 * write tag      16 bytes
 * striped only:  set id 16 bytes, pool varint, stripe bytes varint
 * parts only:    upload id 16 bytes
 * </pre>
 *
 * @param state live bytes or a delete marker, with the identity of its version
 * @param sizeBytes 0 and more
 * @param lastModifiedMillis Unix milliseconds
 * @param eTag {@link ETag#NONE} for a delete marker
 * @param storageClass as asked for
 * @param checksum which additional checksum there is
 * @param writeTag 16 random bytes of the request that wrote it: a retry finds its own write
 * @param manifest where the bytes are
 */
public record Head(
        State state,
        long sizeBytes,
        long lastModifiedMillis,
        ETag eTag,
        StorageClass storageClass,
        ChecksumMark checksum,
        Bytes writeTag,
        Manifest manifest) {
    private static final int VERSION = 1;

    /** Before the flags: version, compat, length. */
    private static final int STRUCT_BYTES = 6;

    private static final int MANIFEST_MASK = 3;
    private static final int STRIPED = 1;
    private static final int PARTS = 2;
    private static final int DELETE_MARKER = 4;
    private static final int NULL_VERSION = 8;

    /** Checks the ranges above. */
    public Head {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(eTag, "eTag");
        Objects.requireNonNull(storageClass, "storageClass");
        Objects.requireNonNull(checksum, "checksum");
        Objects.requireNonNull(manifest, "manifest");
        EntryNames.checkId(writeTag);
        if (sizeBytes < 0 || lastModifiedMillis < 0) {
            throw new IllegalArgumentException("head of " + sizeBytes + " bytes at " + lastModifiedMillis);
        }
        if (manifest instanceof Manifest.Striped striped && striped.set().sizeBytes() != sizeBytes) {
            throw new IllegalArgumentException("object of " + sizeBytes + " bytes in stripes of "
                    + striped.set().sizeBytes());
        }
    }

    /**
     * What kind of version this is.
     *
     * @param isDeleteMarker true when the key is deleted as of this version
     * @param isNull true when the version has the id {@code null}
     * @param versionTag random part of the version id, 0 for a null version
     */
    public record State(boolean isDeleteMarker, boolean isNull, long versionTag) {
        /** Checks the tag. */
        public State {
            if (isNull && versionTag != 0) {
                throw new IllegalArgumentException("a null version with tag " + versionTag);
            }
        }

        /** The only version of a key of a bucket that is not versioned. */
        public static final State UNVERSIONED = new State(false, true, 0);
    }

    /** A delete marker. Its state and time are set by the transaction that writes it. */
    public static Head deleteMarker(State state, long lastModifiedMillis, Bytes writeTag) {
        return new Head(
                state,
                0,
                lastModifiedMillis,
                ETag.NONE,
                StorageClass.STANDARD,
                ChecksumMark.NONE,
                writeTag,
                Manifest.inline());
    }

    /** This head as another version, written at another time. */
    public Head with(State newState, long newLastModifiedMillis) {
        return new Head(newState, sizeBytes, newLastModifiedMillis, eTag, storageClass, checksum, writeTag, manifest);
    }

    /** True when the key is deleted as of this version. */
    public boolean isDeleteMarker() {
        return state.isDeleteMarker();
    }

    /** The id of this version, which is stored under the given sequence. */
    public VersionId versionId(long sequence) {
        return state.isNull() ? VersionId.NULL : VersionId.of(sequence, state.versionTag());
    }

    /** True when an attribute block is that of a delete marker; cheaper than decoding it. */
    public static boolean isDeleteMarker(Bytes attributes) {
        return attributes.length() > STRUCT_BYTES && (attributes.at(STRUCT_BYTES) & DELETE_MARKER) != 0;
    }

    /** True when an attribute block is that of an object made of parts; cheaper than decoding it, and never fails. */
    public static boolean hasParts(Bytes attributes) {
        return attributes.length() > STRUCT_BYTES && (attributes.at(STRUCT_BYTES) & MANIFEST_MASK) == PARTS;
    }

    /** The attribute block. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(112);
        int mark = out.begin(VERSION, 1);
        int flags = manifest instanceof Manifest.Striped ? STRIPED : manifest instanceof Manifest.Parts ? PARTS : 0;
        flags |= (state.isDeleteMarker() ? DELETE_MARKER : 0) | (state.isNull() ? NULL_VERSION : 0);
        out.u8(flags).varint(sizeBytes).varint(lastModifiedMillis);
        eTag.encode(out);
        out.u8(storageClass.code());
        checksum.encode(out);
        out.u64(state.versionTag()).raw(writeTag);
        if (manifest instanceof Manifest.Striped striped) {
            out.raw(striped.set().id())
                    .varint(striped.set().pool())
                    .varint(striped.set().stripeBytes());
        } else if (manifest instanceof Manifest.Parts parts) {
            out.raw(parts.uploadId());
        }
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static Head decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        int flags = in.u8();
        long sizeBytes = in.varint();
        long lastModifiedMillis = in.varint();
        ETag eTag = ETag.decode(in);
        StorageClass storageClass = StorageClass.ofCode(in.u8());
        ChecksumMark checksum = ChecksumMark.decode(in);
        long versionTag = in.u64();
        Bytes writeTag = in.raw(EntryNames.ID_BYTES);
        Manifest manifest = manifest(flags & MANIFEST_MASK, sizeBytes, in);
        in.end(struct);
        State state = new State((flags & DELETE_MARKER) != 0, (flags & NULL_VERSION) != 0, versionTag);
        return new Head(state, sizeBytes, lastModifiedMillis, eTag, storageClass, checksum, writeTag, manifest);
    }

    private static Manifest manifest(int kind, long sizeBytes, ByteReader in) {
        return switch (kind) {
            case 0 -> Manifest.inline();
            case 1 ->
                new Manifest.Striped(new StripeSet(
                        in.raw(EntryNames.ID_BYTES), in.varint(), in.count(Integer.MAX_VALUE), sizeBytes));
            case PARTS -> new Manifest.Parts(in.raw(EntryNames.ID_BYTES));
            default -> throw new MalformedBytesException("manifest of kind " + kind);
        };
    }
}
