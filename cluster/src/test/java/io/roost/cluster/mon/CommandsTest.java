package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.crush.CrushAncestry;
import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What administrators ask for, at a sole monitor. */
class CommandsTest {
    private final MonitorFixture mon = new MonitorFixture(new MapMonStore());

    private OsdMap map() {
        return mon.monitor.osdMap();
    }

    private OsdInfo osd(int id) {
        return map().osd(id);
    }

    private void done(MonCommand command) {
        MonMessage.CommandReply reply = mon.command(command);
        assertThat(reply.outcome()).as("%s: %s", command, reply.text()).isEqualTo(MonCommand.Outcome.DONE);
    }

    private String refused(MonCommand command) {
        int epoch = map().epoch();
        MonMessage.CommandReply reply = mon.command(command);
        assertThat(reply.outcome()).isIn(MonCommand.Outcome.INVALID, MonCommand.Outcome.NOT_FOUND);
        assertThat(map().epoch()).as("nothing has changed").isEqualTo(epoch);
        return reply.text();
    }

    private void boot(int osd, long nonce) {
        mon.on(osd, MonitorFixture.boot(osd, new UUID(3, 4 + osd), nonce, map().epoch()));
        assertThat(map().isUp(osd)).isTrue();
    }

    // ---- OSDs ----

    @Test
    void osdOfAStoreIsCreatedOnceOnItsHost() {
        UUID store = new UUID(9, 9);
        MonMessage.CommandReply first = mon.command(new MonCommand.CreateOsd(store, "node2", 0x8000, "ssd"));
        MonMessage.CommandReply second = mon.command(new MonCommand.CreateOsd(store, "node2", 0x8000, "ssd"));
        assertThat(List.of(first.text(), second.text())).containsExactly("osd.1", "osd.1");
        assertThat(second.epoch()).isEqualTo(first.epoch());
        assertThat(osd(1).uuid()).isEqualTo(store);
        assertThat(new CrushAncestry(map().state().crush()).host(1)).isEqualTo("node2");
        assertThat(map().state().crush().bucket("node2").orElseThrow().weight()).isEqualTo(0x8000);
        assertThat(map().state().crush().bucket("default").orElseThrow().weight())
                .isEqualTo(0x18000);
        assertThat(map().state().crush().deviceClasses()).containsExactly("ssd");
    }

    @Test
    void newOsdIsOutWhileNoinIsSet() {
        done(new MonCommand.SetFlag(OsdMapFlag.NOIN, MonCommand.Switch.ON));
        done(new MonCommand.CreateOsd(new UUID(9, 9), "node2", 0x10000, ""));
        mon.on(1, MonitorFixture.boot(1, new UUID(9, 9), 1, 0));
        assertThat(osd(1).isUp()).isTrue();
        assertThat(osd(1).isIn()).isFalse();
    }

    @Test
    void downByHandEndsOneLifeOnly() {
        boot(0, 1);
        int upFrom = osd(0).upFrom();
        done(new MonCommand.MarkOsdDown(0, upFrom));
        assertThat(map().isUp(0)).isFalse();
        boot(0, 2);
        done(new MonCommand.MarkOsdDown(0, upFrom));
        assertThat(map().isUp(0)).as("the command arrives once more").isTrue();
    }

    @Test
    void lostIsWhatIsDown() {
        boot(0, 1);
        assertThat(refused(new MonCommand.DeclareOsdLost(0))).contains("is up");
        done(new MonCommand.MarkOsdDown(0, osd(0).upFrom()));
        done(new MonCommand.DeclareOsdLost(0));
        assertThat(osd(0).lostAt()).isEqualTo(osd(0).downAt());
        assertThat(refused(new MonCommand.DeclareOsdLost(5))).contains("no osd.5");
    }

    @Test
    void purgedIsOnlyWhatNobodyNeeds() {
        mon.hosts(2);
        boot(0, 1);
        boot(1, 1);
        assertThat(refused(new MonCommand.PurgeOsd(1, MonCommand.Consent.DATA_LOSS)))
                .contains("down and out");
        done(new MonCommand.SetOsdWeight(1, 0));
        assertThat(refused(new MonCommand.PurgeOsd(1, MonCommand.Consent.DATA_LOSS)))
                .contains("down and out");
        done(new MonCommand.MarkOsdDown(1, osd(1).upFrom()));
        assertThat(refused(new MonCommand.PurgeOsd(1, MonCommand.Consent.NONE))).contains("only copy");
        mon.on(0, mon.statsOfAll(0, 1));
        done(new MonCommand.PurgeOsd(1, MonCommand.Consent.NONE));
        assertThat(osd(1)).isNull();
        assertThat(map().state().crush().devices()).hasSize(1);
        done(new MonCommand.PurgeOsd(1, MonCommand.Consent.NONE));
        // Another store gets the id, and counts its boots anew.
        assertThat(mon.command(new MonCommand.CreateOsd(new UUID(8, 8), "h1", 0x10000, ""))
                        .text())
                .isEqualTo("osd.1");
    }

    @Test
    void blocklistEndsByItself() {
        done(new MonCommand.SetBlocklisted(77, mon.nowMillis + 60_000));
        assertThat(map().state().blocklist()).containsKey(77L);
        mon.pass(70_000);
        assertThat(map().state().blocklist()).isEmpty();
    }

    // ---- full ----

    private void use(long usedPermille) {
        OsdStat stat = new OsdStat(1000, usedPermille, 1);
        mon.on(0, new MonMessage.OsdPgStats(0, map().epoch(), stat, new TreeMap<>()));
        mon.pass(3_000);
    }

    @Test
    void fullIsSetWhileAnOsdIsFull() {
        boot(0, 1);
        use(949);
        assertThat(map().isSet(OsdMapFlag.FULL)).isFalse();
        use(950);
        assertThat(map().isSet(OsdMapFlag.FULL)).isTrue();
        assertThat(mon.health()).anyMatch(check -> check.code().equals("OSD_FULL"));
        assertThat(mon.health()).noneMatch(check -> check.code().equals("OSDMAP_FLAGS"));
        use(941);
        assertThat(map().isSet(OsdMapFlag.FULL)).as("a little less").isTrue();
        use(939);
        assertThat(map().isSet(OsdMapFlag.FULL)).isFalse();
    }

    @Test
    void newLeaderDoesNotTakeFullBackBeforeItHasHeardHowTheyAre() {
        boot(0, 1);
        use(960);
        mon.open();
        mon.pass(10_000);
        assertThat(map().isSet(OsdMapFlag.FULL)).isTrue();
        use(100);
        assertThat(map().isSet(OsdMapFlag.FULL)).isFalse();
    }

    @Test
    void fullIsNobodysToSet() {
        assertThat(refused(new MonCommand.SetFlag(OsdMapFlag.FULL, MonCommand.Switch.ON)))
                .contains("nobody else");
    }

    // ---- pools ----

    private Pool data() {
        return map().pool("data");
    }

    @Test
    void minSizeFollowsTheSizeWhenAllIsClean() {
        boot(0, 1);
        done(new MonCommand.SetPoolSize("data", 3));
        assertThat(data().size()).isEqualTo(3);
        assertThat(data().minSize()).isEqualTo(1);
        mon.pass(3_000);
        assertThat(data().minSize()).as("nobody says that it is clean").isEqualTo(1);
        MonMessage.OsdPgStats stats = mon.statsOfAll(0, 1);
        mon.on(
                0,
                new MonMessage.OsdPgStats(
                        0,
                        stats.epoch(),
                        stats.stat(),
                        stats.pgs().tailMap(stats.pgs().lastKey())));
        mon.pass(3_000);
        assertThat(data().minSize()).as("one says that it is clean").isEqualTo(1);
        mon.on(0, stats);
        mon.pass(3_000);
        assertThat(data().minSize()).isEqualTo(2);
        assertThat(data().flags()).doesNotContain(Pool.Flag.MIN_SIZE_RISES);
    }

    @Test
    void cleanBeforeTheSizeWasRaisedDoesNotCount() {
        boot(0, 1);
        MonMessage.OsdPgStats before = mon.statsOfAll(0, 1);
        done(new MonCommand.SetPoolSize("data", 3));
        mon.on(0, before);
        mon.pass(3_000);
        assertThat(data().minSize()).isEqualTo(1);
    }

    @Test
    void minSizeOfOneNeedsConsentAndStays() {
        done(new MonCommand.SetPoolSize("data", 3));
        assertThat(refused(new MonCommand.SetPoolMinSize("data", 1, MonCommand.Consent.NONE)))
                .contains("acknowledged writes");
        done(new MonCommand.SetPoolMinSize("data", 1, MonCommand.Consent.DATA_LOSS));
        boot(0, 1);
        mon.on(0, mon.statsOfAll(0, 1));
        mon.pass(3_000);
        assertThat(data().minSize()).as("what somebody wants is not raised").isEqualTo(1);
        assertThat(mon.health()).anyMatch(check -> check.code().equals("POOL_MIN_SIZE"));
        assertThat(refused(new MonCommand.SetPoolMinSize("data", 4, MonCommand.Consent.NONE)))
                .contains("min_size");
        done(new MonCommand.SetPoolSize("data", 1));
        assertThat(data().minSize()).isEqualTo(1);
    }

    // ---- hierarchy and monitors ----

    @Test
    void hierarchyIsEditedAndARuleInUseStays() {
        done(new MonCommand.EditCrush(new CrushEdit.AddBucket("rack1", "rack", "default")));
        done(new MonCommand.EditCrush(new CrushEdit.Move("node1", "rack1")));
        int epoch = map().epoch();
        done(new MonCommand.EditCrush(new CrushEdit.Move("node1", "rack1")));
        assertThat(map().epoch()).as("it is so already").isEqualTo(epoch);
        assertThat(refused(new MonCommand.EditCrush(new CrushEdit.Move("rack1", "node1"))))
                .contains("cannot be in");
        assertThat(refused(new MonCommand.EditCrush(new CrushEdit.RemoveRule("replicated_rule"))))
                .contains("no rule");
    }

    @Test
    void monitorsJoinAsNonVoters() {
        NodeAddress address = new NodeAddress("10.0.0.2", 9441, 0);
        done(new MonCommand.AddMonitor("b", address));
        done(new MonCommand.AddMonitor("b", address));
        assertThat(mon.monitor.monMap().epoch()).isEqualTo(2);
        assertThat(mon.monitor.monMap().monitors()).hasSize(2);
        assertThat(mon.health()).anyMatch(check -> check.code().equals("MON_WAITING"));
        assertThat(mon.command(new MonCommand.RemoveMonitor("a")).text()).contains("only one that votes");
        done(new MonCommand.RemoveMonitor("b"));
        assertThat(mon.monitor.monMap().monitors()).hasSize(1);
    }
}
