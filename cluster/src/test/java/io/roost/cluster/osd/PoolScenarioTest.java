package io.roost.cluster.osd;

import static io.roost.cluster.osd.OsdScenario.MANY;
import static io.roost.cluster.osd.OsdScenario.register;
import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.osd.OsdScenario.Settings;
import io.roost.cluster.osd.OsdScenario.Told;
import org.junit.jupiter.api.Test;

/** Whole OSDs whose pools come and go, by the numbers of the list in docs/simulation.md. */
class PoolScenarioTest {
    /** S29: a pool is removed while what one of its OSDs has missed is being recovered; who starts later bears it too. */
    @Test
    void aPoolIsRemovedInTheMidstOfRecovery() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2).withReads(200_000));
        world.writeAll("before ");
        world.stop(2);
        world.writeAll("meanwhile ");
        world.start(2);
        world.run(300);
        assertThat(world.checks.isAllClean()).as("recovery is under way").isFalse();
        Told underWay = world.write(1, "r", "late");
        world.run(1);
        world.authority().change(new OsdMapChange.RemovePool(OsdWorld.POOL));
        world.until(() -> world.count("client: NO_SUCH_POOL") > 0);
        Told write = world.write(2, "r", "later");
        world.until(write::isRefused);
        assertThat(underWay.isDone()).isFalse();
        world.stop(1);
        world.start(1);
        world.run(10_000);
        for (int osd = 0; osd < 3; osd++) {
            OsdShard shard = OsdNode.of(world.osd(osd)).shard();
            assertThat(shard.map().epoch()).isEqualTo(world.map().epoch());
            assertThat(shard.report(0).led()).isEmpty();
            assertThat(shard.inFlightCount()).isZero();
        }
        world.checks.checkNothingElseIsKept();
    }

    /** What a removed pool had goes from all disks, also of who was not there, or ends in the midst of it. */
    @Test
    void aRemovedPoolLeavesNothing() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2));
        long before = world.usedPermille(0);
        for (int i = 0; i < MANY; i++) {
            world.done(world.write(1, register(i), OsdScenario.LARGE));
        }
        assertThat(world.usedPermille(0)).isGreaterThan(before + 10);
        world.stop(1);
        world.authority().change(new OsdMapChange.RemovePool(OsdWorld.POOL));
        world.until(() -> world.count("pg: a copy is removed") > 0);
        world.stop(0);
        world.start(0);
        world.start(1);
        world.run(20_000);
        world.checks.checkNothingElseIsKept();
        for (int osd = 0; osd < 3; osd++) {
            assertThat(world.usedPermille(osd)).isLessThan(before + 5);
        }
    }

    /** The only OSD has read little of what is on its disk when a pool goes. */
    @Test
    void aRemovedPoolLeavesNothingOnTheOnlyOsd() {
        OsdScenario world = OsdScenario.ofOneOsd(Settings.of(1, 1, 1));
        world.writeAll("alone ");
        world.stop(0);
        world.start(0);
        world.done(world.write(1, "r0", "after the start"));
        world.authority().change(new OsdMapChange.RemovePool(OsdWorld.POOL));
        world.run(20_000);
        world.checks.checkNothingElseIsKept();
    }

    /** A pool is made while its only OSD knows no map yet; its power fails, and another OSD is the first to come. */
    @Test
    void whoHasNeverHeardOfAPoolMakesItsPlacementGroups() {
        Settings settings = Settings.of(2, 2, 1);
        OsdScenario world = OsdScenario.ofOsdsThatHaveNeverRun(settings);
        world.cluster.network().cut(world.cluster.node(MapAuthority.NAME), world.osd(0));
        world.start(0);
        world.createPool(settings);
        world.stop(0);
        world.join();
        world.start(1);
        world.done(world.write(1, "r", "value"));
        world.start(0);
        world.checkIsWell();
        assertThat(world.value("r")).isEqualTo("value");
    }

    /** Nobody is there when a pool is made. Each makes its placement groups, and they know of each other by the maps. */
    @Test
    void aPoolIsMadeWhenNobodyIsThere() {
        Settings settings = Settings.of(2, 2, 1);
        OsdScenario world = OsdScenario.ofOsdsThatHaveNeverRun(settings);
        world.createPool(settings);
        world.start(0);
        world.done(world.write(1, "r", "by the first"));
        world.stop(0);
        world.start(1);
        Told read = world.read(2, "r");
        world.run(10_000);
        assertThat(read.isDone())
                .as("it has all placement groups, and nobody who has the write is there")
                .isFalse();
        world.start(0);
        assertThat(world.done(read).value()).isEqualTo("by the first");
        world.checkIsWell();
    }

    /** The placement groups of a pool have nobody who could make them until an OSD gets a share that has long been up. */
    @Test
    void whoServesLaterMakesWhatNobodyHasMade() {
        Settings settings = Settings.of(2, 2, 1);
        OsdScenario world = OsdScenario.ofOsdsThatHaveNeverRun(settings);
        world.start(0);
        world.authority().reweigh(0, 0);
        world.createPool(settings);
        world.run(2_000);
        world.authority().reweigh(0, CrushItem.ONE);
        world.done(world.write(1, "r", "value"));
        world.start(1);
        world.checkIsWell();
        assertThat(world.value("r")).isEqualTo("value");
    }
}
