package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * An open multipart upload. The value of its entry is the {@link ObjectMetadata} that the object will have.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * initiated      varint  Unix milliseconds
 * storage class  u8
 * checksum       u8      {@link ChecksumMark}
 * initiator      text
 * </pre>
 *
 * @param initiatedMillis Unix milliseconds
 * @param storageClass of the object to be
 * @param checksum that the parts and the object have
 * @param initiator id of the user who began it
 */
public record UploadRow(long initiatedMillis, StorageClass storageClass, ChecksumMark checksum, String initiator) {
    private static final int VERSION = 1;

    /** Checks that nothing is null. */
    public UploadRow {
        Objects.requireNonNull(storageClass, "storageClass");
        Objects.requireNonNull(checksum, "checksum");
        Objects.requireNonNull(initiator, "initiator");
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(64);
        int mark = out.begin(VERSION, 1);
        out.varint(initiatedMillis).u8(storageClass.code());
        checksum.encode(out);
        return out.text(initiator).end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static UploadRow decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        UploadRow row = new UploadRow(in.varint(), StorageClass.ofCode(in.u8()), ChecksumMark.decode(in), in.text());
        in.end(struct);
        return row;
    }
}
