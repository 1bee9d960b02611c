package io.roost.objectstore.object;

import java.util.concurrent.atomic.LongAdder;

/** What the listings of keys and uploads of a process have cost its shards, for metrics. Safe for any thread. */
public final class ListingCounters {
    private final LongAdder pages = new LongAdder();
    private final LongAdder shards = new LongAdder();
    private final LongAdder calls = new LongAdder();

    /** A page begins, which so many shards can have items of. */
    void onPage(int shardCount) {
        pages.increment();
        shards.add(shardCount);
    }

    /** So many shards are asked at once. */
    void onCalls(int callCount) {
        calls.add(callCount);
    }

    /** Pages that were looked for. */
    public long pages() {
        return pages.sum();
    }

    /** Shards asked, each once for a page; as many as pages when every listing concerned one shard. */
    public long shards() {
        return shards.sum();
    }

    /** Calls to shards; more than {@link #shards} where one ran dry before the page was full. */
    public long calls() {
        return calls.sum();
    }
}
