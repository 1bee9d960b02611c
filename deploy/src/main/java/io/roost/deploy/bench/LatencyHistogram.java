package io.roost.deploy.bench;

/**
 * Counts durations in buckets of at most 1/64 of their value, from 1 µs to an hour. Written by one thread; merged after
 * it has ended.
 */
final class LatencyHistogram {
    /** 64 buckets for every doubling: an error below 1.6 %. */
    private static final int BUCKET_BITS = 6;

    private static final int BUCKETS = 1 << BUCKET_BITS;
    private static final long MAX_MICROS = 3_600_000_000L;

    private final long[] counts = new long[indexOf(MAX_MICROS) + 1];
    private long total;
    private long maxMicros;

    /** Adds a duration; one above an hour counts as an hour. */
    void add(long micros) {
        long bounded = Math.min(Math.max(micros, 0), MAX_MICROS);
        counts[indexOf(bounded)]++;
        total++;
        maxMicros = Math.max(maxMicros, bounded);
    }

    /** Adds all of another's. */
    void add(LatencyHistogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
        maxMicros = Math.max(maxMicros, other.maxMicros);
    }

    private static int indexOf(long micros) {
        int doublings = Math.max(0, Long.SIZE - BUCKET_BITS - 1 - Long.numberOfLeadingZeros(micros | 1));
        return (doublings << BUCKET_BITS) + (int) (micros >>> doublings);
    }

    /** The largest duration of a bucket. */
    private static long upperBound(int index) {
        int doublings = index < 2 * BUCKETS ? 0 : (index >> BUCKET_BITS) - 1;
        long step = index - ((long) doublings << BUCKET_BITS);
        return ((step + 1) << doublings) - 1;
    }

    /** Number of durations. */
    long total() {
        return total;
    }

    /** The longest, in microseconds; 0 when there is none. */
    long maxMicros() {
        return maxMicros;
    }

    /** The duration that a part of all does not exceed, in microseconds; 0 when there is none. */
    long quantileMicros(double part) {
        long rank = (long) Math.ceil(part * total);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return Math.min(upperBound(i), maxMicros);
            }
        }
        return 0;
    }
}
