package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * The shards of a bucket: which one has a key, which can have keys of a prefix, and the locator of each. Immutable.
 *
 * <p>The locator key of a shard is {@code 'b', bucket id (16 bytes), layout generation u8, shard u16, salt u16}.
 */
public final class BucketShards {
    /** Salts tried for each shard: enough to find a free one of 64 placement groups nearly always. */
    private static final int SALTS_TRIED = 1024;

    private static final int LOCATOR_KEY_BYTES = 1 + EntryNames.ID_BYTES + 5;

    private final Placement placement;
    private final List<Bytes> locatorKeys;

    /** The shards of a bucket. */
    public BucketShards(BucketRecord bucket) {
        this(bucket.id(), bucket.layout());
    }

    /** The shards of a bucket of that id. */
    public BucketShards(Bytes bucketId, BucketRecord.Layout layout) {
        placement = layout.placement();
        List<Bytes> keys = new ArrayList<>(layout.salts().size());
        for (int shard = 0; shard < layout.salts().size(); shard++) {
            keys.add(locatorKey(
                    bucketId, layout.generation(), shard, layout.salts().get(shard)));
        }
        locatorKeys = List.copyOf(keys);
    }

    /** Placement of locators by the cluster's map, as far as choosing salts needs it. */
    public interface PlacementGroups {
        /** Number of placement groups of the pool, 1 and more. */
        int pgCount();

        /** Number of the placement group of a locator key, 0 to {@link #pgCount} - 1. */
        int pgOf(Bytes locatorKey);

        /** The OSD that is primary of a placement group, negative when it has none. */
        int primaryOf(int pg);
    }

    /** Number of shards. */
    public int count() {
        return locatorKeys.size();
    }

    /** The shard of a key. */
    public int shardOf(Bytes key) {
        return (int) Long.remainderUnsigned(hash(key, placement.decidingLength(key)), locatorKeys.size());
    }

    /** The shards that can have keys that begin with a prefix, in order. */
    public List<Integer> shardsOfPrefix(Bytes prefix) {
        if (placement.isDecidedBy(prefix)) {
            return List.of(shardOf(prefix));
        }
        List<Integer> all = new ArrayList<>(locatorKeys.size());
        for (int shard = 0; shard < locatorKeys.size(); shard++) {
            all.add(shard);
        }
        return all;
    }

    /** Locator key of a shard. */
    public Bytes locatorKey(int shard) {
        return locatorKeys.get(shard);
    }

    /** Locator key of the shard of a key. */
    public Bytes locatorKeyOf(Bytes key) {
        return locatorKeys.get(shardOf(key));
    }

    /** Locator key of a shard of a bucket. */
    public static Bytes locatorKey(Bytes bucketId, int generation, int shard, int salt) {
        EntryNames.checkId(bucketId);
        return new ByteWriter(LOCATOR_KEY_BYTES)
                .u8('b')
                .raw(bucketId)
                .u8(generation)
                .u16(shard)
                .u16(salt)
                .toBytes();
    }

    /** True for the locator key of a shard of any bucket. */
    public static boolean isShard(Bytes locatorKey) {
        return locatorKey.length() == LOCATOR_KEY_BYTES && locatorKey.at(0) == 'b';
    }

    /** The bucket's id, from the locator key of one of its shards. */
    public static Bytes bucketIdOf(Bytes locatorKey) {
        return locatorKey.slice(1, 1 + EntryNames.ID_BYTES);
    }

    /**
     * Chooses salts so that the shards fall on distinct placement groups, or evenly when there are more shards than
     * groups, and evenly on primaries.
     */
    public static List<Integer> chooseSalts(Bytes bucketId, int shards, PlacementGroups groups) {
        int[] shardsOfPg = new int[groups.pgCount()];
        List<Integer> primaries = new ArrayList<>();
        for (int pg = 0; pg < shardsOfPg.length; pg++) {
            if (!primaries.contains(groups.primaryOf(pg))) {
                primaries.add(groups.primaryOf(pg));
            }
        }
        int[] shardsOfPrimary = new int[primaries.size()];
        List<Integer> salts = new ArrayList<>(shards);
        for (int shard = 0; shard < shards; shard++) {
            int best = 0;
            long bestCost = Long.MAX_VALUE;
            long ideal = cost(shard / shardsOfPg.length, shard / shardsOfPrimary.length);
            for (int salt = 0; salt < SALTS_TRIED && bestCost > ideal; salt++) {
                int pg = groups.pgOf(locatorKey(bucketId, 1, shard, salt));
                long cost = cost(shardsOfPg[pg], shardsOfPrimary[primaries.indexOf(groups.primaryOf(pg))]);
                if (cost < bestCost) {
                    best = salt;
                    bestCost = cost;
                }
            }
            int pg = groups.pgOf(locatorKey(bucketId, 1, shard, best));
            shardsOfPg[pg]++;
            shardsOfPrimary[primaries.indexOf(groups.primaryOf(pg))]++;
            salts.add(best);
        }
        return salts;
    }

    /** Sharing a placement group counts more than sharing a primary. */
    private static long cost(int shardsOfPg, int shardsOfPrimary) {
        return (long) shardsOfPg << 32 | shardsOfPrimary;
    }

    /**
     * FNV-1a (64 bits) with MurmurHash3's finaliser, which spreads the low bits that the remainder takes. On disk: it
     * decides where a key is.
     */
    static long hash(Bytes key, int length) {
        byte[] bytes = key.array();
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < length; i++) {
            h = (h ^ (bytes[i] & 0xff)) * 0x100000001b3L;
        }
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        h ^= h >>> 33;
        h *= 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }
}
