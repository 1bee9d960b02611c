package io.roost.cluster.message;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of epochs in which the same OSDs had a placement group, and in which it may have taken writes (Ceph's
 * PastIntervals::pg_interval_t with maybe_went_rw). As bytes, on the wire and on disk: first, last, primary u32 each, then the number of acting OSDs as a
 * varint and u32 for each.
 *
 * @param first its first epoch
 * @param last its last epoch
 * @param acting the OSDs that served
 * @param primary the one that ordered
 */
public record PgInterval(int first, int last, List<Integer> acting, int primary) {
    /** Copies the list and checks the order. */
    public PgInterval {
        acting = List.copyOf(acting);
        if (first < 1 || last < first || acting.isEmpty()) {
            throw new IllegalArgumentException("interval " + first + "-" + last + " of " + acting);
        }
    }

    /** Writes it. */
    public void write(ByteWriter out) {
        out.u32(first).u32(last).u32(primary).varint(acting.size());
        acting.forEach(out::u32);
    }

    /** Reads {@link #write}. */
    public static PgInterval read(ByteReader in) {
        int first = in.u32();
        int last = in.u32();
        int primary = in.u32();
        List<Integer> acting = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            acting.add(in.u32());
        }
        return new PgInterval(first, last, acting, primary);
    }

    /** Writes a list of them. */
    public static void writeAll(ByteWriter out, List<PgInterval> intervals) {
        out.varint(intervals.size());
        intervals.forEach(interval -> interval.write(out));
    }

    /** Reads {@link #writeAll}. */
    public static List<PgInterval> readAll(ByteReader in) {
        List<PgInterval> intervals = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            intervals.add(read(in));
        }
        return intervals;
    }
}
