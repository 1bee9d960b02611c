package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgState;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.osd.OsdScenario.Settings;
import io.roost.cluster.osd.OsdScenario.Told;
import io.roost.cluster.pg.ScrubTimes;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.StoreSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whole OSDs in situations that take several things in turn, by the numbers of the list in docs/simulation.md. */
class OsdScenarioTest {
    private static final int MANY = 20;

    /** A value whose body is large. */
    private static final String LARGE = large();

    private static String large() {
        int number = 0;
        while (Registers.body("large " + number).length() < 70_000) {
            number++;
        }
        return "large " + number;
    }

    private static String register(int number) {
        return "r" + number;
    }

    private static void writeAll(OsdScenario world, String value) {
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            told.add(world.write(1, register(i), value + i));
        }
        told.forEach(world::done);
    }

    /** S2: one of two went on alone, and is gone when the other returns: nobody serves before it is back. */
    @Test
    void whoDoesNotHaveTheNewestDoesNotServeUntilWhoHasItIsBack() {
        OsdScenario world = new OsdScenario(Settings.of(2, 2, 1));
        world.done(world.write(1, "r", "by both"));
        world.stop(1);
        world.done(world.write(1, "r", "by one alone"));
        world.stop(0);
        world.start(1);
        Told read = world.read(2, "r");
        world.run(10_000);
        assertThat(read.isDone()).isFalse();
        world.start(0);
        assertThat(world.done(read).value()).isEqualTo("by one alone");
        world.checkIsWell();
    }

    /**
     * S5, S6: others go on without a primary that still answers clients. The next one waits until it does not any more, and
     * then nobody is told what was there before.
     */
    @Test
    void aPrimaryThatOthersHaveLeftTellsNothingOutdated() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2));
        world.done(world.write(1, "r", "old"));
        assertThat(world.value("r"))
                .as("a read, for which the others have promised to wait")
                .isEqualTo("old");
        int former = world.primary("r");
        world.cutOff(former);
        world.cut(world.client(1), world.cluster.node(MapAuthority.NAME));
        world.authority().markDown(former);
        assertThat(world.primary("r")).isNotEqualTo(former);
        // The other client hears of it; what it sent before would keep reads waiting.
        world.run(300);
        Told write = world.write(2, "r", "new");
        int readsBefore = 0;
        while (!write.isDone()) {
            Told read = world.read(1, "r");
            world.run(50);
            readsBefore += read.isDone() ? 1 : 0;
            assertThat(!read.isDone() || read.value().equals("old")).isTrue();
        }
        assertThat(readsBefore)
                .as("reads of the former primary while the next one waits")
                .isPositive();
        Told late = world.read(1, "r");
        world.run(10_000);
        assertThat(late.isDone()).isFalse();
        world.join();
        assertThat(world.done(late).value()).isEqualTo("new");
        world.checkIsWell();
    }

    /** A write that all have, whose primary ended before it said so, and whose client does not notice for a while. */
    private static Told writeOfWhichNobodyHears(OsdScenario world, String register) {
        SimNode primary = world.osd(world.primary(register));
        primary.restartAfter(Long.MAX_VALUE / 2000);
        primary.crashBefore(step -> step.startsWith("send reply"));
        Told told = world.write(1, register, "first");
        world.until(() -> !primary.isUp());
        world.client(1).pause();
        return told;
    }

    /** S7: a write is sent again to another primary after others have written: it was done once, and is not done again. */
    @Test
    void aWriteSentAgainToTheNextPrimaryIsNotDoneAgain() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2));
        Told first = writeOfWhichNobodyHears(world, "r");
        world.done(world.write(2, "r", "second"));
        world.client(1).resume();
        world.done(first);
        assertThat(world.value("r")).isEqualTo("second");
    }

    /** S8: the same when no log tells of it any more: its client is told that nobody knows, and it is not done again. */
    @Test
    void aWriteSentAgainAfterTheLogHasForgottenItIsNotDoneAgain() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2).withLog(10));
        Told first = writeOfWhichNobodyHears(world, "r");
        for (int i = 0; i < MANY; i++) {
            world.done(world.write(2, "r", "later " + i));
        }
        world.client(1).resume();
        world.until(() -> world.count("client: OUTCOME_UNKNOWN") > 0);
        assertThat(first.isDone() || first.isRefused()).isFalse();
        assertThat(world.value("r")).isEqualTo("later " + (MANY - 1));
    }

    /** S10: clients write what is being pushed to one that was away. */
    @Test
    void writesRaceWhatIsPushed() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2).withReads(200_000));
        writeAll(world, "before ");
        world.stop(2);
        writeAll(world, "meanwhile ");
        world.start(2);
        for (int round = 0; !world.checks.isAllClean(); round++) {
            writeAll(world, round + " ");
        }
        writeAll(world, "after ");
        for (int i = 0; i < MANY; i++) {
            assertThat(world.value(register(i))).isEqualTo("after " + i);
        }
        world.checkIsWell();
    }

    /** S18: the power of all goes off in the midst of a commit, at any I/O: what was acknowledged is there. */
    @Test
    void thePowerOfAllGoesOffInTheMidstOfACommit() {
        boolean isCut = true;
        for (int steps = 1; isCut; steps++) {
            OsdScenario world = new OsdScenario(Settings.of(3, 3, 2));
            writeAll(world, "old ");
            for (int osd = 0; osd < 3; osd++) {
                world.osd(osd).disk().losePowerAfter(steps);
            }
            TreeMap<String, Told> writes = new TreeMap<>();
            for (int i = 0; i < MANY; i++) {
                writes.put(register(i), world.write(1, register(i), "new " + i));
            }
            isCut = false;
            for (int waited = 0; waited < 200 && !isCut; waited++) {
                world.run(1);
                isCut = !(world.osd(0).isUp()
                        && world.osd(1).isUp()
                        && world.osd(2).isUp());
            }
            for (int osd = 0; osd < 3; osd++) {
                world.osd(osd).crash();
            }
            Map<String, Boolean> known = new TreeMap<>();
            writes.forEach((register, told) -> known.put(register, told.isDone()));
            world.cluster.heal();
            world.checkIsWell();
            for (int i = 0; i < MANY; i++) {
                assertThat(world.value(register(i)))
                        .as("power lost after %d steps", steps)
                        .isIn(known.get(register(i)) ? List.of("new " + i) : List.of("old " + i, "new " + i));
            }
        }
    }

    /** S21: an OSD is full, so that nothing grows anywhere; placement groups peer all the same, and removals make room. */
    @Test
    void aFullDiskPeersAndRemovalsMakeRoom() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2));
        int written = 0;
        while (usedPermille(world, 0) < 500) {
            world.done(world.write(1, register(written), LARGE));
            written++;
        }
        world.authority().change(new OsdMapChange.SetFlags(Set.of(OsdMapFlag.FULL)));
        world.until(
                () -> OsdNode.of(world.osd(world.primary("more"))).shard().map().isSet(OsdMapFlag.FULL));
        Told more = world.write(1, "more", LARGE);
        world.until(more::isRefused);
        world.stop(0);
        world.start(0);
        world.until(world.checks::isAllClean);
        for (int i = 0; i < written; i += 2) {
            assertThat(world.value(register(i))).isEqualTo(LARGE);
            world.done(world.write(1, register(i), null));
        }
        assertThat(usedPermille(world, 0)).isLessThan(300);
        world.authority().change(new OsdMapChange.SetFlags(Set.of()));
        world.until(() ->
                !OsdNode.of(world.osd(world.primary("more"))).shard().map().isSet(OsdMapFlag.FULL));
        world.done(world.write(1, "more", LARGE));
        assertThat(world.value("more")).isEqualTo(LARGE);
        world.checkIsWell();
    }

    private static long usedPermille(OsdScenario world, int osd) {
        StoreSpace space = OsdNode.of(world.osd(osd)).store().space();
        return space.usedBytes() * 1000 / space.totalBytes();
    }

    /** S23: bits of the primary's disk flip that no checksum covers; a deep scrub replaces them by what the others have. */
    @Test
    void aDeepScrubMendsThePrimary() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2));
        writeAll(world, "right ");
        BitRot disk = world.disk(world.primary("r0"));
        world.checks.expectDamage(disk.node());
        disk.spreadUnnoticed(1);
        assertThat(world.checks.scrubAll()).isPositive();
        assertThat(world.checks.scrubAll()).isZero();
        disk.checkIsMended();
        world.checkIsWell();
        for (int i = 0; i < MANY; i++) {
            assertThat(world.value(register(i))).isEqualTo("right " + i);
        }
    }

    /** Bits flip while a range is being mended: it is told for each entry, not for the range, that mending does not help. */
    @Test
    void whatFlipsWhileARangeIsMendedIsMendedToo() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2).withReads(100_000));
        PgId pg = world.pg(register(0));
        List<Locator> locators = new ArrayList<>();
        for (int i = 0; locators.size() < 6; i++) {
            if (world.pg(register(i)).equals(pg)) {
                world.done(world.write(1, register(i), "right"));
                locators.add(new Locator(OsdWorld.POOL, Bytes.utf8(register(i))));
            }
        }
        BitRot disk = world.disk(world.acting(register(0)).get(1));
        world.checks.expectDamage(disk.node());
        int mended = 0;
        for (Locator locator : locators) {
            disk.flipUnnoticed(Family.CATALOGUE, KeyLayout.entry(locator, Bytes.utf8("head")));
            if (mended == 0) {
                OsdNode.of(world.osd(world.primary(register(0)))).scrub(pg, ScrubKind.DEEP_SCRUB);
            }
            mended++;
            long wanted = mended;
            world.justUntil(() -> world.count("pg: a copy is replaced by scrub") >= wanted);
        }
        world.until(() -> world.count("osd: a placement group is scrubbed") == 1);
        disk.checkIsMended();
        world.checkIsWell();
    }

    private static long scrubbing(OsdScenario world) {
        long count = 0;
        for (int osd = 0; osd < 3; osd++) {
            count += OsdNode.of(world.osd(osd)).shard().report(0).led().values().stream()
                    .filter(stat -> stat.states().contains(PgState.SCRUBBING))
                    .count();
        }
        return count;
    }

    /** An administrator wants all placement groups compared: one of an OSD at a time. */
    @Test
    void scrubsThatAreWantedTakeTurns() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2).withReads(50_000));
        writeAll(world, "value ");
        for (int seed = 0; seed < OsdWorld.PG_NUM; seed++) {
            PgId pg = new PgId(OsdWorld.POOL, seed);
            assertThat(OsdNode.of(world.osd(world.map().primary(pg))).scrub(pg, ScrubKind.DEEP_SCRUB))
                    .isTrue();
            assertThat(OsdNode.of(world.osd(world.map().primary(pg))).scrub(pg, ScrubKind.SCRUB))
                    .as("it waits for its turn already")
                    .isFalse();
        }
        long seen = 0;
        while (world.count("osd: a placement group is scrubbed") < OsdWorld.PG_NUM) {
            world.run(5);
            assertThat(scrubbing(world)).isLessThanOrEqualTo(1);
            seen += scrubbing(world);
        }
        assertThat(seen).isPositive();
    }

    /** A scrub that has come by itself ends when it is switched off, and one that is wanted does not. */
    @Test
    void aFlagEndsScrubsThatCameByThemselves() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2).withReads(100_000));
        PgId pg = world.pg(register(0));
        for (int i = 0, there = 0; there < 60; i++) {
            if (world.pg(register(i)).equals(pg)) {
                world.done(world.write(1, register(i), "value"));
                there++;
            }
        }
        OsdNode primary = OsdNode.of(world.osd(world.primary(register(0))));
        primary.shard().setScrubTimes(new ScrubTimes(1, 1));
        world.until(() -> world.count("pg: a scrub begins") > 0);
        primary.shard().setScrubTimes(ScrubTimes.DEFAULT);
        Set<OsdMapFlag> off = Set.of(OsdMapFlag.NOSCRUB, OsdMapFlag.NODEEP_SCRUB);
        world.authority().change(new OsdMapChange.SetFlags(off));
        world.until(() -> world.count("pg: a scrub is stopped") > 0);
        world.run(5_000);
        assertThat(world.count("osd: a placement group is scrubbed")).isZero();
        assertThat(scrubbing(world)).isZero();
        assertThat(primary.scrub(pg, ScrubKind.SCRUB)).isTrue();
        world.until(() -> world.count("osd: a placement group is scrubbed") == 1);
    }

    /** S28: a client that has not heard of the last hundred maps, and of some nobody can tell it any more. */
    @Test
    void aClientHundredMapsBehindIsServed() {
        OsdScenario world = new OsdScenario(Settings.of(4, 3, 2).withKeptEpochs(10));
        world.done(world.write(1, "r", "old"));
        world.client(1).pause();
        int known = world.map().epoch();
        for (int i = 0; world.map().epoch() < known + 100; i++) {
            world.authority().reweigh(i % 4, i % 8 < 4 ? CrushItem.ONE / 2 : CrushItem.ONE);
            world.until(world.checks::isAllClean);
        }
        world.until(() -> world.count("maps are trimmed") > 0);
        Told write = world.write(1, "r", "new");
        world.client(1).resume();
        world.done(write);
        assertThat(world.value("r")).isEqualTo("new");
        world.checkIsWell();
    }

    /** S29: a pool is removed while what one of its OSDs has missed is being recovered; who starts later bears it too. */
    @Test
    void aPoolIsRemovedInTheMidstOfRecovery() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2).withReads(200_000));
        writeAll(world, "before ");
        world.stop(2);
        writeAll(world, "meanwhile ");
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
        long before = usedPermille(world, 0);
        for (int i = 0; i < MANY; i++) {
            world.done(world.write(1, register(i), LARGE));
        }
        assertThat(usedPermille(world, 0)).isGreaterThan(before + 10);
        world.stop(1);
        world.authority().change(new OsdMapChange.RemovePool(OsdWorld.POOL));
        world.until(() -> world.count("pg: a copy is removed") > 0);
        world.stop(0);
        world.start(0);
        world.start(1);
        world.run(20_000);
        world.checks.checkNothingElseIsKept();
        for (int osd = 0; osd < 3; osd++) {
            assertThat(usedPermille(world, osd)).isLessThan(before + 5);
        }
    }

    /** The only OSD has read little of what is on its disk when a pool goes. */
    @Test
    void aRemovedPoolLeavesNothingOnTheOnlyOsd() {
        OsdScenario world = OsdScenario.ofOneOsd(Settings.of(1, 1, 1));
        writeAll(world, "alone ");
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

    /** The only OSD serves without asking anybody, and is gone when there is another: that one has to wait for it. */
    @Test
    void whatTheOnlyOsdHasServedIsWaitedFor() {
        OsdScenario world = OsdScenario.ofOneOsd(Settings.of(2, 2, 2));
        world.done(world.write(1, "r", "by the only one"));
        world.stop(0);
        world.authority().add(1);
        world.start(1);
        Told read = world.read(2, "r");
        world.run(10_000);
        assertThat(read.isDone()).isFalse();
        for (int seed = 0; seed < OsdWorld.PG_NUM; seed++) {
            PgId pg = new PgId(OsdWorld.POOL, seed);
            assertThat(OsdNode.of(world.osd(1)).shard().query(pg, 0).states()).contains(PgState.DOWN);
        }
        world.start(0);
        assertThat(world.done(read).value()).isEqualTo("by the only one");
        world.checkIsWell();
    }

    /** One OSD is left of two. It has a past, and is not what it was before it had company. */
    @Test
    void theLastButOneIsRemoved() {
        OsdScenario world = OsdScenario.ofOneOsd(Settings.of(3, 2, 1));
        writeAll(world, "alone ");
        world.authority().add(1);
        world.start(1);
        world.until(world.checks::isAllClean);
        writeAll(world, "by both ");
        world.stop(1);
        world.remove(1);
        world.done(world.write(1, "r0", "by the last"));
        world.stop(0);
        world.start(0);
        world.done(world.write(1, "r1", "by the last that was started again"));
        world.authority().add(2);
        world.start(2);
        world.checkIsWell();
        assertThat(world.value("r0")).isEqualTo("by the last");
        assertThat(world.value("r1")).isEqualTo("by the last that was started again");
        for (int i = 2; i < MANY; i++) {
            assertThat(world.value(register(i))).isEqualTo("by both " + i);
        }
    }

    /** With fewer than min_size nobody writes, also when there are no others any more. */
    @Test
    void theLastOfSeveralIsNotAloneWhenItStarts() {
        OsdScenario world = OsdScenario.ofOneOsd(Settings.of(3, 2, 2));
        world.authority().add(1);
        world.start(1);
        world.until(world.checks::isAllClean);
        world.done(world.write(1, "r", "by both"));
        world.stop(1);
        world.remove(1);
        world.stop(0);
        world.start(0);
        Told write = world.write(1, "r", "by two again");
        world.run(10_000);
        assertThat(write.isDone()).isFalse();
        world.authority().add(2);
        world.start(2);
        world.done(write);
        world.checkIsWell();
        assertThat(world.value("r")).isEqualTo("by two again");
    }
}
