package io.roost.cluster.mon;

import io.roost.cluster.crush.CrushAncestry;
import io.roost.cluster.crush.CrushBucket;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdSetting;
import io.roost.cluster.message.MonMessage;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Which OSDs are up and in: what they say of themselves and of each other, and what follows when they say nothing
 * (Ceph's OSDMonitor). Every life of an OSD is up once, between two epochs of its own.
 */
final class OsdLives {
    /** An OSD that others do not hear for so long is down: longer than a garbage collection, shorter than patience. */
    static final long GRACE_MILLIS = 6_000;
    /** An OSD that says nothing to the monitors for so long is down, whatever others hear of it. */
    static final long BEACON_TIMEOUT_MILLIS = 30_000;

    /** A leader that has not looked at the time for so much too long was stopped itself, and has heard nobody meanwhile. */
    private static final long GAP_MILLIS = 1_000;

    /** With fewer OSDs up than this nobody is marked down: it is the monitors' own network that is wrong. */
    private static final int MIN_UP_PERMILLE = 300;
    /** With fewer OSDs in than this nobody is marked out: the others could not take the data. */
    private static final int MIN_IN_PERMILLE = 750;
    /** What is down as a whole, by one cause, will come back as a whole. */
    private static final String NEVER_OUT_AS_A_WHOLE = "rack";

    private final OsdMapService service;
    private final OsdRecords records;
    private final ConfigService configs;
    private final ClusterLog log;
    private final FailureReports reports = new FailureReports();
    private final OsdWatch watch = new OsdWatch();
    private long tickedMillis;

    OsdLives(OsdMapService service, OsdRecords records, ConfigService configs, ClusterLog log) {
        this.service = service;
        this.records = records;
        this.configs = configs;
        this.log = log;
    }

    OsdWatch watch() {
        return watch;
    }

    Prepared prepare(MonMessage.ToMonitor message, Clocks now) {
        if (message instanceof MonMessage.OsdBoot boot) {
            return boot(boot, now);
        } else if (message instanceof MonMessage.OsdAlive alive) {
            return alive(alive, now);
        } else if (message instanceof MonMessage.OsdStopping stopping) {
            return stopping(stopping, now);
        } else if (message instanceof MonMessage.OsdBeacon beacon) {
            if (service.pendingMap().isUp(beacon.osd())) {
                watch.onHeard(beacon.osd(), now.monotonicMillis());
                service.onBeacon(beacon.osd(), beacon.minLastEpochClean());
            }
            return Prepared.answered();
        } else if (message instanceof MonMessage.OsdFailure failure) {
            return failure(failure, now);
        } else if (message instanceof MonMessage.OsdStillAlive alive) {
            reports.onStillAlive(alive);
            return Prepared.answered();
        }
        return Prepared.notMine();
    }

    /** This monitor begins to lead. */
    void onTerm(Clocks now) {
        reports.clear();
        watch.begin(now.monotonicMillis());
        tickedMillis = now.monotonicMillis();
    }

    /** The OSD exists no more. */
    void forget(int osd) {
        reports.forget(osd);
        watch.forget(osd);
        records.forget(osd);
    }

    /** An OSD that is out gets a weight when it comes up next; 0 for none. */
    void inWhenUp(int osd, int weight) {
        records.put(osd, new OsdRecords.OsdRecord(records.of(osd).nonce(), weight));
    }

    /** True when it gets a weight when it comes up next. */
    boolean isInWhenUp(int osd) {
        return records.of(osd).inWeight() > 0;
    }

    // ---- boots ----

    private Prepared boot(MonMessage.OsdBoot boot, Clocks now) {
        OsdMap map = service.pendingMap();
        OsdInfo osd = map.osd(boot.osd());
        if (osd != null && osd.clusterAddress().equals(boot.clusterAddress())) {
            // Sent again. Where this life has ended, the OSD will see it, and begin another.
            return Prepared.answered();
        }
        Optional<String> refusal = refusal(boot, osd, map);
        if (refusal.isPresent()) {
            return Prepared.answered(new MonMessage.OsdBootRefused(
                    boot.osd(), refusal.get(), boot.clusterAddress().nonce()));
        }
        if (map.isSet(OsdMapFlag.NOUP)
                || map.state().blocklist().containsKey(boot.clusterAddress().nonce())) {
            // It tries again, until it may.
            return Prepared.answered();
        }
        if (isFlapping(boot, now)) {
            watch.onMadeToWait(boot.osd(), now.monotonicMillis());
            return Prepared.answered();
        }
        if (osd.isUp()) {
            // The map still shows an earlier life up; its end must be an epoch of its own, so that every placement
            // group sees a new interval.
            service.change(new OsdMapChange.PutOsd(osd.down(service.pendingEpoch())), now);
            return Prepared.again();
        }
        if (osd.downAt() == service.pendingEpoch()) {
            return Prepared.again();
        }
        up(boot, osd, now);
        return Prepared.pending();
    }

    private Optional<String> refusal(MonMessage.OsdBoot boot, OsdInfo osd, OsdMap map) {
        if (osd == null) {
            return Optional.of("osd." + boot.osd() + " does not exist");
        }
        if (!osd.uuid().equals(OsdInfo.NO_UUID) && !osd.uuid().equals(boot.uuid())) {
            return isReplaced(osd, boot)
                    ? Optional.empty()
                    : Optional.of("osd." + boot.osd() + " has store " + osd.uuid() + ", not " + boot.uuid()
                            + "; a new, empty one takes its place after `osd lost`");
        }
        if (boot.newestEpoch() > map.epoch()) {
            return Optional.of("the store knows epoch " + boot.newestEpoch() + ", the monitors only " + map.epoch()
                    + ": it belongs to another cluster, or the monitors lost data");
        }
        long accepted = records.of(boot.osd()).nonce();
        if (accepted != 0 && !boot.knownNonces().contains(accepted)) {
            return Optional.of("the store does not know of boot " + accepted
                    + ", which was accepted: it was set back to an older state, or a copy of it is running");
        }
        if (boot.newestEpoch() < osd.upThru()) {
            return Optional.of("the store knows epoch " + boot.newestEpoch() + ", but served in epoch " + osd.upThru()
                    + ": it was set back to an older state");
        }
        return Optional.empty();
    }

    /** True when the process runs, and the OSD was marked down too often: a new process may try at once. */
    private boolean isFlapping(MonMessage.OsdBoot boot, Clocks now) {
        return boot.cause() == MonMessage.BootCause.WRONGLY_DOWN && watch.isFlapping(boot.osd(), now.monotonicMillis());
    }

    /** What the OSD had is declared lost, all of it, and this store has never served: nothing is taken for what it is not. */
    private static boolean isReplaced(OsdInfo osd, MonMessage.OsdBoot boot) {
        return !osd.isUp() && osd.lostAt() > 0 && osd.lostAt() == osd.downAt() && boot.newestEpoch() == 0;
    }

    private void up(MonMessage.OsdBoot boot, OsdInfo osd, Clocks now) {
        OsdRecords.OsdRecord record = records.of(osd.id());
        boolean returns = record.inWeight() > 0
                && osd.weight() == 0
                && !service.pendingMap().isSet(OsdMapFlag.NOIN);
        OsdInfo up = osd.up(
                service.pendingEpoch(), boot.uuid(), boot.publicAddress(), boot.clusterAddress(), boot.features());
        service.change(new OsdMapChange.PutOsd(returns ? up.withWeight(record.inWeight()) : up), now);
        long own = boot.clusterAddress().nonce();
        long nonce = boot.knownNonces().contains(own) ? own : 0;
        records.put(osd.id(), new OsdRecords.OsdRecord(nonce, returns ? 0 : record.inWeight()));
        if (boot.cause() == MonMessage.BootCause.WRONGLY_DOWN) {
            watch.onWronglyDown(osd.id(), now.monotonicMillis());
        } else {
            watch.onStarted(osd.id(), now.monotonicMillis());
        }
        watch.onUp(osd.id(), now.monotonicMillis());
        reports.forget(osd.id());
        log.info("osd." + osd.id() + " is up" + (returns ? " and in" : ""));
    }

    private Prepared alive(MonMessage.OsdAlive alive, Clocks now) {
        OsdInfo osd = service.pendingMap().osd(alive.osd());
        boolean current = osd != null && osd.isUp() && osd.clusterAddress().equals(alive.clusterAddress());
        if (!current
                || osd.upThru() >= alive.wantedUpThru()
                || alive.wantedUpThru() > service.map().epoch()) {
            return Prepared.answered();
        }
        service.change(new OsdMapChange.PutOsd(osd.withUpThru(alive.wantedUpThru())), now);
        return Prepared.pending();
    }

    // ---- ends ----

    private Prepared stopping(MonMessage.OsdStopping stopping, Clocks now) {
        OsdInfo osd = service.pendingMap().osd(stopping.osd());
        boolean current = osd != null && osd.isUp() && osd.clusterAddress().equals(stopping.clusterAddress());
        if (!current || service.pendingMap().isSet(OsdMapFlag.NODOWN)) {
            return Prepared.answered();
        }
        service.change(new OsdMapChange.PutOsd(osd.down(service.pendingEpoch())), now);
        reports.forget(osd.id());
        log.info("osd." + osd.id() + " is down: it stops");
        return Prepared.pending();
    }

    private Prepared failure(MonMessage.OsdFailure failure, Clocks now) {
        OsdInfo target = service.pendingMap().osd(failure.target());
        if (target == null
                || !target.isUp()
                || !target.clusterAddress().equals(failure.targetClusterAddress())
                || !service.pendingMap().isUp(failure.reporter())
                || failure.reporter() == failure.target()) {
            return Prepared.answered();
        }
        reports.onFailure(failure, now.monotonicMillis());
        return endIfFailed(target, now) ? Prepared.pending() : Prepared.answered();
    }

    private boolean endIfFailed(OsdInfo target, Clocks now) {
        long graceMillis = GRACE_MILLIS + watch.extraGraceMillis(target.id(), now.monotonicMillis());
        return reports.failure(target, service.pendingMap(), graceMillis, now.monotonicMillis())
                .filter(failure -> markDown(target, failure, now))
                .isPresent();
    }

    /** Marks down an OSD that has not asked for it, if that is allowed. */
    private boolean markDown(OsdInfo osd, FailureReports.Failure failure, Clocks now) {
        OsdMap map = service.pendingMap();
        if (map.isSet(OsdMapFlag.NODOWN) || permille(map, other -> other.isUp() ? 1 : 0) < MIN_UP_PERMILLE) {
            return false;
        }
        int epoch = service.pendingEpoch();
        service.change(new OsdMapChange.PutOsd(failure.isGone() ? osd.gone(epoch) : osd.down(epoch)), now);
        watch.onMarkedDown(osd.id(), now.monotonicMillis());
        reports.forget(osd.id());
        log.warn("osd." + osd.id() + " is marked down: " + failure.reason());
        return true;
    }

    /** A life has ended by an administrator's hand. */
    void onEndedByHand(int osd) {
        reports.forget(osd);
    }

    private static long permille(OsdMap map, ToLongFunction<OsdInfo> counted) {
        return map.osds().stream().mapToLong(counted).sum() * 1000 / map.osds().size();
    }

    // ---- time ----

    /** {@link Monitor#TICK_MILLIS} have passed, or more. */
    void onTick(Clocks now) {
        long gapMillis = now.monotonicMillis() - tickedMillis - Monitor.TICK_MILLIS;
        tickedMillis = now.monotonicMillis();
        if (gapMillis > GAP_MILLIS) {
            // What others have said meanwhile is still on its way here.
            watch.onGap(gapMillis);
            reports.onGap(gapMillis);
        }
        long outMillis = OsdSetting.DOWN_OUT_INTERVAL.in(configs.config()) * 1000;
        for (OsdInfo osd : List.copyOf(service.pendingMap().osds())) {
            if (!osd.isUp()) {
                outIfLongDown(osd, outMillis, now);
            } else if (watch.silenceMillis(osd.id(), now.monotonicMillis()) >= BEACON_TIMEOUT_MILLIS) {
                markDown(osd, new FailureReports.Failure("it says nothing", false), now);
            } else if (reports.targets().contains(osd.id())) {
                endIfFailed(osd, now);
            }
        }
    }

    private void outIfLongDown(OsdInfo osd, long outMillis, Clocks now) {
        OsdMap map = service.pendingMap();
        if (watch.downMillis(osd.id(), now.monotonicMillis()) < outMillis
                || !osd.isIn()
                || map.isSet(OsdMapFlag.NOOUT)
                || permille(map, other -> other.isIn() && other.id() != osd.id() ? 1 : 0) < MIN_IN_PERMILLE) {
            return;
        }
        CrushAncestry ancestry = new CrushAncestry(map.state().crush());
        Optional<CrushBucket> whole = ancestry.above(osd.id(), NEVER_OUT_AS_A_WHOLE);
        if (whole.isPresent() && ancestry.devices(whole.get()).stream().noneMatch(map::isUp)) {
            return;
        }
        service.change(new OsdMapChange.PutOsd(osd.withWeight(0)), now);
        inWhenUp(osd.id(), osd.weight());
        log.warn("osd." + osd.id() + " is marked out: it is down for " + outMillis / 1000 + " s");
    }
}
