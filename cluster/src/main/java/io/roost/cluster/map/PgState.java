package io.roost.cluster.map;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A part of what a placement group's state is, named as Ceph names it; the code is the number of its bit. */
public enum PgState {
    /** It is being made. */
    CREATING(0),
    /** It serves. */
    ACTIVE(1),
    /** All its replicas have everything. */
    CLEAN(2),
    /** An OSD that is down may have writes that no other has. */
    DOWN(4),
    /** Objects are lost with OSDs that are down, and what is left is recovered. */
    RECOVERY_UNFOUND(5),
    /** The same during a backfill. */
    BACKFILL_UNFOUND(6),
    /** Replicas are compared. */
    SCRUBBING(8),
    /** Objects have fewer replicas than they should. */
    DEGRADED(10),
    /** Replicas differ. */
    INCONSISTENT(11),
    /** Its OSDs are agreeing on what it holds. */
    PEERING(12),
    /** What scrub found is being repaired. */
    REPAIR(13),
    /** Missing objects are being copied. */
    RECOVERING(14),
    /** A backfill waits for its turn. */
    BACKFILL_WAIT(15),
    /** No OSD that is up has its whole history. */
    INCOMPLETE(16),
    /** Its primary has not been heard for long. */
    STALE(17),
    /** Others than those that placement gives serve it. */
    REMAPPED(18),
    /** Scrub reads all data. */
    DEEP(19),
    /** A replica is being filled. */
    BACKFILLING(20),
    /** A replica that should be filled is too full. */
    BACKFILL_TOOFULL(21),
    /** Recovery waits for its turn. */
    RECOVERY_WAIT(22),
    /** It has fewer OSDs than its size. */
    UNDERSIZED(23),
    /** It has agreed, and does not serve: fewer OSDs than min_size. */
    PEERED(25),
    /** What is decided is being told to all replicas. */
    ACTIVATING(26),
    /** Its read lease has ended. */
    LAGGY(31),
    /** It waits for the leases of an earlier interval. */
    WAIT(32);

    private final int code;

    PgState(int code) {
        this.code = code;
    }

    /** Number of its bit in encoded sets. */
    public int code() {
        return code;
    }

    /** These as bits. */
    public static long bits(Collection<PgState> states) {
        long bits = 0;
        for (PgState state : states) {
            bits |= 1L << state.code;
        }
        return bits;
    }

    /** The states of bits; bits of others are dropped. */
    public static Set<PgState> ofBits(long bits) {
        Set<PgState> states = EnumSet.noneOf(PgState.class);
        for (PgState state : values()) {
            if (((bits >>> state.code) & 1) == 1) {
                states.add(state);
            }
        }
        return states;
    }

    /** These for a person: {@code active+undersized+degraded}; {@code unknown} for none. */
    public static String text(Set<PgState> states) {
        return states.isEmpty()
                ? "unknown"
                : states.stream()
                        .sorted()
                        .map(state -> state.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining("+"));
    }
}
