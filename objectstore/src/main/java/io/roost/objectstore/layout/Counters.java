package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;

/**
 * What a shard holds, exact as of every transaction. A bucket's usage is the sum over its shards.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * objects         varint
 * bytes           varint
 * delete markers  varint
 * </pre>
 *
 * @param objects versions that are not delete markers
 * @param bytes of those
 * @param deleteMarkers versions that are
 */
public record Counters(long objects, long bytes, long deleteMarkers) {
    /** An empty shard. */
    public static final Counters ZERO = new Counters(0, 0, 0);

    private static final int VERSION = 1;

    /** Checks that nothing is negative: a counter that would be has lost its exactness. */
    public Counters {
        if (objects < 0 || bytes < 0 || deleteMarkers < 0) {
            throw new MalformedBytesException("counters " + objects + ", " + bytes + ", " + deleteMarkers);
        }
    }

    /** The sum of two. */
    public Counters plus(Counters other) {
        return new Counters(objects + other.objects, bytes + other.bytes, deleteMarkers + other.deleteMarkers);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(32);
        int mark = out.begin(VERSION, 1);
        return out.varint(objects).varint(bytes).varint(deleteMarkers).end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static Counters decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        Counters counters = new Counters(in.varint(), in.varint(), in.varint());
        in.end(struct);
        return counters;
    }
}
