package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;

/**
 * How the classes of stripes and of intents are asked, for whoever writes objects: their names, and the parameters of
 * those methods that writing and reading need. What the methods do is said where they are.
 */
public final class StripeCalls {
    /** The class of intents. */
    public static final String INTENT = "intent";

    /** The class of stripes. */
    public static final String STRIPE = "stripe";

    /** Method of both: makes an intent, or writes a stripe, whose parameters are {@link Stripe#encode}. */
    public static final String CREATE = "create";

    /** Method of intents: leaves the stripes to the reaper. */
    public static final String REAP = "reap";

    /** Method of stripes: reads bytes. */
    public static final String READ = "read";

    private static final int VERSION = 1;

    private StripeCalls() {}

    /** To make an intent in a shard. */
    public static Bytes createIntent(ShardRef shard, IntentRow intent) {
        ByteWriter out = new ByteWriter(192 + intent.key().length());
        int mark = out.begin(VERSION, 1);
        shard.encode(out);
        return out.bytes(intent.encode()).end(mark).toBytes();
    }

    /** To leave what an intent is for to the reaper, when it was last renewed before a time, Unix milliseconds. */
    public static Bytes reapIntent(Bytes setId, long staleBeforeMillis) {
        return new ByteWriter(32).raw(setId).u64(staleBeforeMillis).toBytes();
    }

    /** To read the bytes {@code [offset, offset + length)} of a stripe. */
    public static Bytes read(long offset, long length) {
        return new ByteWriter(16).varint(offset).varint(length).toBytes();
    }
}
