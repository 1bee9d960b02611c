package io.roost.cluster.message;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;

/**
 * What is known of a placement group's past, on whichever OSD (Ceph's pg_history_t). Every epoch is that of a map. As
 * bytes, on the wire and on disk: the four epochs in order, u32 each.
 *
 * @param epochCreated when it came to be
 * @param lastEpochStarted an epoch at which it went active and every acting OSD had recorded so; 0 for never
 * @param lastEpochClean an epoch at which it was clean: no copy older than that is needed; 0 for never
 * @param sameIntervalSince first epoch of the interval that the sender is in
 */
public record PgHistory(int epochCreated, int lastEpochStarted, int lastEpochClean, int sameIntervalSince) {
    /** Nothing is known. */
    public static final PgHistory NONE = new PgHistory(0, 0, 0, 0);

    /** This with what another OSD knows better. Intervals are everyone's own. */
    public PgHistory merge(PgHistory other) {
        return new PgHistory(
                Math.max(epochCreated, other.epochCreated),
                Math.max(lastEpochStarted, other.lastEpochStarted),
                Math.max(lastEpochClean, other.lastEpochClean),
                sameIntervalSince);
    }

    /** This in the interval that begins at an epoch. */
    public PgHistory inInterval(int first) {
        return new PgHistory(epochCreated, lastEpochStarted, lastEpochClean, first);
    }

    /** This, started at an epoch. */
    public PgHistory started(int epoch) {
        return new PgHistory(epochCreated, Math.max(lastEpochStarted, epoch), lastEpochClean, sameIntervalSince);
    }

    /** This, clean at an epoch. */
    public PgHistory clean(int epoch) {
        return new PgHistory(epochCreated, lastEpochStarted, Math.max(lastEpochClean, epoch), sameIntervalSince);
    }

    /** Writes it. */
    public void write(ByteWriter out) {
        out.u32(epochCreated).u32(lastEpochStarted).u32(lastEpochClean).u32(sameIntervalSince);
    }

    /** Reads {@link #write}. */
    public static PgHistory read(ByteReader in) {
        return new PgHistory(in.u32(), in.u32(), in.u32(), in.u32());
    }
}
