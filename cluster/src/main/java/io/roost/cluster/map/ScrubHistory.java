package io.roost.cluster.map;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.ScrubDepth;
import java.util.Comparator;

/**
 * What scrubs of a placement group have come to, as every OSD of it keeps it. As bytes, on the wire and on disk: count,
 * then the two times in milliseconds since 1970, then errors: u64 each.
 *
 * @param count scrubs that have ended: who knows of more knows better
 * @param lastMillis when the last one ended, by the clock of its primary; before the first, since when it was to come; 0
 *     for not known
 * @param lastDeepMillis the same of those that read everything (Ceph's last_deep_scrub_stamp)
 * @param errors entries that are not the same everywhere and whole, and could not be repaired
 */
public record ScrubHistory(long count, long lastMillis, long lastDeepMillis, long errors)
        implements Comparable<ScrubHistory> {
    /** Nothing is known. */
    public static final ScrubHistory NONE = new ScrubHistory(0, 0, 0, 0);

    private static final Comparator<ScrubHistory> ORDER = Comparator.comparingLong(ScrubHistory::count)
            .thenComparingLong(ScrubHistory::lastMillis)
            .thenComparingLong(ScrubHistory::lastDeepMillis)
            .thenComparingLong(ScrubHistory::errors);

    /** Checks that nothing is negative. */
    public ScrubHistory {
        if (count < 0 || lastMillis < 0 || lastDeepMillis < 0 || errors < 0) {
            throw new IllegalArgumentException("a scrub below zero");
        }
    }

    /** This, or from a time on, when it is not known since when scrubs are to come. */
    public ScrubHistory since(long wallMillis) {
        return lastMillis > 0 ? this : new ScrubHistory(count, wallMillis, wallMillis, errors);
    }

    /**
     * This after another scrub. What one that reads everything could not repair stays so until another such says otherwise.
     *
     * @param unresolved what it could not repair
     * @param wallMillis when it ended
     */
    public ScrubHistory scrubbed(ScrubDepth depth, long unresolved, long wallMillis) {
        return depth == ScrubDepth.DEEP
                ? new ScrubHistory(count + 1, wallMillis, wallMillis, unresolved)
                : new ScrubHistory(count + 1, wallMillis, lastDeepMillis, Math.max(errors, unresolved));
    }

    /** Who knows more is greater. */
    @Override
    public int compareTo(ScrubHistory other) {
        return ORDER.compare(this, other);
    }

    /** Writes it. */
    public void write(ByteWriter out) {
        out.u64(count).u64(lastMillis).u64(lastDeepMillis).u64(errors);
    }

    /** Reads {@link #write}; {@link IllegalArgumentException} when it is none. */
    public static ScrubHistory read(ByteReader in) {
        return new ScrubHistory(in.u64(), in.u64(), in.u64(), in.u64());
    }
}
