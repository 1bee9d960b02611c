package io.roost.cluster.osd;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.World;
import java.util.List;

/** Mistakes between monitors and OSDs, which only a whole cluster can show. */
public final class ClusterBugs implements BugHunt.Catalogue {
    @Override
    public Class<? extends World> world() {
        return ClusterWorld.class;
    }

    private static PlantedBug bug(String name, String file, String right, String wrong) {
        return new PlantedBug("cluster: " + name, file + ".java", right, wrong);
    }

    @Override
    public List<PlantedBug> bugs() {
        return List.of(
                bug(
                        "a new OSD begins with the newest map",
                        "client/MonClient",
                        "osdMaps.epoch() == 0 && firstMap == FirstMap.NEWEST ? 0",
                        "osdMaps.epoch() == 0 ? 0"),
                bug(
                        "the pools of the first map are made by nobody who comes later",
                        "osd/PastMaps",
                        "return first != null && first.epoch() == 1 ? first : null;",
                        "return null;"),
                bug(
                        "the leader forgets that somebody was up through an epoch",
                        "mon/OsdLives",
                        "new OsdMapChange.PutOsd(osd.withUpThru(alive.wantedUpThru()))",
                        "new OsdMapChange.PutOsd(osd.withUpThru(osd.upThru()))"),
                bug(
                        "who shall act is asked for after the interval in which it was wanted",
                        "osd/OsdStanding",
                        "!newer.mapping(pg).equals(mapping)",
                        "newer.mapping(pg) == null"),
                bug(
                        "who is down goes out whatever noout says",
                        "mon/OsdLives",
                        "                || map.isSet(OsdMapFlag.NOOUT)\n",
                        ""),
                bug(
                        "who went out by itself stays out",
                        "mon/OsdLives",
                        "        inWhenUp(osd.id(), osd.weight());\n",
                        ""),
                bug(
                        "no other store takes the place of one that is lost",
                        "mon/OsdLives",
                        "return !osd.isUp() && osd.lostAt() > 0 && osd.lostAt() == osd.downAt() && boot.newestEpoch() == 0;",
                        "return false;"),
                bug(
                        "a store forgets the life that was accepted",
                        "daemon/KnownLives",
                        "nonces.subList(0, at).clear();",
                        "nonces.clear();"),
                bug(
                        "a store does not say how far its OSD has come",
                        "daemon/Superblock",
                        "if (map.epoch() > row.newestEpoch) {",
                        "if (row.newestEpoch < 0) {"),
                bug(
                        "min_size does not follow",
                        "mon/PoolCommands",
                        "&& service.stats().isClean(pool, map)) {",
                        "&& pool.size() > 9) {"),
                bug(
                                "monitors trim maps that placement groups need",
                                "mon/OsdMapService",
                                "Math.min(next.epoch() - limits.minVersions(), stats.minLastEpochClean(next))",
                                "next.epoch() - limits.minVersions()")
                        .in("mon.MonitorTest", "epochsAreTrimmedWhenNoOsdNeedsThemAndALaggardGetsAFullOne"),
                bug(
                        "an OSD trims maps that monitors have",
                        "daemon/OsdMapHistory",
                        "Math.min(map.epoch() - minEpochs, neededFrom)",
                        "map.epoch() - minEpochs"),
                bug(
                                "a life that began and ended between two maps goes on",
                                "osd/OsdStanding",
                                "(wasUp ? !isUp : isOver())",
                                "wasUp && !isUp")
                        .in("osd.OsdStandingTest", "aLifeThatWasUpBetweenTwoMapsThatItSawIsOver"),
                bug(
                        "the last ones go out too",
                        "mon/OsdLives",
                        "                || permille(map, other -> other.isIn() && other.id() != osd.id() ? 1 : 0) < MIN_IN_PERMILLE",
                        ""),
                bug("who is purged leaves its record", "mon/OsdRecords", "pending.put(osd, NOTHING);", ""),
                bug("the cluster is full for ever", "mon/OsdMapService", "flags.remove(OsdMapFlag.FULL);", ""),
                bug(
                                "a store that becomes full says so with the next statistics",
                                "osd/StatsSchedule",
                                "level != toldLevel",
                                "toldLevel == null")
                        .in("osd.StatsScheduleTest", "tellsAtOnceThatTheStoreIsFullAndThatItIsNotAnyMore"),
                bug(
                                "a store that is full is not full by the monitors' ratio",
                                "store/StoreSpace",
                                "level == Level.FULL ? ",
                                "level == null ? ")
                        .in("store.StoreSpaceTest", "whatIsFullCountsAsFullByTheRatiosOfOthers"));
    }
}
