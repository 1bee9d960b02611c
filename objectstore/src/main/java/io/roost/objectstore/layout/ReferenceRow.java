package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Which versions of a key have their bytes in a stripe set or in the parts of an upload.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * key        bytes
 * count      varint
 * sequences  varint each, ascending
 * </pre>
 *
 * @param key all references are of this key
 * @param sequences of its versions, ascending, at least one
 */
public record ReferenceRow(Bytes key, List<Long> sequences) {
    /** Most versions that share a set: one more copies the bytes. Keeps the row small. */
    public static final int MAX_REFERENCES = 1000;

    private static final int VERSION = 1;

    /** Copies the list. */
    public ReferenceRow {
        Objects.requireNonNull(key, "key");
        sequences = List.copyOf(sequences);
        if (sequences.isEmpty() || sequences.size() > MAX_REFERENCES) {
            throw new IllegalArgumentException(sequences.size() + " references");
        }
    }

    /** This row with one more version. */
    public ReferenceRow with(long sequence) {
        List<Long> changed = new ArrayList<>(sequences);
        changed.remove(sequence);
        changed.add(sequence);
        changed.sort(null);
        return new ReferenceRow(key, changed);
    }

    /** This row without a version, or null when none is left. */
    public ReferenceRow without(long sequence) {
        List<Long> changed = new ArrayList<>(sequences);
        changed.remove(sequence);
        return changed.isEmpty() ? null : new ReferenceRow(key, changed);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(64 + key.length());
        int mark = out.begin(VERSION, 1);
        out.bytes(key).varint(sequences.size());
        for (long sequence : sequences) {
            out.varint(sequence);
        }
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static ReferenceRow decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        Bytes key = in.bytes();
        int count = in.count(MAX_REFERENCES);
        List<Long> sequences = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sequences.add(in.varint());
        }
        in.end(struct);
        return new ReferenceRow(key, sequences);
    }
}
