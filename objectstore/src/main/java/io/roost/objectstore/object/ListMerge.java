package io.roost.objectstore.object;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.classes.ListClass;
import io.roost.objectstore.classes.ListClass.CommonPrefix;
import io.roost.objectstore.classes.ListClass.Item;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges the pages of a bucket's shards into one listing in byte order. Pure: it says which shards must be asked for more
 * ({@link #next}), is given their replies, and ends when the page is full or every shard has ended. An item is taken only
 * when every shard has shown its next one, so none is ever skipped.
 */
final class ListMerge {
    /** Without a delimiter, asked beyond an even share: most pages then need one round. */
    private static final int SPARE_ITEMS = 24;

    private final List<Source> sources = new ArrayList<>();
    private final List<Item> items = new ArrayList<>();
    private final int maxItems;
    private final int firstAsk;

    /** A page that a shard has to be asked for. */
    record Ask(int shard, ListClass.Parameters parameters) {}

    private static final class Source {
        private final int shard;
        private ListClass.Parameters parameters;
        private List<Item> page = List.of();
        private int at;
        private boolean hasMore = true;

        Source(int shard, ListClass.Parameters parameters) {
            this.shard = shard;
            this.parameters = parameters;
        }

        boolean isDry() {
            return at == page.size();
        }
    }

    /**
     * A merge of shards.
     *
     * @param shards their numbers
     * @param first what each is asked at first; its number of items is how many the merge is to find
     */
    ListMerge(List<Integer> shards, ListClass.Parameters first) {
        maxItems = first.maxItems();
        boolean wholePages = !first.delimiter().isEmpty() || shards.size() == 1;
        firstAsk = wholePages ? maxItems : Math.min(maxItems, maxItems / shards.size() + SPARE_ITEMS);
        for (int shard : shards) {
            sources.add(new Source(shard, first.next(first.cursor(), firstAsk)));
        }
    }

    /** Takes what can be taken, then says which shards must be asked before it can go on; none when the page is done. */
    List<Ask> next() {
        List<Ask> asks = new ArrayList<>();
        while (items.size() < maxItems) {
            Source smallest = null;
            for (Source source : sources) {
                if (!source.isDry()) {
                    boolean isSmaller = smallest == null || head(source).compareTo(head(smallest)) < 0;
                    smallest = isSmaller ? source : smallest;
                } else if (source.hasMore) {
                    asks.add(new Ask(source.shard, source.parameters));
                }
            }
            if (!asks.isEmpty() || smallest == null) {
                return asks;
            }
            take(smallest.page.get(smallest.at++));
        }
        return asks;
    }

    private static Bytes head(Source source) {
        return source.page.get(source.at).name();
    }

    /** Keys of one common prefix can be in several shards. */
    private void take(Item item) {
        boolean isAgain = item instanceof CommonPrefix
                && !items.isEmpty()
                && items.get(items.size() - 1) instanceof CommonPrefix last
                && last.name().equals(item.name());
        if (!isAgain) {
            items.add(item);
        }
    }

    /** A shard's answer to what {@link #next} asked. */
    void onReply(int shard, ListClass.Reply reply) {
        for (Source source : sources) {
            if (source.shard == shard) {
                source.page = reply.items();
                source.at = 0;
                source.hasMore = !reply.cursor().isEmpty();
                int left = Math.max(1, Math.min(firstAsk, maxItems - items.size()));
                source.parameters = source.parameters.next(reply.cursor(), left);
            }
        }
    }

    /** What was found, at most as many items as asked for. */
    List<Item> items() {
        return items;
    }
}
