package io.roost.objectstore.object;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Merges the pages of a bucket's shards into one listing. Pure: it says which shards must be asked for more
 * ({@link #next}), is given their replies, and ends when the page is full or every shard has ended. An item is taken only
 * when every shard has shown its next one, so none is ever skipped.
 *
 * @param <I> the items: keys or uploads, and common prefixes, of which those of several shards can be equal
 */
public final class ListMerge<I> {
    /** Asked beyond an even share, so that most pages need one round. */
    private static final int SPARE_ITEMS = 24;

    private final List<Source<I>> sources = new ArrayList<>();
    private final List<I> items = new ArrayList<>();
    private final Comparator<I> order;
    private final int maxItems;
    private final int firstAsk;

    /** How many items each shard is asked for at first. */
    public enum Share {
        /** As many as are wanted in all: where items are few and far between, as common prefixes are. */
        WHOLE,
        /** About its part of them. */
        EVEN
    }

    /**
     * A page that a shard has to be asked for.
     *
     * @param shard its number
     * @param cursor of its last reply, empty for the first page
     * @param maxItems how many items
     */
    public record Ask(int shard, Bytes cursor, int maxItems) {}

    /**
     * A shard's reply.
     *
     * @param items in order
     * @param cursor for the next page, empty at the end
     */
    public record Page<I>(List<I> items, Bytes cursor) {}

    private static final class Source<I> {
        private final int shard;
        private Bytes cursor = Bytes.EMPTY;
        private int ask;
        private List<I> page = List.of();
        private int at;
        private boolean hasMore = true;

        Source(int shard, int ask) {
            this.shard = shard;
            this.ask = ask;
        }

        boolean isDry() {
            return at == page.size();
        }

        I head() {
            return page.get(at);
        }
    }

    /**
     * A merge of shards.
     *
     * @param shards their numbers
     * @param maxItems how many items to find
     * @param order of items; equal ones are taken once
     */
    public ListMerge(List<Integer> shards, int maxItems, Share share, Comparator<I> order) {
        this.order = order;
        this.maxItems = maxItems;
        boolean whole = share == Share.WHOLE || shards.size() == 1;
        this.firstAsk = whole ? maxItems : Math.min(maxItems, maxItems / shards.size() + SPARE_ITEMS);
        for (int shard : shards) {
            sources.add(new Source<>(shard, firstAsk));
        }
    }

    /** Takes what can be taken, then says which shards must be asked before it can go on; none when the page is done. */
    public List<Ask> next() {
        List<Ask> asks = new ArrayList<>();
        while (items.size() < maxItems) {
            Source<I> smallest = null;
            for (Source<I> source : sources) {
                if (!source.isDry()) {
                    boolean isSmaller = smallest == null || order.compare(source.head(), smallest.head()) < 0;
                    smallest = isSmaller ? source : smallest;
                } else if (source.hasMore) {
                    asks.add(new Ask(source.shard, source.cursor, source.ask));
                }
            }
            if (!asks.isEmpty() || smallest == null) {
                return asks;
            }
            take(smallest.head());
            smallest.at++;
        }
        return asks;
    }

    private void take(I item) {
        if (items.isEmpty() || order.compare(items.get(items.size() - 1), item) != 0) {
            items.add(item);
        }
    }

    /** A shard's answer to what {@link #next} asked. */
    public void onReply(int shard, Page<I> reply) {
        for (Source<I> source : sources) {
            if (source.shard == shard) {
                source.page = reply.items();
                source.at = 0;
                source.hasMore = !reply.cursor().isEmpty();
                source.cursor = reply.cursor();
                source.ask = Math.max(1, Math.min(firstAsk, maxItems - items.size()));
            }
        }
    }

    /** What was found, at most as many items as asked for. */
    public List<I> items() {
        return items;
    }
}
