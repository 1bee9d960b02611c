package io.roost.objectstore.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Records of one kind by name, each for {@link RecordChanges#MAX_AGE} from when reading it began. What was read while
 * something was forgotten is not kept, for it may be older than the change. Safe for use from any thread.
 *
 * @param <V> what is kept of a record
 */
public final class RecordCache<V> {
    /** Records kept; when there are more the cache is emptied, which costs a few reads each. */
    private static final int MAX_RECORDS = 10_000;

    private final LongSupplier clock;
    private final ConcurrentMap<String, Known<V>> known = new ConcurrentHashMap<>();
    private final AtomicLong forgotten = new AtomicLong();
    private volatile boolean isTold;

    private record Known<V>(V value, long readMillis) {}

    /** A read that is under way; from {@link #begin}. */
    public static final class Reading {
        private final long forgotten;
        private final long begunMillis;

        private Reading(long forgotten, long begunMillis) {
            this.forgotten = forgotten;
            this.begunMillis = begunMillis;
        }
    }

    /**
     * A cache that keeps nothing until changes are told.
     *
     * @param clock monotonic milliseconds
     */
    RecordCache(LongSupplier clock) {
        this.clock = clock;
    }

    /** What is known of a record, null when it has to be read. */
    public V get(String name) {
        Known<V> found = known.get(name);
        boolean isUsable = found != null && clock.getAsLong() - found.readMillis() < RecordChanges.MAX_AGE.toMillis();
        return isUsable ? found.value() : null;
    }

    /** Begins to read a record: to be called before the cluster is asked. */
    public Reading begin() {
        return new Reading(forgotten.get(), clock.getAsLong());
    }

    /** Keeps what was read, unless it may be out of date already. */
    public void put(String name, V value, Reading reading) {
        if (!isTold || forgotten.get() != reading.forgotten) {
            return;
        }
        if (known.size() >= MAX_RECORDS) {
            known.clear();
        }
        Known<V> kept = new Known<>(value, reading.begunMillis);
        known.put(name, kept);
        // Who forgets counts first and removes then: one of the two sees the other.
        if (forgotten.get() != reading.forgotten) {
            known.remove(name, kept);
        }
    }

    /** A record has changed. */
    public void forget(String name) {
        forgotten.incrementAndGet();
        known.remove(name);
    }

    /** From now on changes are told. */
    void onTold() {
        forgotten.incrementAndGet();
        isTold = true;
    }

    /** From now on changes may be missed. */
    void onUntold() {
        isTold = false;
        forgotten.incrementAndGet();
        known.clear();
    }
}
