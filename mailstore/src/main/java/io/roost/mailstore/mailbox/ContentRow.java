package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * What is known of a content without reading its body; the value of its row.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * structure  bytes  envelope and body structure, as the package {@code mime} writes them
 * preview    text
 * </pre>
 *
 * @param structure empty when it is too large to be kept
 * @param preview may be empty
 */
public record ContentRow(Bytes structure, String preview) {
    /** Largest structure that is kept: one that is larger is made from the body each time. */
    public static final int MAX_STRUCTURE_BYTES = 256 * 1024;

    private static final int VERSION = 1;

    /** Checks the length. */
    public ContentRow {
        Objects.requireNonNull(preview, "preview");
        if (structure.length() > MAX_STRUCTURE_BYTES) {
            throw new IllegalArgumentException("structure of " + structure.length() + " bytes");
        }
    }

    /** The value. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(structure.length() + preview.length() + 32);
        int mark = out.begin(VERSION, 1);
        return out.bytes(structure).text(preview).end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static ContentRow decode(Bytes value) {
        ByteReader in = new ByteReader(value);
        ByteReader.Struct struct = in.begin(VERSION);
        ContentRow row = new ContentRow(in.bytes(), in.text());
        in.end(struct);
        return row;
    }
}
