package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;

/**
 * An account that is being rebuilt: it has this row instead of its header, so nothing else changes it, and it is rebuilt
 * again from the beginning when whoever did it has ended.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * token  16 bytes
 * known  bytes, {@link AccountHeader}
 * own    flag
 * </pre>
 *
 * @param token of who rebuilds it: one who began earlier can do nothing more
 * @param known what clocks and quota its header had, or more
 * @param isOwn true when the quota is that of the header itself, which could be read
 */
public record RebuildRow(Bytes token, AccountHeader known, boolean isOwn) {
    private static final int VERSION = 1;

    /** Checks the length of the token. */
    public RebuildRow {
        IdText.check(token);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(80);
        int mark = out.begin(VERSION, 1);
        out.raw(token).bytes(known.encode());
        out.flag(isOwn);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static RebuildRow decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        RebuildRow row = new RebuildRow(in.raw(IdText.BYTES), AccountHeader.decode(in.bytes()), in.flag());
        in.end(struct);
        return row;
    }
}
