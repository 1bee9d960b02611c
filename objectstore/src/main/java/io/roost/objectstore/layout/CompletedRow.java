package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * What the completion of an upload answered, kept for a day so that a retry is answered alike.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * key             bytes
 * ETag            {@link ETag}
 * version id      {@link VersionId}
 * last modified   varint  Unix milliseconds
 * size            varint  bytes
 * checksum        u8      {@link ChecksumMark}
 * checksum value  bytes
 * </pre>
 *
 * @param key of the object
 * @param eTag of the object
 * @param versionId of the object
 * @param lastModifiedMillis Unix milliseconds
 * @param sizeBytes of the object
 * @param checksum which additional checksum it has
 * @param checksumValue its value, empty for none
 */
public record CompletedRow(
        Bytes key,
        ETag eTag,
        VersionId versionId,
        long lastModifiedMillis,
        long sizeBytes,
        ChecksumMark checksum,
        Bytes checksumValue) {
    private static final int VERSION = 1;

    /** Checks that nothing is null. */
    public CompletedRow {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(eTag, "eTag");
        Objects.requireNonNull(versionId, "versionId");
        Objects.requireNonNull(checksum, "checksum");
        Objects.requireNonNull(checksumValue, "checksumValue");
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(96 + key.length());
        int mark = out.begin(VERSION, 1);
        out.bytes(key);
        eTag.encode(out);
        versionId.encode(out);
        out.varint(lastModifiedMillis).varint(sizeBytes);
        checksum.encode(out);
        return out.bytes(checksumValue).end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static CompletedRow decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        CompletedRow row = new CompletedRow(
                in.bytes(),
                ETag.decode(in),
                VersionId.decode(in),
                in.varint(),
                in.varint(),
                ChecksumMark.decode(in),
                in.bytes());
        in.end(struct);
        return row;
    }
}
