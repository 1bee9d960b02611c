package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * The header row of a shard: to which bucket it belongs, and since which change of the bucket's settings. A shard without
 * one, or with a fenced one, takes no writes. A fenced header stays for a day after the bucket's end, so that a late
 * message of its creation or restoration cannot open the shard again.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * bucket id     16 bytes
 * config epoch  varint
 * versioning    u8
 * forget        varint  0: live; else fenced, Unix milliseconds
 * </pre>
 *
 * @param bucketId 16 bytes
 * @param configEpoch of the newest settings this shard knows; of a fenced one, that of the deletion
 * @param versioning as of that epoch
 * @param forgetMillis 0 for a live shard; of one fenced, because its bucket is being or has been deleted, when the row may
 *     be removed, Unix milliseconds
 */
public record ShardHeader(Bytes bucketId, long configEpoch, Versioning versioning, long forgetMillis) {
    private static final int VERSION = 1;

    /** Checks the ranges above. */
    public ShardHeader {
        EntryNames.checkId(bucketId);
        Objects.requireNonNull(versioning, "versioning");
        if (configEpoch < 1 || forgetMillis < 0) {
            throw new IllegalArgumentException("config epoch " + configEpoch + ", forget " + forgetMillis);
        }
    }

    /** The header of a live shard. */
    public static ShardHeader live(ShardRef shard) {
        return new ShardHeader(shard.bucketId(), shard.configEpoch(), shard.versioning(), 0);
    }

    /** True while the bucket is being deleted and after: the shard takes no writes. */
    public boolean isFenced() {
        return forgetMillis != 0;
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(40);
        int mark = out.begin(VERSION, 1);
        out.raw(bucketId).varint(configEpoch).u8(versioning.code()).varint(forgetMillis);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static ShardHeader decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        ShardHeader header =
                new ShardHeader(in.raw(EntryNames.ID_BYTES), in.varint(), Versioning.ofCode(in.u8()), in.varint());
        in.end(struct);
        return header;
    }
}
