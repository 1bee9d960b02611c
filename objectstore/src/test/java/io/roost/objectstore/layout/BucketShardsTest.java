package io.roost.objectstore.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BucketShardsTest {
    private static final Bytes ID = Bytes.hex("00112233445566778899aabbccddeeff");

    /** Placement groups by a hash of the locator key, their primaries in turn. */
    private record Groups(int pgCount, int osdCount) implements BucketShards.PlacementGroups {
        @Override
        public int pgOf(Bytes locatorKey) {
            return (int) Long.remainderUnsigned(BucketShards.hash(locatorKey, locatorKey.length()), pgCount);
        }

        @Override
        public int primaryOf(int pg) {
            return pg % osdCount;
        }
    }

    private static BucketShards shards(Placement placement, int count) {
        List<Integer> salts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            salts.add(i);
        }
        return new BucketShards(ID, new BucketRecord.Layout(placement, 1, 4096, salts));
    }

    @Test
    void shardsFallOnDistinctGroupsEvenlyOverPrimaries() {
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            byte[] id = new byte[16];
            random.nextBytes(id);
            Groups groups = new Groups(64, 3);
            List<Integer> salts = BucketShards.chooseSalts(Bytes.wrap(id), 8, groups);
            Set<Integer> pgs = new HashSet<>();
            int[] perPrimary = new int[3];
            for (int shard = 0; shard < 8; shard++) {
                int pg = groups.pgOf(BucketShards.locatorKey(Bytes.wrap(id), 1, shard, salts.get(shard)));
                pgs.add(pg);
                perPrimary[groups.primaryOf(pg)]++;
            }
            assertThat(pgs).hasSize(8);
            assertThat(perPrimary).containsExactlyInAnyOrder(3, 3, 2);
        }
    }

    @Test
    void moreShardsThanGroupsAreSpreadEvenly() {
        Groups groups = new Groups(64, 3);
        List<Integer> salts = BucketShards.chooseSalts(ID, 256, groups);
        int[] perPg = new int[64];
        for (int shard = 0; shard < 256; shard++) {
            perPg[groups.pgOf(BucketShards.locatorKey(ID, 1, shard, salts.get(shard)))]++;
        }
        for (int count : perPg) {
            assertThat(count).isBetween(3, 5);
        }
    }

    @Test
    void theShardOfAKeyIsAmongThoseOfEveryPrefixOfIt() {
        Random random = new Random(2);
        for (int n = 0; n <= 3; n++) {
            BucketShards shards = shards(new Placement(n), 16);
            for (int i = 0; i < 5000; i++) {
                byte[] bytes = new byte[1 + random.nextInt(8)];
                for (int j = 0; j < bytes.length; j++) {
                    bytes[j] = (byte) (random.nextBoolean() ? '/' : 'a' + random.nextInt(3));
                }
                Bytes key = Bytes.wrap(bytes);
                int shard = shards.shardOf(key);
                for (int length = 0; length <= key.length(); length++) {
                    assertThat(shards.shardsOfPrefix(key.slice(0, length))).contains(shard);
                }
            }
        }
    }

    @Test
    void prefixPlacementListsAUserFromOneShard() {
        BucketShards shards = shards(new Placement(2), 256);
        assertThat(shards.shardsOfPrefix(Bytes.utf8("0a1b/anna/"))).hasSize(1);
        assertThat(shards.shardsOfPrefix(Bytes.utf8("0a1b/anna/mailboxes/x"))).hasSize(1);
        assertThat(shards.shardOf(Bytes.utf8("0a1b/anna/mailboxes/x")))
                .isEqualTo(shards.shardOf(Bytes.utf8("0a1b/anna/idx/y")));
        assertThat(shards.shardsOfPrefix(Bytes.utf8("0a1b/anna"))).hasSize(256);
        assertThat(shards(Placement.HASH, 8).shardsOfPrefix(Bytes.utf8("a/"))).hasSize(8);
    }

    @Test
    void theShardOfAKeyNeverChanges() {
        BucketShards shards = shards(Placement.HASH, 8);
        assertThat(List.of(
                        shards.shardOf(Bytes.utf8("a")),
                        shards.shardOf(Bytes.utf8("photos/2026/cat.jpg")),
                        shards.shardOf(Bytes.hex("00ff"))))
                .isEqualTo(List.of(3, 6, 0));
        assertThat(shards.locatorKey(7).hex()).isEqualTo("62" + ID.hex() + "0100070007");
    }

    @Test
    void placementReadsWhatItWrites() {
        assertThat(Placement.parse("hash")).isEqualTo(Placement.HASH);
        assertThat(Placement.parse("prefix")).isEqualTo(new Placement(1));
        assertThat(Placement.parse("prefix:2").text()).isEqualTo("prefix:2");
        for (String wrong :
                List.of("", "prefix:", "prefix:0", "prefix:17", "prefix:x", "prefix:-1", "Hash", "prefix:100")) {
            assertThat(Placement.parse(wrong)).as(wrong).isNull();
        }
    }
}
