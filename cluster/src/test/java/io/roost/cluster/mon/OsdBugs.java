package io.roost.cluster.mon;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.World;
import java.util.List;
import java.util.Set;

/** Mistakes in deciding which OSDs are up. */
public final class OsdBugs implements BugHunt.Catalogue {
    /** Found by one seed in some dozens: too dear for every build. */
    private static final Set<String> SELDOM_SEEN = Set.of(
            "osds: a boot that is sent again begins a life again",
            "osds: reports are looked at only when they arrive, and one is enough",
            "osds: a new leader takes the silence before it for that of others");

    /** Those that a few seeds find. */
    static final class OftenSeen implements BugHunt.Catalogue {
        @Override
        public Class<? extends World> world() {
            return OsdLivesWorld.class;
        }

        @Override
        public List<PlantedBug> bugs() {
            return new OsdBugs()
                    .bugs().stream()
                            .filter(bug -> !SELDOM_SEEN.contains(bug.name()))
                            .toList();
        }
    }

    @Override
    public Class<? extends World> world() {
        return OsdLivesWorld.class;
    }

    private static PlantedBug bug(String name, String file, String right, String wrong) {
        return new PlantedBug("osds: " + name, (file.contains("/") ? "" : "mon/") + file + ".java", right, wrong);
    }

    @Override
    public List<PlantedBug> bugs() {
        return List.of(
                bug(
                        "a store that was set back is marked up",
                        "OsdLives",
                        "accepted != 0 && !boot.knownNonces().contains(accepted)",
                        "false"),
                bug(
                        "which boot was accepted is not written",
                        "OsdLives",
                        "        records.put(osd.id(), new OsdRecords.OsdRecord(nonce, returns ? 0 : record.inWeight()));\n",
                        ""),
                bug(
                        "which boot was accepted is forgotten with the leader",
                        "OsdMapService",
                        "        records.encodePending(transaction);\n",
                        ""),
                bug(
                        "a life begins in the epoch in which another ends",
                        "OsdLives",
                        "            return Prepared.again();\n        }\n        if (osd.downAt()",
                        "        }\n        if (osd.downAt()"),
                bug(
                        "a boot that is sent again begins a life again",
                        "OsdLives",
                        "osd != null && osd.clusterAddress().equals(boot.clusterAddress())",
                        "osd != null && osd.isUp() && osd.clusterAddress().equals(boot.clusterAddress())"),
                bug(
                        "a store gets two ids",
                        "OsdMapCommands",
                        "if (osd.uuid().equals(create.uuid())) {",
                        "if (osd.isUp() && osd.uuid().equals(create.uuid())) {"),
                bug(
                        "two hosts are needed where there is one",
                        "FailureReports",
                        "Math.max(1, Math.min(NEEDED_HOSTS, otherHosts.size()))",
                        "NEEDED_HOSTS"),
                bug(
                                "reports are looked at only when they arrive, and one is enough",
                                "FailureReports",
                                "haveEnoughHosts(target, reports.keySet(), map) && nowMillis - latest >= graceMillis",
                                "haveEnoughHosts(target, reports.keySet(), map)")
                        .in("mon.OsdLivesTest", "graceCountsFromWhoHeardItLast"),
                bug(
                        "nobody is marked down who says nothing",
                        "FailureReports",
                        "haveEnoughHosts(target, reports.keySet(), map) && nowMillis - latest >= graceMillis",
                        "false"),
                bug(
                        "two that do not hear each other are left so",
                        "FailureReports",
                        "isMutual && target.id() > other",
                        "false"),
                bug(
                        "an OSD that was marked down boots at once",
                        "heartbeat/Heartbeats",
                        "peer.isGone || (peer.isHeard && nowMillis - peer.aliveMillis < timing.graceMillis() / 2)",
                        "true"),
                bug(
                        "a leader that was stopped takes its silence for that of others",
                        "OsdLives",
                        "            watch.onGap(gapMillis);\n",
                        ""),
                bug(
                                "a new leader takes the silence before it for that of others",
                                "OsdWatch",
                                "        beganMillis = nowMillis;\n",
                                "")
                        .in("mon.OsdWatchTest", "whoWasNotHeardHasBeenSilentSinceThisMonitorLeads"));
    }
}
