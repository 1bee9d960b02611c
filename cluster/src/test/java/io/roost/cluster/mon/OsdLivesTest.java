package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdSetting;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.LogLine;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which OSDs are up and in: three hosts h0, h1, h2 with one OSD each, unless said otherwise. */
class OsdLivesTest {
    private static final long OUT_MILLIS = OsdSetting.DOWN_OUT_INTERVAL.fallback() * 1000;

    private final MonitorFixture mon = new MonitorFixture(new MapMonStore());
    private final TreeMap<Integer, Long> lives = new TreeMap<>();
    private final TreeMap<Integer, TreeSet<Long>> known = new TreeMap<>();

    private void hosts(int count) {
        mon.hosts(count);
        for (int osd = 0; osd < count; osd++) {
            boot(osd, MonMessage.BootCause.STARTED);
        }
        for (int osd = 0; osd < count; osd++) {
            assertThat(isUp(osd)).isTrue();
        }
        mon.recovered();
        mon.pass(1_000);
    }

    /** The next life of a store that knows all before. */
    private List<MonMessage.FromMonitor> boot(int osd, MonMessage.BootCause cause) {
        NodeAddress address = address(osd, lives.merge(osd, 1L, Long::sum));
        TreeSet<Long> nonces = known.computeIfAbsent(osd, o -> new TreeSet<>());
        nonces.add(address.nonce());
        return boot(osd, address, nonces, mon.monitor.osdMap().epoch(), cause);
    }

    private List<MonMessage.FromMonitor> boot(
            int osd, NodeAddress address, SortedSet<Long> nonces, int newestEpoch, MonMessage.BootCause cause) {
        return mon.atOnce(
                osd,
                new MonMessage.OsdBoot(
                        osd, new UUID(3, 4 + osd), address, address, newestEpoch, new TreeMap<>(), nonces, cause));
    }

    private static NodeAddress address(int osd, long life) {
        return new NodeAddress("10.0.1." + osd, 9441, 100 * life + osd);
    }

    private boolean isUp(int osd) {
        return mon.monitor.osdMap().isUp(osd);
    }

    private OsdInfo osd(int id) {
        return mon.monitor.osdMap().osd(id);
    }

    private void report(int reporter, int target, long failedForMillis) {
        report(reporter, target, failedForMillis, MonMessage.Evidence.SILENCE);
    }

    private void report(int reporter, int target, long failedForMillis, MonMessage.Evidence evidence) {
        mon.atOnce(
                reporter,
                new MonMessage.OsdFailure(
                        reporter, target, osd(target).clusterAddress(), failedForMillis, evidence, 1));
    }

    private void beacons(int... osds) {
        for (int osd : osds) {
            mon.atOnce(osd, new MonMessage.OsdBeacon(osd, 1, 0));
        }
    }

    private void pass(long millis, int... alive) {
        for (long left = millis; left > 0; left -= 5000) {
            mon.pass(Math.min(5000, left));
            beacons(alive);
        }
    }

    // ---- failure reports ----

    @Test
    void oneHostIsNotBelievedWhereTwoCouldSay() {
        hosts(3);
        report(0, 2, 20_000);
        pass(10_000, 0, 1, 2);
        assertThat(isUp(2)).isTrue();
        report(0, 2, 30_000);
        report(1, 2, 20_000);
        assertThat(isUp(2)).isFalse();
    }

    /** The three-host trap: when one of three hosts is gone, only one is left to report the next. */
    @Test
    void lastHostButOneIsBelievedAlone() {
        hosts(3);
        report(0, 2, 20_000);
        report(1, 2, 20_000);
        assertThat(isUp(2)).isFalse();
        report(0, 1, 7_000);
        assertThat(isUp(1)).isFalse();
        assertThat(isUp(0)).isTrue();
    }

    @Test
    void ownHostDoesNotCountWhileAnotherIsUp() {
        hosts(4);
        mon.command(new MonCommand.EditCrush(new CrushEdit.Move("osd.3", "h2")));
        report(0, 2, 20_000);
        report(3, 2, 20_000);
        assertThat(isUp(2)).as("h0 and its own host say so").isTrue();
        report(1, 2, 20_000);
        assertThat(isUp(2)).isFalse();
    }

    @Test
    void graceCountsFromWhoHeardItLast() {
        hosts(3);
        report(0, 2, 60_000);
        report(1, 2, 0);
        mon.pass(4_000);
        assertThat(isUp(2)).isTrue();
        mon.pass(2_000);
        assertThat(isUp(2)).isFalse();
    }

    /** S13: two do not hear each other, and everybody else hears both. All that they serve together would wait for ever. */
    @Test
    void ofTwoThatDoNotHearEachOtherOneGoesDown() {
        hosts(3);
        report(0, 1, 6_100);
        report(1, 0, 6_100);
        assertThat(isUp(0) && isUp(1)).as("a third may say which of them it is").isTrue();
        pass(2_000, 0, 1, 2);
        assertThat(isUp(0)).isTrue();
        assertThat(isUp(1)).isFalse();
    }

    /** A third one says so in time: then it is not the one that nobody hears who decides. */
    @Test
    void ofTwoThatDoNotHearEachOtherTheOneThatAThirdDoesNotHearGoesDown() {
        hosts(3);
        report(0, 1, 6_100);
        report(1, 0, 6_100);
        report(2, 0, 5_000);
        pass(2_000, 0, 1, 2);
        assertThat(isUp(0)).isFalse();
        assertThat(isUp(1)).isTrue();
    }

    @Test
    void whoIsNotReportedBackDoesNotGoDownByOneReport() {
        hosts(3);
        report(0, 1, 6_100);
        report(1, 0, 6_100);
        mon.atOnce(1, new MonMessage.OsdStillAlive(1, 0, osd(0).clusterAddress(), 1));
        pass(10_000, 0, 1, 2);
        assertThat(isUp(0) && isUp(1)).isTrue();
    }

    @Test
    void refusedConnectionIsBelievedFromOne() {
        hosts(3);
        report(0, 2, 0, MonMessage.Evidence.REFUSED);
        assertThat(isUp(2)).isFalse();
        assertThat(osd(2).isGone()).isTrue();
        boot(2, MonMessage.BootCause.STARTED);
        report(0, 2, 20_000);
        report(1, 2, 20_000);
        assertThat(isUp(2)).isFalse();
        assertThat(osd(2).isGone()).as("it is silent, and may be reading").isFalse();
    }

    @Test
    void reportOfAnotherLifeIsNoReport() {
        hosts(3);
        NodeAddress before = osd(2).clusterAddress();
        boot(2, MonMessage.BootCause.STARTED);
        mon.atOnce(0, new MonMessage.OsdFailure(0, 2, before, 9_000, MonMessage.Evidence.REFUSED, 1));
        assertThat(isUp(2)).isTrue();
    }

    @Test
    void withdrawnReportCountsNoMore() {
        hosts(3);
        report(0, 2, 5_000);
        mon.atOnce(0, new MonMessage.OsdStillAlive(0, 2, osd(2).clusterAddress(), 1));
        report(1, 2, 20_000);
        pass(10_000, 0, 1, 2);
        assertThat(isUp(2)).isTrue();
    }

    @Test
    void reportThatIsNotRepeatedCountsNoMore() {
        hosts(3);
        report(0, 2, 20_000);
        pass(FailureReports.KEPT_MILLIS + 5_000, 0, 1, 2);
        report(1, 2, 20_000);
        assertThat(isUp(2)).isTrue();
    }

    @Test
    void reportOfWhoIsDownItselfCountsNoMore() {
        hosts(3);
        report(0, 1, 20_000);
        mon.atOnce(0, new MonMessage.OsdStopping(0, osd(0).clusterAddress()));
        // One host is left beside the target's.
        mon.pass(1_000);
        assertThat(isUp(1)).isTrue();
    }

    @Test
    void graceGrowsForWhoWasWronglyDown() {
        hosts(3);
        report(0, 2, 7_000);
        report(1, 2, 7_000);
        assertThat(isUp(2)).isFalse();
        pass(100_000, 0, 1);
        boot(2, MonMessage.BootCause.WRONGLY_DOWN);
        report(0, 2, 7_000);
        report(1, 2, 7_000);
        assertThat(isUp(2)).as("0.3 times 30 s more").isTrue();
        report(0, 2, 20_000);
        report(1, 2, 20_000);
        assertThat(isUp(2)).isFalse();
    }

    // ---- silence ----

    @Test
    void whoSaysNothingToTheMonitorsIsDown() {
        hosts(3);
        pass(25_000, 0, 1);
        assertThat(isUp(2)).isTrue();
        pass(10_000, 0, 1);
        assertThat(isUp(2)).isFalse();
        assertThat(isUp(0)).isTrue();
    }

    @Test
    void monitorThatWasStoppedDoesNotTakeItsOwnSilenceForOthers() {
        hosts(3);
        pass(10_000, 0, 1, 2);
        mon.nowMillis += 120_000;
        mon.pass(5_000);
        assertThat(isUp(0) && isUp(1) && isUp(2)).isTrue();
        pass(60_000, 0, 1, 2);
        assertThat(isUp(0) && isUp(1) && isUp(2)).isTrue();
    }

    @Test
    void nobodyIsMarkedDownWhenFewAreUp() {
        hosts(4);
        for (int osd = 1; osd < 4; osd++) {
            mon.atOnce(osd, new MonMessage.OsdStopping(osd, osd(osd).clusterAddress()));
        }
        pass(60_000);
        assertThat(isUp(0)).as("one of four is fewer than 0.3").isTrue();
    }

    @Test
    void nodownKeepsThemUp() {
        hosts(3);
        mon.command(new MonCommand.SetFlag(OsdMapFlag.NODOWN, MonCommand.Switch.ON));
        report(0, 2, 20_000, MonMessage.Evidence.REFUSED);
        pass(60_000);
        mon.atOnce(1, new MonMessage.OsdStopping(1, osd(1).clusterAddress()));
        assertThat(isUp(0) && isUp(1) && isUp(2)).isTrue();
        mon.command(new MonCommand.SetFlag(OsdMapFlag.NODOWN, MonCommand.Switch.OFF));
        pass(5_000, 1);
        assertThat(isUp(2)).isFalse();
    }

    // ---- out ----

    @Test
    void whoIsDownForLongIsOutAndComesBackIn() {
        hosts(4);
        mon.atOnce(3, new MonMessage.OsdStopping(3, osd(3).clusterAddress()));
        pass(OUT_MILLIS - 10_000, 0, 1, 2);
        assertThat(osd(3).isIn()).isTrue();
        pass(15_000, 0, 1, 2);
        assertThat(osd(3).isIn()).isFalse();
        boot(3, MonMessage.BootCause.STARTED);
        assertThat(osd(3).weight()).isEqualTo(0x10000);
    }

    @Test
    void howLongIsASetting() {
        hosts(4);
        String setting = OsdSetting.DOWN_OUT_INTERVAL.text();
        mon.command(new MonCommand.SetSetting("mon", setting, Optional.of("20")));
        mon.atOnce(3, new MonMessage.OsdStopping(3, osd(3).clusterAddress()));
        pass(15_000, 0, 1, 2);
        assertThat(osd(3).isIn()).isTrue();
        mon.command(new MonCommand.SetSetting("mon", setting, Optional.of("soon")));
        pass(15_000, 0, 1, 2);
        assertThat(osd(3).isIn()).as("what is no value is not followed").isTrue();
        mon.command(new MonCommand.SetSetting("mon", setting, Optional.of("20")));
        pass(2_000, 0, 1, 2);
        assertThat(osd(3).isIn()).isFalse();
    }

    @Test
    void whoWasTakenOutByHandStaysOut() {
        hosts(4);
        mon.command(new MonCommand.SetOsdWeight(3, 0));
        boot(3, MonMessage.BootCause.STARTED);
        assertThat(isUp(3)).isTrue();
        assertThat(osd(3).isIn()).isFalse();
    }

    @Test
    void ofThreeNoneIsOutByItself() {
        hosts(3);
        mon.atOnce(2, new MonMessage.OsdStopping(2, osd(2).clusterAddress()));
        pass(OUT_MILLIS + 60_000, 0, 1);
        assertThat(osd(2).isIn()).as("0.67 would be left, 0.75 must be").isTrue();
    }

    @Test
    void nooutKeepsThemIn() {
        hosts(4);
        mon.command(new MonCommand.SetFlag(OsdMapFlag.NOOUT, MonCommand.Switch.ON));
        mon.atOnce(3, new MonMessage.OsdStopping(3, osd(3).clusterAddress()));
        pass(OUT_MILLIS + 60_000, 0, 1, 2);
        assertThat(osd(3).isIn()).isTrue();
    }

    // ---- boots ----

    /** S22: the image of an old disk is brought back; it has never been a primary, so up_thru tells nothing. */
    @Test
    void storeThatWasSetBackIsRefusedHoweverOftenItTries() {
        hosts(3);
        TreeSet<Long> image = new TreeSet<>(known.get(2));
        boot(2, MonMessage.BootCause.STARTED);
        int epoch = mon.monitor.osdMap().epoch();
        for (long life = 70; life < 75; life++) {
            NodeAddress address = address(2, life);
            image.add(address.nonce());
            assertThat(boot(2, address, image, epoch, MonMessage.BootCause.STARTED))
                    .singleElement()
                    .isInstanceOfSatisfying(MonMessage.OsdBootRefused.class, refused -> {
                        assertThat(refused.reason()).contains("set back");
                        assertThat(refused.nonce()).isEqualTo(address.nonce());
                    });
        }
        assertThat(mon.monitor.osdMap().epoch()).isEqualTo(epoch);
        boot(2, MonMessage.BootCause.STARTED);
        assertThat(osd(2).clusterAddress()).as("the right disk").isEqualTo(address(2, lives.get(2)));
    }

    /** A disk was wiped or replaced: nobody takes its empty store for the one that has had data. */
    @Test
    void newStoreIsRefusedUntilTheOldOneIsDeclaredLost() {
        hosts(3);
        report(0, 2, 0, MonMessage.Evidence.REFUSED);
        assertThat(isUp(2)).isFalse();
        UUID store = new UUID(5, 5);
        assertThat(newStore(store, 900, 0))
                .singleElement()
                .isInstanceOfSatisfying(
                        MonMessage.OsdBootRefused.class,
                        refused -> assertThat(refused.reason()).contains("has store", "osd lost"));
        mon.command(new MonCommand.DeclareOsdLost(2));
        assertThat(newStore(store, 901, 3))
                .as("it has served somewhere")
                .hasOnlyElementsOfType(MonMessage.OsdBootRefused.class)
                .hasSize(1);
        assertThat(newStore(store, 902, 0)).isEmpty();
        assertThat(isUp(2)).isTrue();
        assertThat(osd(2).uuid()).isEqualTo(store);
        assertThat(osd(2).lostAt()).isEqualTo(osd(2).downAt());
    }

    @Test
    void storeThatWasDeclaredLostIsRefusedOnceANewOneHasTakenItsPlace() {
        hosts(3);
        report(0, 2, 0, MonMessage.Evidence.REFUSED);
        mon.command(new MonCommand.DeclareOsdLost(2));
        assertThat(newStore(new UUID(5, 5), 900, 0)).isEmpty();
        report(0, 2, 0, MonMessage.Evidence.REFUSED);
        assertThat(isUp(2)).isFalse();
        assertThat(boot(2, MonMessage.BootCause.STARTED))
                .as("the old store")
                .hasOnlyElementsOfType(MonMessage.OsdBootRefused.class)
                .hasSize(1);
        assertThat(newStore(new UUID(6, 6), 901, 0))
                .as("yet another one")
                .hasOnlyElementsOfType(MonMessage.OsdBootRefused.class)
                .hasSize(1);
    }

    /** Somebody was wrong: the data is there all the same. */
    @Test
    void storeThatWasDeclaredLostMayComeBack() {
        hosts(3);
        report(0, 2, 0, MonMessage.Evidence.REFUSED);
        mon.command(new MonCommand.DeclareOsdLost(2));
        assertThat(boot(2, MonMessage.BootCause.STARTED)).isEmpty();
        assertThat(isUp(2)).isTrue();
    }

    private List<MonMessage.FromMonitor> newStore(UUID store, long nonce, int newestEpoch) {
        NodeAddress address = new NodeAddress("10.0.1.2", 9441, nonce);
        return mon.atOnce(
                2,
                new MonMessage.OsdBoot(
                        2,
                        store,
                        address,
                        address,
                        newestEpoch,
                        new TreeMap<>(),
                        new TreeSet<>(List.of(nonce)),
                        MonMessage.BootCause.STARTED));
    }

    @Test
    void storeThatDiedBeforeItSawItselfUpIsAccepted() {
        hosts(3);
        // Three boots of which it never hears whether they were accepted; one was.
        boot(2, MonMessage.BootCause.STARTED);
        known.get(2).add(address(2, 80).nonce());
        known.get(2).add(address(2, 81).nonce());
        assertThat(boot(2, MonMessage.BootCause.STARTED)).isEmpty();
        assertThat(isUp(2)).isTrue();
    }

    @Test
    void bootThatWasUnderWayForLongDoesNotEndTheNextLife() {
        hosts(3);
        NodeAddress before = osd(2).clusterAddress();
        TreeSet<Long> knownBefore = new TreeSet<>(known.get(2));
        mon.atOnce(2, new MonMessage.OsdStopping(2, before));
        boot(2, before, knownBefore, 1, MonMessage.BootCause.STARTED);
        assertThat(isUp(2)).as("its life has ended").isFalse();
        boot(2, MonMessage.BootCause.STARTED);
        NodeAddress now = osd(2).clusterAddress();
        boot(2, before, knownBefore, 1, MonMessage.BootCause.STARTED);
        assertThat(osd(2).clusterAddress()).isEqualTo(now).isNotEqualTo(before);
        assertThat(isUp(2)).isTrue();
    }

    @Test
    void acceptedBootIsKnownToTheNextMonitor() {
        hosts(3);
        TreeSet<Long> image = new TreeSet<>(known.get(2));
        boot(2, MonMessage.BootCause.STARTED);
        mon.open();
        NodeAddress stranger = address(2, 99);
        image.add(stranger.nonce());
        assertThat(boot(2, stranger, image, 1, MonMessage.BootCause.STARTED))
                .hasOnlyElementsOfType(MonMessage.OsdBootRefused.class)
                .hasSize(1);
    }

    @Test
    void noupIsWaitedFor() {
        hosts(3);
        mon.atOnce(2, new MonMessage.OsdStopping(2, osd(2).clusterAddress()));
        mon.command(new MonCommand.SetFlag(OsdMapFlag.NOUP, MonCommand.Switch.ON));
        assertThat(boot(2, MonMessage.BootCause.STARTED)).isEmpty();
        assertThat(isUp(2)).isFalse();
        mon.command(new MonCommand.SetFlag(OsdMapFlag.NOUP, MonCommand.Switch.OFF));
        boot(2, MonMessage.BootCause.STARTED);
        assertThat(isUp(2)).isTrue();
    }

    /** S12. */
    @Test
    void whoIsMarkedDownAgainAndAgainAlthoughItRunsWaits() {
        flap();
        pass(OsdWatch.MARK_DOWN_WINDOW_MILLIS - 2_000, 0, 1);
        boot(2, MonMessage.BootCause.WRONGLY_DOWN);
        assertThat(isUp(2)).isFalse();
        pass(3_000, 0, 1);
        boot(2, MonMessage.BootCause.WRONGLY_DOWN);
        assertThat(isUp(2)).isTrue();
        assertThat(mon.health()).noneMatch(check -> check.code().equals("OSD_FLAPPING"));
    }

    private void flap() {
        hosts(3);
        for (int i = 0; i <= OsdWatch.MAX_MARK_DOWNS; i++) {
            assertThat(isUp(2)).isTrue();
            report(0, 2, 0, MonMessage.Evidence.REFUSED);
            assertThat(boot(2, MonMessage.BootCause.WRONGLY_DOWN)).isEmpty();
        }
        assertThat(isUp(2)).isFalse();
        assertThat(mon.health()).anyMatch(check -> check.code().equals("OSD_FLAPPING"));
    }

    @Test
    void whoIsStartedAgainNeedNotWait() {
        flap();
        boot(2, MonMessage.BootCause.STARTED);
        assertThat(isUp(2)).as("somebody has looked at it").isTrue();
    }

    @Test
    void processThatIsKilledOftenIsNotFlapping() {
        hosts(3);
        for (int i = 0; i < 10; i++) {
            report(0, 2, 0, MonMessage.Evidence.REFUSED);
            boot(2, MonMessage.BootCause.STARTED);
            assertThat(isUp(2)).isTrue();
        }
    }

    // ---- who is new ----

    /** What placement gave to it before, nobody would serve. */
    @Test
    void whoIsNewIsOutUntilItIsUp() {
        mon.hosts(2);
        boot(0, MonMessage.BootCause.STARTED);
        assertThat(osd(1).isIn()).isFalse();
        assertThat(everyPg()).allMatch(pg -> mon.monitor.osdMap().acting(pg).equals(List.of(0)));
        boot(1, MonMessage.BootCause.STARTED);
        assertThat(osd(1).weight()).isEqualTo(CrushItem.ONE);
    }

    @Test
    void whoIsNewStaysOutWhenAnAdministratorSaysSo() {
        mon.hosts(2);
        boot(0, MonMessage.BootCause.STARTED);
        assertThat(mon.command(new MonCommand.SetOsdWeight(1, 0)).outcome()).isEqualTo(MonCommand.Outcome.DONE);
        boot(1, MonMessage.BootCause.STARTED);
        assertThat(isUp(1)).isTrue();
        assertThat(osd(1).isIn()).isFalse();
    }

    private List<PgId> everyPg() {
        List<PgId> all = new ArrayList<>();
        for (Pool pool : mon.monitor.osdMap().pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                all.add(new PgId(pool.id(), seed));
            }
        }
        return all;
    }

    // ---- pg_temp ----

    /** Those who have the data go on while it is moved: nobody who has nothing leads meanwhile. */
    @Test
    void whoHasTheDataActsUntilPlacementHasIt() {
        mon.hosts(2);
        boot(0, MonMessage.BootCause.STARTED);
        boot(1, MonMessage.BootCause.STARTED);
        assertThat(everyPg()).anyMatch(pg -> mon.monitor.osdMap().up(pg).equals(List.of(1)));
        assertThat(everyPg()).allMatch(pg -> mon.monitor.osdMap().acting(pg).equals(List.of(0)));
        mon.recovered();
        assertThat(everyPg())
                .allMatch(pg -> mon.monitor
                        .osdMap()
                        .acting(pg)
                        .equals(mon.monitor.osdMap().up(pg)));
        mon.command(new MonCommand.SetPoolSize("data", 2));
        assertThat(everyPg())
                .filteredOn(pg -> pg.pool() == 2)
                .allMatch(pg -> mon.monitor.osdMap().up(pg).size() == 2)
                .allMatch(pg -> mon.monitor.osdMap().acting(pg).size() == 1);
    }

    /** One that ends and comes again has all but the last: it is faster brought up to date than left out. */
    @Test
    void whoComesAgainActsAtOnce() {
        hosts(3);
        mon.atOnce(2, new MonMessage.OsdStopping(2, osd(2).clusterAddress()));
        boot(2, MonMessage.BootCause.STARTED);
        assertThat(mon.monitor.osdMap().state().pgTemp()).isEmpty();
    }

    @Test
    void actingSetIsAsAskedForUntilItIsOfNoUse() {
        hosts(3);
        PgId pg = new PgId(2, 7);
        int primary = mon.monitor.osdMap().primary(pg);
        int other = (primary + 1) % 3;
        temp(other, pg, List.of(other));
        assertThat(mon.monitor.osdMap().acting(pg)).as("a stranger's wish").containsExactly(primary);
        temp(primary, pg, List.of(other));
        assertThat(mon.monitor.osdMap().acting(pg)).containsExactly(other);
        assertThat(mon.monitor.osdMap().up(pg)).containsExactly(primary);
        int epoch = mon.monitor.osdMap().epoch();
        temp(primary, pg, List.of(other));
        assertThat(mon.monitor.osdMap().epoch()).as("it is so already").isEqualTo(epoch);
        temp(other, pg, List.of());
        assertThat(mon.monitor.osdMap().acting(pg)).containsExactly(primary);
        assertThat(mon.monitor.osdMap().state().pgTemp()).isEmpty();
    }

    @Test
    void actingSetOfWhichNobodyIsUpIsForgotten() {
        hosts(3);
        PgId pg = new PgId(2, 7);
        int primary = mon.monitor.osdMap().primary(pg);
        int other = (primary + 1) % 3;
        temp(primary, pg, List.of(other));
        assertThat(mon.monitor.osdMap().state().pgTemp()).hasSize(1);
        mon.atOnce(other, new MonMessage.OsdStopping(other, osd(other).clusterAddress()));
        assertThat(mon.monitor.osdMap().state().pgTemp()).isEmpty();
    }

    private void temp(int osd, PgId pg, List<Integer> wanted) {
        mon.atOnce(osd, new MonMessage.OsdPgTemp(osd, new TreeMap<>(Map.of(pg, wanted)), 1));
        mon.passWithoutTick(Monitor.GATHER_MILLIS);
    }

    // ---- what is told to people ----

    @Test
    void logSaysWhatHappenedAndIsThereAfterReopening() {
        hosts(3);
        report(0, 2, 0, MonMessage.Evidence.REFUSED);
        mon.open();
        MonMessage.LogReply reply =
                (MonMessage.LogReply) mon.atOnce(9, new MonMessage.GetLog(1, 2)).get(0);
        assertThat(reply.lines()).hasSize(2);
        assertThat(reply.lines().get(1).text()).contains("osd.2 is marked down");
        assertThat(reply.lines().get(1).severity()).isEqualTo(LogLine.Severity.WARN);
        assertThat(reply.lines().get(1).number()).isEqualTo(reply.lines().get(0).number() + 1);
    }

    @Test
    void healthNamesWhatIsDown() {
        hosts(3);
        mon.atOnce(0, mon.statsOfAll(0, 1));
        report(0, 2, 0, MonMessage.Evidence.REFUSED);
        assertThat(mon.health())
                .extracting(check -> check.code())
                .contains("OSD_DOWN", "OSD_HOST_DOWN", "PG_AVAILABILITY")
                .doesNotContain("MON_DOWN", "OSDMAP_FLAGS", "OSD_FULL");
        assertThat(mon.health().stream()
                        .filter(check -> check.code().equals("OSD_DOWN"))
                        .findFirst()
                        .map(check -> check.details()))
                .isEqualTo(Optional.of(List.of("osd.2 on h2 is down")));
    }
}
