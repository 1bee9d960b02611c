package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be removed when it is due. Time, id and kind are in the name; the content lists the stripe sets of kind
 * {@link Kind#SETS} and is empty otherwise. It is the attribute block, or the value when too long for that.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * count       varint
 * stripe set  {@link StripeSet}, count times
 * </pre>
 *
 * @param sets to be deleted
 */
public record GarbageRow(List<StripeSet> sets) {
    /** A row that says all in its name. */
    public static final GarbageRow NAMED = new GarbageRow(List.of());

    private static final int VERSION = 1;

    /** What a row is about. */
    public enum Kind {
        /** Stripe sets that nothing refers to; the id is that of the set, or of the upload for its unlisted parts. */
        SETS(1),
        /** All parts of the upload of that id, with their rows. */
        UPLOAD(2),
        /** The completed-upload row of that id. */
        COMPLETED(3),
        /** The fenced header of the shard of the deleted bucket of that id. */
        FENCE(4);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The number in names. */
        public int code() {
            return code;
        }

        /** The kind of a {@link #code}. */
        public static Kind ofCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new MalformedBytesException("garbage of kind " + code);
        }
    }

    /** Copies the list. */
    public GarbageRow {
        sets = List.copyOf(sets);
    }

    /** The mutation that writes the row. */
    public Mutation put(Bytes name) {
        Bytes content = encode();
        return content.length() <= Entry.MAX_ATTRIBUTES_BYTES
                ? Mutation.Put.row(name, content)
                : new Mutation.Put(name, Bytes.EMPTY, content, null);
    }

    /** The content. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(16 + 32 * sets.size());
        int mark = out.begin(VERSION, 1);
        out.varint(sets.size());
        for (StripeSet set : sets) {
            set.encode(out);
        }
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static GarbageRow decode(Bytes content) {
        ByteReader in = new ByteReader(content);
        ByteReader.Struct struct = in.begin(VERSION);
        int count = in.count(PartPage.MAX_PART_NUMBER);
        List<StripeSet> sets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sets.add(StripeSet.decode(in));
        }
        in.end(struct);
        return new GarbageRow(sets);
    }
}
