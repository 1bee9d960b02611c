package io.roost.cluster.mon;

import io.roost.cluster.crush.CrushAncestry;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdSetting;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.HealthCheck;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.paxos.Quorum;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What is not as it should be, with codes as Ceph has them, and what to do. Answered by the leader, who is told most. */
final class Health implements MonService {
    /** Most lines of details: who wants all lists the placement groups. */
    private static final int MAX_DETAILS = 50;

    private static final Set<PgState> DAMAGED =
            EnumSet.of(PgState.INCONSISTENT, PgState.RECOVERY_UNFOUND, PgState.BACKFILL_UNFOUND);

    private final OsdMapService osdMaps;
    private final MonMapService monMaps;
    private final ConfigService configs;
    private final Quorum quorum;

    Health(OsdMapService osdMaps, MonMapService monMaps, ConfigService configs, Quorum quorum) {
        this.osdMaps = osdMaps;
        this.monMaps = monMaps;
        this.configs = configs;
        this.quorum = quorum;
    }

    @Override
    public Prepared prepare(MonMessage.ToMonitor message, Clocks now) {
        if (message instanceof MonMessage.GetHealth get) {
            return Prepared.answered(new MonMessage.HealthReply(get.tid(), checks(now)));
        }
        return Prepared.notMine();
    }

    @Override
    public void encodePending(MonTransaction transaction, long wallMillis) {
        // It is computed, not kept.
    }

    @Override
    public void refresh() {
        // It is computed when somebody asks.
    }

    /** One kind of trouble: collects what it is about. */
    private static final class Trouble {
        private final String code;
        private final HealthCheck.Severity severity;
        private final List<String> details = new ArrayList<>();

        Trouble(String code, HealthCheck.Severity severity) {
            this.code = code;
            this.severity = severity;
        }

        void add(String detail) {
            details.add(detail);
        }

        /** Reports it, if there is any; the summary begins with how many. */
        void report(List<HealthCheck> checks, String summary, String remedy) {
            if (!details.isEmpty()) {
                List<String> shown = details.subList(0, Math.min(MAX_DETAILS, details.size()));
                checks.add(new HealthCheck(code, severity, details.size() + " " + summary, shown, remedy));
            }
        }
    }

    private static Trouble warning(String code) {
        return new Trouble(code, HealthCheck.Severity.WARNING);
    }

    private static Trouble error(String code) {
        return new Trouble(code, HealthCheck.Severity.ERROR);
    }

    /** All that is wrong, worst first. */
    List<HealthCheck> checks(Clocks now) {
        List<HealthCheck> checks = new ArrayList<>();
        monitors(checks);
        osds(checks, now);
        flags(checks);
        pools(checks);
        placementGroups(checks, now);
        scrubs(checks, now.wallMillis());
        checks.sort(Comparator.comparing(HealthCheck::severity).reversed());
        return checks;
    }

    private void monitors(List<HealthCheck> checks) {
        Trouble down = warning("MON_DOWN");
        Trouble waiting = warning("MON_WAITING");
        for (MonMap.Monitor monitor : monMaps.map().monitors()) {
            if (monitor.role() == MonMap.Role.NON_VOTER) {
                waiting.add("mon." + monitor.name() + " does not vote");
            } else if (!quorum.members().contains(monitor.name())) {
                down.add("mon." + monitor.name() + " at " + monitor.address() + " is not in the quorum");
            }
        }
        down.report(checks, "monitors are not in the quorum", "start them, or see why they are not reached");
        waiting.report(
                checks,
                "monitors do not vote",
                "an even number would not survive more failures: a further monitor lets both vote");
    }

    private void osds(List<HealthCheck> checks, Clocks now) {
        OsdMap map = osdMaps.map();
        CrushAncestry ancestry = new CrushAncestry(map.state().crush());
        Trouble down = warning("OSD_DOWN");
        SortedMap<String, Boolean> hostIsDown = new TreeMap<>();
        for (OsdInfo osd : map.osds()) {
            String host = ancestry.host(osd.id());
            hostIsDown.merge(host, !osd.isUp(), Boolean::logicalAnd);
            if (!osd.isUp() && osd.isIn()) {
                down.add("osd." + osd.id() + " on " + host + " is down");
            }
        }
        down.report(checks, "osds are down", "start them; what is not coming back: roost osd out, later osd purge");
        Trouble hosts = warning("OSD_HOST_DOWN");
        hostIsDown.forEach((host, isDown) -> {
            if (isDown) {
                hosts.add("host " + host + " is down");
            }
        });
        hosts.report(checks, "hosts are down", "see whether the machine runs and is reached");
        Trouble flapping = warning("OSD_FLAPPING");
        osdMaps.lives().watch().flapping(now.monotonicMillis()).forEach(osd -> flapping.add("osd." + osd));
        flapping.report(
                checks,
                "osds are marked down again and again although they run",
                "look at their network, disks and load; they are let in again after "
                        + OsdWatch.MARK_DOWN_WINDOW_MILLIS / 60_000
                        + " minutes, or at once when they are started again");
        Trouble full = error("OSD_FULL");
        Trouble nearFull = warning("OSD_NEARFULL");
        osdMaps.stats().osds().forEach((osd, stat) -> {
            if (stat.usedPermille() >= map.state().fullRatios().fullPermille()) {
                full.add("osd." + osd + " is full");
            } else if (stat.usedPermille() >= map.state().fullRatios().nearFullPermille()) {
                nearFull.add("osd." + osd + " is " + stat.usedPermille() / 10 + " % full");
            }
        });
        full.report(checks, "osds are full: nothing is written", "add OSDs, or delete something");
        nearFull.report(checks, "osds are nearly full", "add OSDs, or delete something");
    }

    private void flags(List<HealthCheck> checks) {
        Trouble flags = warning("OSDMAP_FLAGS");
        for (OsdMapFlag flag : osdMaps.map().state().flags()) {
            if (flag == OsdMapFlag.FULL) {
                // The monitors' own; the OSDs that are full are reported.
                continue;
            }
            flags.add(flag.text() + " is set");
        }
        flags.report(checks, "flags are set", "when the reason is gone: roost osd unset");
    }

    private void pools(List<HealthCheck> checks) {
        OsdMap map = osdMaps.map();
        CrushAncestry ancestry = new CrushAncestry(map.state().crush());
        Set<String> hosts = new TreeSet<>();
        map.osds().stream().filter(OsdInfo::isIn).forEach(osd -> hosts.add(ancestry.host(osd.id())));
        Trouble single = warning("POOL_NO_REDUNDANCY");
        Trouble minSize = warning("POOL_MIN_SIZE");
        Trouble tooFew = warning("TOO_FEW_OSDS");
        for (Pool pool : map.pools()) {
            if (pool.size() == 1 && hosts.size() > 1) {
                single.add("pool " + pool.name() + " keeps one copy");
            }
            if (pool.size() > 1 && pool.minSize() == 1) {
                minSize.add("pool " + pool.name() + " serves with one copy of " + pool.size()
                        + (pool.flags().contains(Pool.Flag.MIN_SIZE_RISES) ? " until all is clean" : ""));
            }
            if (pool.size() > hosts.size()) {
                tooFew.add("pool " + pool.name() + " wants " + pool.size() + " hosts, there are " + hosts.size());
            }
        }
        single.report(checks, "pools are lost with one disk", "roost pool set NAME size 3");
        minSize.report(checks, "pools can lose writes with one disk", "it rises when all is clean; or set it to 2");
        tooFew.report(checks, "pools want more hosts than there are", "add hosts, or lower the size");
    }

    private void placementGroups(List<HealthCheck> checks, Clocks now) {
        SortedMap<PgId, PgStat> stats = osdMaps.stats().pgs();
        Trouble unavailable = error("PG_AVAILABILITY");
        Trouble unheard = warning("PG_AVAILABILITY");
        boolean isNew = osdMaps.stats().isNew(now.monotonicMillis());
        for (Pool pool : osdMaps.map().pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                PgId pg = new PgId(pool.id(), seed);
                PgStat stat = stats.get(pg);
                if (stat == null) {
                    (isNew ? unheard : unavailable).add("pg " + pg + " is unknown");
                } else if (!osdMaps.stats().isCurrent(pg, osdMaps.map())) {
                    unavailable.add("pg " + pg + " is stale, and was " + PgState.text(stat.states()));
                } else if (!stat.states().contains(PgState.ACTIVE)) {
                    unavailable.add("pg " + pg + " is " + PgState.text(stat.states()));
                }
            }
        }
        unavailable.report(checks, "pgs do not serve", "start the OSDs that are down; roost pg query PG says which");
        unheard.report(
                checks,
                "pgs were not reported yet to the monitor that leads now",
                "wait some seconds: their OSDs are about to");
        report(
                stats,
                warning("PG_DEGRADED"),
                stat -> stat.degraded() > 0
                        || stat.states().contains(PgState.DEGRADED)
                        || stat.states().contains(PgState.UNDERSIZED),
                checks,
                "pgs have fewer copies than they should",
                "it is repaired by itself when enough OSDs are up");
        report(
                stats,
                error("PG_DAMAGED"),
                stat -> stat.states().stream().anyMatch(DAMAGED::contains),
                checks,
                "pgs have entries that are damaged, lost, or differ between copies",
                "roost pg repair PG mends what one copy has whole; where none has: start the OSDs that are down, or write it"
                        + " anew and have it seen by roost pg deep-scrub PG");
        report(
                stats,
                error("OBJECT_UNFOUND"),
                stat -> stat.unfound() > 0,
                checks,
                "pgs have objects that no OSD that is up has",
                "start the OSDs that are down");
        report(
                stats,
                warning("OBJECT_MISPLACED"),
                stat -> stat.misplaced() > 0,
                checks,
                "pgs have copies elsewhere than they should be",
                "they are being moved");
        report(
                stats,
                warning("PG_BACKFILL_FULL"),
                stat -> stat.states().contains(PgState.BACKFILL_TOOFULL),
                checks,
                "pgs wait for space",
                "add OSDs, or delete something");
    }

    /** Ceph's mon_warn_pg_not_scrubbed_ratio and mon_warn_pg_not_deep_scrubbed_ratio say how late is too late. */
    private void scrubs(List<HealthCheck> checks, long wallMillis) {
        long lateMillis = OsdSetting.SCRUB_MAX_INTERVAL.in(configs.config()) * 1500;
        long lateDeepMillis = OsdSetting.DEEP_SCRUB_INTERVAL.in(configs.config()) * 1750;
        Trouble late = warning("PG_NOT_SCRUBBED");
        Trouble lateDeep = warning("PG_NOT_DEEP_SCRUBBED");
        osdMaps.stats().pgs().forEach((pg, stat) -> {
            ScrubHistory scrubs = stat.scrubs();
            if (scrubs.lastMillis() > 0 && wallMillis - scrubs.lastMillis() > lateMillis) {
                late.add("pg " + pg + " not compared since " + Instant.ofEpochMilli(scrubs.lastMillis()));
            }
            if (scrubs.lastDeepMillis() > 0 && wallMillis - scrubs.lastDeepMillis() > lateDeepMillis) {
                lateDeep.add("pg " + pg + " not read in full since " + Instant.ofEpochMilli(scrubs.lastDeepMillis()));
            }
        });
        String remedy = "see whether a flag keeps them from it, or a recovery that does not end; roost pg ";
        late.report(checks, "pgs not scrubbed in time", remedy + "scrub PG does it now");
        lateDeep.report(checks, "pgs not deep-scrubbed in time", remedy + "deep-scrub PG does it now");
    }

    private static void report(
            Map<PgId, PgStat> stats,
            Trouble trouble,
            Predicate<PgStat> isMeant,
            List<HealthCheck> checks,
            String summary,
            String remedy) {
        stats.forEach((pg, stat) -> {
            if (isMeant.test(stat)) {
                trouble.add("pg " + pg + " is " + PgState.text(stat.states()) + "; " + stat.degraded() + " degraded, "
                        + stat.misplaced() + " misplaced, " + stat.unfound() + " unfound");
            }
        });
        trouble.report(checks, summary, remedy);
    }
}
