package io.roost.cluster.mon;

import io.roost.cluster.crush.CrushAncestry;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What OSDs say of others that they do not hear. The leader keeps it in memory: who reports repeats it while it is so, and
 * a new leader hears it soon.
 */
final class FailureReports {
    /** A report that is not repeated for so long counts no more: its withdrawal may have been lost. */
    static final long KEPT_MILLIS = 20_000;
    /** Hosts that must agree, where there are so many beside the target's: one alone may be cut off itself. */
    private static final int NEEDED_HOSTS = 2;
    /**
     * How much longer two that do not hear each other are left so, for a third to say which of them it is: pings are half a
     * second apart, so one may notice so much after another.
     */
    private static final long TIE_MILLIS = 1_000;

    private final TreeMap<Integer, TreeMap<Integer, Report>> byTarget = new TreeMap<>();

    private record Report(NodeAddress target, long sinceMillis, long heardMillis, MonMessage.Evidence evidence) {}

    /**
     * Why an OSD is to be marked down.
     *
     * @param isGone true when its process was seen to be gone
     */
    record Failure(String reason, boolean isGone) {}

    void onFailure(MonMessage.OsdFailure failure, long nowMillis) {
        byTarget.computeIfAbsent(failure.target(), target -> new TreeMap<>())
                .put(
                        failure.reporter(),
                        new Report(
                                failure.targetClusterAddress(),
                                nowMillis - failure.failedForMillis(),
                                nowMillis,
                                failure.evidence()));
    }

    void onStillAlive(MonMessage.OsdStillAlive alive) {
        TreeMap<Integer, Report> reports = byTarget.get(alive.target());
        if (reports != null) {
            reports.remove(alive.reporter());
        }
    }

    /** The OSDs that are reported. */
    List<Integer> targets() {
        return List.copyOf(byTarget.keySet());
    }

    void forget(int target) {
        byTarget.remove(target);
    }

    void clear() {
        byTarget.clear();
    }

    /** This monitor has not run for a time, in which nobody could repeat anything. */
    void onGap(long millis) {
        byTarget.values()
                .forEach(reports -> reports.replaceAll((reporter, report) -> new Report(
                        report.target(),
                        report.sinceMillis() + millis,
                        report.heardMillis() + millis,
                        report.evidence())));
    }

    /**
     * Why an OSD that is up is to be marked down; empty when it is not. Nobody listens at its address; or enough hosts have
     * not heard it for the grace, of which its own does not count while another is up; or it and another do not hear each
     * other, and no third host says which of them it is: then it is the one of higher number, so that it is always the same.
     */
    Optional<Failure> failure(OsdInfo target, OsdMap map, long graceMillis, long nowMillis) {
        Map<Integer, Report> reports = standing(target, map, nowMillis);
        if (reports.isEmpty()) {
            return Optional.empty();
        }
        if (reports.values().stream().anyMatch(report -> report.evidence() == MonMessage.Evidence.REFUSED)) {
            return Optional.of(new Failure("nobody listens at its address", true));
        }
        long latest =
                reports.values().stream().mapToLong(Report::sinceMillis).max().orElseThrow();
        if (haveEnoughHosts(target, reports.keySet(), map) && nowMillis - latest >= graceMillis) {
            return Optional.of(new Failure("others do not hear it", false));
        }
        long cutMillis = nowMillis - graceMillis - TIE_MILLIS;
        for (Map.Entry<Integer, Report> report : reports.entrySet()) {
            int other = report.getKey();
            Report back = standing(map.osd(other), map, nowMillis).get(target.id());
            boolean isMutual =
                    back != null && Math.max(report.getValue().sinceMillis(), back.sinceMillis()) <= cutMillis;
            if (isMutual && target.id() > other) {
                return Optional.of(new Failure("it and osd." + other + " do not hear each other", false));
            }
        }
        return Optional.empty();
    }

    /** Reporter → report of an OSD; those that count no more are forgotten. */
    private Map<Integer, Report> standing(OsdInfo target, OsdMap map, long nowMillis) {
        TreeMap<Integer, Report> reports = byTarget.get(target.id());
        if (reports == null) {
            return new TreeMap<>();
        }
        reports.entrySet()
                .removeIf(entry -> !map.isUp(entry.getKey())
                        || !entry.getValue().target().equals(target.clusterAddress())
                        || nowMillis - entry.getValue().heardMillis() > KEPT_MILLIS);
        if (reports.isEmpty()) {
            byTarget.remove(target.id());
        }
        return reports;
    }

    private static boolean haveEnoughHosts(OsdInfo target, Set<Integer> reporters, OsdMap map) {
        CrushAncestry ancestry = new CrushAncestry(map.state().crush());
        String ownHost = ancestry.host(target.id());
        Set<String> otherHosts = new TreeSet<>();
        map.osds().stream()
                .filter(OsdInfo::isUp)
                .map(osd -> ancestry.host(osd.id()))
                .filter(host -> !host.equals(ownHost))
                .forEach(otherHosts::add);
        Set<String> reporting = new TreeSet<>();
        reporters.forEach(reporter -> reporting.add(ancestry.host(reporter)));
        if (!otherHosts.isEmpty()) {
            reporting.remove(ownHost);
        }
        // With three hosts, when one is gone, only one is left to report the next: two could never agree.
        int needed = Math.max(1, Math.min(NEEDED_HOSTS, otherHosts.size()));
        return reporting.size() >= needed;
    }
}
