package io.roost.cluster.store;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;

/**
 * What a placement group's entries take, counted with each commit and kept in a row of {@link Family#META}:
 *
 * <pre>
 * usage:     version u8 = 1, compat u8 = 1, length u32, entries u64, bytes u64
 * </pre>
 *
 * Entries of {@link Family#WORK} are not counted.
 *
 * @param entries how many there are
 * @param bytes of their attributes, values and bodies, as they were given
 */
public record PgUsage(long entries, long bytes) {
    /** Of a placement group without entries; it has no row. */
    public static final PgUsage NONE = new PgUsage(0, 0);

    private static final String NAME = "usage";
    private static final int FORMAT = 1;

    PgUsage plus(PgUsage change) {
        return new PgUsage(entries + change.entries, bytes + change.bytes);
    }

    static Bytes key(PgId pg) {
        return KeyLayout.meta(pg, NAME);
    }

    static PgUsage read(Bytes row) {
        ByteReader in = new ByteReader(row);
        ByteReader.Struct struct = in.begin(FORMAT);
        PgUsage usage = new PgUsage(in.u64(), in.u64());
        in.end(struct);
        return usage;
    }

    Bytes row() {
        ByteWriter out = new ByteWriter();
        int mark = out.begin(FORMAT, FORMAT);
        return out.u64(entries).u64(bytes).end(mark).toBytes();
    }
}
