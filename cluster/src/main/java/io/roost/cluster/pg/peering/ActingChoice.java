package io.roost.cluster.pg.peering;

import io.roost.cluster.map.PgMapping;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.object.ObjectVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who should serve, by what everyone has (Ceph's find_best_info and calc_replicated_acting).
 *
 * @param authority whose log counts
 * @param acting the OSDs that should serve, the primary first
 * @param backfill OSDs that placement wants and that lack too much: they are filled while others serve
 */
record ActingChoice(int authority, List<Integer> acting, SortedSet<Integer> backfill) {
    ActingChoice {
        acting = List.copyOf(acting);
        backfill = Collections.unmodifiableSortedSet(new TreeSet<>(backfill));
    }

    /**
     * The OSD whose log holds everything that was ever acknowledged; none when nobody known has it.
     *
     * <p>What was acknowledged is in the log of everyone who acted in the newest interval that started: so among those
     * that recorded that start, everything up to the oldest of their last updates may have been acknowledged, and
     * anything newer may have been seen by a reader of the one that has it.
     *
     * @param infos of everyone heard
     * @param primary preferred among equals
     */
    static OptionalInt authority(SortedMap<Integer, PgInfo> infos, int primary) {
        int newestStart = 0;
        for (PgInfo info : infos.values()) {
            newestStart = Math.max(newestStart, info.history().lastEpochStarted());
            if (info.isComplete()) {
                newestStart = Math.max(newestStart, info.lastEpochStarted());
            }
        }
        ObjectVersion least = null;
        for (PgInfo info : infos.values()) {
            if (info.lastEpochStarted() >= newestStart
                    && (least == null || info.lastUpdate().compareTo(least) < 0)) {
                least = info.lastUpdate();
            }
        }
        Map.Entry<Integer, PgInfo> best = null;
        for (Map.Entry<Integer, PgInfo> candidate : infos.entrySet()) {
            PgInfo info = candidate.getValue();
            if (least != null
                    && info.lastUpdate().compareTo(least) >= 0
                    && info.lastEpochStarted() >= newestStart
                    && info.isComplete()
                    && (best == null || isBetter(candidate, best, primary))) {
                best = candidate;
            }
        }
        return best == null ? OptionalInt.empty() : OptionalInt.of(best.getKey());
    }

    private static boolean isBetter(
            Map.Entry<Integer, PgInfo> candidate, Map.Entry<Integer, PgInfo> best, int primary) {
        PgInfo one = candidate.getValue();
        PgInfo other = best.getValue();
        int order = one.lastUpdate().compareTo(other.lastUpdate());
        if (order == 0) {
            order = other.logTail().compareTo(one.logTail());
        }
        if (order == 0) {
            order = Boolean.compare(one.missingCount() == 0, other.missingCount() == 0);
        }
        return order != 0 ? order > 0 : candidate.getKey() == primary;
    }

    /**
     * Who should serve.
     *
     * @param infos of everyone heard, among them the authority
     * @param authority as {@link #authority} says
     * @param mapping what placement gives, and who serves now
     * @param size replicas wanted
     */
    static ActingChoice of(SortedMap<Integer, PgInfo> infos, int authority, PgMapping mapping, int size) {
        ObjectVersion tail = infos.get(authority).logTail();
        PgInfo first = infos.get(mapping.upPrimary());
        int primary = first != null && isContiguous(first, tail) ? mapping.upPrimary() : authority;
        // What is behind the primary's own log cannot be brought up to date from it.
        ObjectVersion oldest = infos.get(primary).logTail();
        List<Integer> chosen = new ArrayList<>(List.of(primary));
        TreeSet<Integer> backfill = new TreeSet<>();
        for (int osd : mapping.up()) {
            PgInfo info = infos.get(osd);
            if (osd != primary && info != null) {
                if (isContiguous(info, oldest)) {
                    chosen.add(osd);
                } else {
                    backfill.add(osd);
                }
            }
        }
        List<Integer> acting = mapping.acting();
        List<Integer> others = new ArrayList<>(acting);
        infos.keySet().stream()
                .filter(osd -> !acting.contains(osd))
                .sorted(Comparator.comparing((Integer osd) -> infos.get(osd).lastUpdate())
                        .reversed())
                .forEach(others::add);
        for (int osd : others) {
            PgInfo info = infos.get(osd);
            if (chosen.size() < size && !chosen.contains(osd) && info != null && isContiguous(info, oldest)) {
                chosen.add(osd);
            }
        }
        return new ActingChoice(authority, chosen, backfill);
    }

    private static boolean isContiguous(PgInfo info, ObjectVersion tail) {
        return info.isComplete() && info.lastUpdate().compareTo(tail) >= 0;
    }
}
