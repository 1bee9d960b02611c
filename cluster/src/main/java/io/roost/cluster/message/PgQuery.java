package io.roost.cluster.message;

import io.roost.cluster.map.PgMapping;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Everything that the primary of a placement group knows of how it is, for a person who wonders why (Ceph's pg query).
 *
 * <pre>
 * epoch u32, states u64
 * up: OSDs, up primary u32, acting: OSDs, primary u32
 * phase text
 * copies: count varint, each OSD u32, info as {@link PgInfo} has it, missing u64
 * past intervals as {@link PgInterval} has them
 * asked, blocked by, down: OSDs
 * unfound u64, reservation text, reservation awaits: OSDs
 * scrubs as {@link ScrubHistory} has them; not in version 1
 * </pre>
 *
 * where OSDs are a count as a varint and u32 for each.
 *
 * @param epoch of its map
 * @param states what its state is made of
 * @param mapping where it is
 * @param phase of its peering, as {@code get_info}; empty while there has only ever been one OSD
 * @param copies what is known of each, the primary's first
 * @param pastIntervals in which it may have taken writes, since it was clean, oldest first
 * @param asked whose answer it waits for
 * @param blockedBy one of whom must return, or be declared lost, before it serves
 * @param downOsds whom it would ask if they were up (Ceph's down_osds_we_would_probe)
 * @param unfound entries that no OSD that is up has
 * @param reservation how far it is with its turns, as {@code remote_wait}; {@code none} when nothing is to be copied
 * @param reservationAwaits at which other OSD it waits for one
 * @param scrubs what comparing its copies has come to
 */
public record PgQuery(
        int epoch,
        Set<PgState> states,
        PgMapping mapping,
        String phase,
        List<Copy> copies,
        List<PgInterval> pastIntervals,
        SortedSet<Integer> asked,
        SortedSet<Integer> blockedBy,
        SortedSet<Integer> downOsds,
        long unfound,
        String reservation,
        List<Integer> reservationAwaits,
        ScrubHistory scrubs) {
    private static final int MAX_COPIES = 1024;

    /**
     * One OSD's copy.
     *
     * @param osd whose
     * @param info what it has
     * @param missing names that it lacks of what the log tells
     */
    public record Copy(int osd, PgInfo info, long missing) {}

    /** Copies the collections. */
    public PgQuery {
        states = Collections.unmodifiableSet(PgState.ofBits(PgState.bits(states)));
        copies = List.copyOf(copies);
        pastIntervals = List.copyOf(pastIntervals);
        asked = Collections.unmodifiableSortedSet(new TreeSet<>(asked));
        blockedBy = Collections.unmodifiableSortedSet(new TreeSet<>(blockedBy));
        downOsds = Collections.unmodifiableSortedSet(new TreeSet<>(downOsds));
        reservationAwaits = List.copyOf(reservationAwaits);
    }

    /** Writes it. */
    public void write(ByteWriter out) {
        out.u32(epoch).u64(PgState.bits(states));
        writeOsds(out, mapping.up());
        out.u32(mapping.upPrimary());
        writeOsds(out, mapping.acting());
        out.u32(mapping.primary()).text(phase).varint(copies.size());
        for (Copy copy : copies) {
            out.u32(copy.osd());
            copy.info().write(out);
            out.u64(copy.missing());
        }
        PgInterval.writeAll(out, pastIntervals);
        writeOsds(out, List.copyOf(asked));
        writeOsds(out, List.copyOf(blockedBy));
        writeOsds(out, List.copyOf(downOsds));
        out.u64(unfound).text(reservation);
        writeOsds(out, reservationAwaits);
        scrubs.write(out);
    }

    private static void writeOsds(ByteWriter out, List<Integer> osds) {
        out.varint(osds.size());
        osds.forEach(out::u32);
    }

    /**
     * Reads {@link #write}.
     *
     * @param hasScrubs false for version 1
     */
    public static PgQuery read(ByteReader in, boolean hasScrubs) {
        int epoch = in.u32();
        Set<PgState> states = PgState.ofBits(in.u64());
        PgMapping mapping = new PgMapping(readOsds(in), in.u32(), readOsds(in), in.u32());
        String phase = in.text();
        List<Copy> copies = new ArrayList<>();
        for (int left = in.count(MAX_COPIES); left > 0; left--) {
            copies.add(new Copy(in.u32(), PgInfo.read(in), in.u64()));
        }
        return new PgQuery(
                epoch,
                states,
                mapping,
                phase,
                copies,
                PgInterval.readAll(in),
                new TreeSet<>(readOsds(in)),
                new TreeSet<>(readOsds(in)),
                new TreeSet<>(readOsds(in)),
                in.u64(),
                in.text(),
                readOsds(in),
                hasScrubs ? ScrubHistory.read(in) : ScrubHistory.NONE);
    }

    private static List<Integer> readOsds(ByteReader in) {
        List<Integer> osds = new ArrayList<>();
        for (int left = in.count(MAX_COPIES); left > 0; left--) {
            osds.add(in.u32());
        }
        return osds;
    }
}
