package io.roost.objectstore.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ListMergeTest {
    /** Shards of sorted numbers that answer pages of a random length, some of them empty, and a cursor while more follow. */
    @Test
    void theMergeIsWhatOneSortedListWouldGive() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int shardCount = 1 + random.nextInt(9);
            List<List<Integer>> shards = new ArrayList<>();
            TreeSet<Integer> model = new TreeSet<>();
            for (int shard = 0; shard < shardCount; shard++) {
                TreeSet<Integer> content = new TreeSet<>();
                for (int i = random.nextInt(30); i > 0; i--) {
                    content.add(random.nextInt(60));
                }
                model.addAll(content);
                shards.add(new ArrayList<>(content));
            }
            int maxItems = 1 + random.nextInt(70);
            ListMerge.Share share = random.nextBoolean() ? ListMerge.Share.EVEN : ListMerge.Share.WHOLE;
            List<Integer> found = merge(shards, maxItems, share, random);
            assertThat(found)
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(model.stream().limit(maxItems).toList());
        }
    }

    private static List<Integer> merge(List<List<Integer>> shards, int maxItems, ListMerge.Share share, Random random) {
        List<Integer> numbers = new ArrayList<>();
        for (int shard = 0; shard < shards.size(); shard++) {
            numbers.add(shard);
        }
        ListMerge<Integer> merge = new ListMerge<>(numbers, maxItems, share, Integer::compare);
        for (List<ListMerge.Ask> asks = merge.next(); !asks.isEmpty(); asks = merge.next()) {
            for (ListMerge.Ask ask : asks) {
                List<Integer> content = shards.get(ask.shard());
                int from = ask.cursor().isEmpty() ? 0 : ask.cursor().at(0);
                int to = Math.min(content.size(), from + random.nextInt(ask.maxItems() + 1));
                Bytes cursor = to == content.size() ? Bytes.EMPTY : Bytes.of(to);
                merge.onReply(ask.shard(), new ListMerge.Page<>(content.subList(from, to), cursor));
            }
        }
        return merge.items();
    }
}
