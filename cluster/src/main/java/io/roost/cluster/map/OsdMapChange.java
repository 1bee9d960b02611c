package io.roost.cluster.map;

import io.roost.cluster.crush.CrushMap;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One difference between an epoch of the OSD map and the next; every one is absolute. */
public sealed interface OsdMapChange {
    /** A pool is created or has changed. */
    record PutPool(Pool pool) implements OsdMapChange {}

    /** A pool is removed, with what names its placement groups. */
    record RemovePool(long pool) implements OsdMapChange {}

    /** An OSD is created or has changed. */
    record PutOsd(OsdInfo osd) implements OsdMapChange {}

    /** An OSD does not exist any more. */
    record RemoveOsd(int osd) implements OsdMapChange {}

    /** These flags are set, and no others. */
    record SetFlags(Set<OsdMapFlag> flags) implements OsdMapChange {
        /** Copies the flags. */
        public SetFlags {
            EnumSet<OsdMapFlag> copy = EnumSet.noneOf(OsdMapFlag.class);
            copy.addAll(flags);
            flags = Collections.unmodifiableSet(copy);
        }
    }

    /** The placement hierarchy and rules are these. */
    record SetCrush(CrushMap crush) implements OsdMapChange {
        /** Checks for null. */
        public SetCrush {
            Objects.requireNonNull(crush, "crush");
        }
    }

    /** The acting set of a placement group is this for a time; empty for none. */
    record SetPgTemp(PgId pg, List<Integer> osds) implements OsdMapChange {
        /** Copies the list. */
        public SetPgTemp {
            osds = List.copyOf(osds);
        }
    }

    /** The primary of a placement group is this for a time; {@link OsdMap#NO_OSD} for none. */
    record SetPrimaryTemp(PgId pg, int osd) implements OsdMapChange {}

    /** Placement of a placement group is this instead; empty for none. */
    record SetUpmap(PgId pg, List<Integer> osds) implements OsdMapChange {
        /** Copies the list. */
        public SetUpmap {
            osds = List.copyOf(osds);
        }
    }

    /** Placement of a placement group has these exceptions; empty for none. */
    record SetUpmapItems(PgId pg, List<Remap> remaps) implements OsdMapChange {
        /** Copies the list. */
        public SetUpmapItems {
            remaps = List.copyOf(remaps);
        }
    }

    /** Requests of a client are refused until a time (milliseconds of the epoch); 0 lifts it. */
    record SetBlocklisted(long client, long untilMillis) implements OsdMapChange {}

    /** The full ratios are these. */
    record SetFullRatios(FullRatios ratios) implements OsdMapChange {
        /** Checks for null. */
        public SetFullRatios {
            Objects.requireNonNull(ratios, "ratios");
        }
    }
}
