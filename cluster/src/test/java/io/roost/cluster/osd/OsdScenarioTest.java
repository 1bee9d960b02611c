package io.roost.cluster.osd;

import static io.roost.cluster.osd.OsdScenario.MANY;
import static io.roost.cluster.osd.OsdScenario.register;
import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgState;
import io.roost.cluster.osd.OsdScenario.Settings;
import io.roost.cluster.osd.OsdScenario.Told;
import io.roost.cluster.sim.SimNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whole OSDs in situations that take several things in turn, by the numbers of the list in docs/simulation.md. */
class OsdScenarioTest {
    /** Writes at once that take more than half of the reserve of a store. */
    private static final int BURST = 180;

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

    /** One of two that have the newest is made again under its number, and has nothing: the other is waited for. */
    @Test
    void whoWasMadeAgainUnderItsNumberHasNothingOfBefore() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2));
        world.done(world.write(1, "r", "by all"));
        world.stop(0);
        world.done(world.write(1, "r", "by two"));
        world.stop(1);
        world.stop(2);
        world.replace(1);
        world.start(1);
        world.start(0);
        Told read = world.read(2, "r");
        world.run(10_000);
        assertThat(read.isDone()).isFalse();
        world.start(2);
        assertThat(world.done(read).value()).isEqualTo("by two");
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
        world.writeAll("before ");
        world.stop(2);
        world.writeAll("meanwhile ");
        world.start(2);
        for (int round = 0; !world.checks.isAllClean(); round++) {
            world.writeAll(round + " ");
        }
        world.writeAll("after ");
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
            world.writeAll("old ");
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

    /** Writes come faster than the disk takes them, and the last of them do not fit: they are refused, and nothing else. */
    @Test
    void moreWritesComeThanTheDiskHasRoomFor() {
        OsdScenario world = new OsdScenario(Settings.of(2, 1, 1));
        List<Told> writes = new ArrayList<>();
        for (int round = 0; writes.stream().noneMatch(Told::isRefused); round++) {
            for (int i = 0; i < BURST; i++) {
                writes.add(world.write(1, register(round * BURST + i), OsdScenario.LARGE));
            }
            world.until(() -> writes.stream().allMatch(told -> told.isDone() || told.isRefused()));
        }
        assertThat(writes).filteredOn(Told::isDone).hasSizeGreaterThan(BURST);
        world.checkIsWell();
    }

    /** What other primaries let in while theirs had room, a replica takes, though its own disk is full by then. */
    @Test
    void replicasThatAreFullTakeWhatPrimariesHaveLetIn() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2));
        int written = 0;
        while (world.roomBytes(0) > BURST / 3 * OsdScenario.LARGE_BYTES / 2) {
            world.done(world.write(1, register(written++), OsdScenario.LARGE));
        }
        List<Told> writes = new ArrayList<>();
        for (int i = 0; i < BURST / 3; i++) {
            writes.add(world.write(1, register(written + i), OsdScenario.LARGE));
        }
        world.until(() -> writes.stream().allMatch(told -> told.isDone() || told.isRefused()));
        assertThat(writes).filteredOn(Told::isRefused).isNotEmpty();
        world.checkIsWell();
    }

    /** S21: an OSD is full, so that nothing grows anywhere; placement groups peer all the same, and removals make room. */
    @Test
    void aFullDiskPeersAndRemovalsMakeRoom() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2));
        int written = 0;
        while (world.usedPermille(0) < 500) {
            world.done(world.write(1, register(written), OsdScenario.LARGE));
            written++;
        }
        world.authority().change(new OsdMapChange.SetFlags(Set.of(OsdMapFlag.FULL)));
        world.until(
                () -> OsdNode.of(world.osd(world.primary("more"))).shard().map().isSet(OsdMapFlag.FULL));
        Told more = world.write(1, "more", OsdScenario.LARGE);
        world.until(more::isRefused);
        world.stop(0);
        world.start(0);
        world.until(world.checks::isAllClean);
        for (int i = 0; i < written; i += 2) {
            assertThat(world.value(register(i))).isEqualTo(OsdScenario.LARGE);
            world.done(world.write(1, register(i), null));
        }
        assertThat(world.usedPermille(0)).isLessThan(300);
        world.authority().change(new OsdMapChange.SetFlags(Set.of()));
        world.until(() ->
                !OsdNode.of(world.osd(world.primary("more"))).shard().map().isSet(OsdMapFlag.FULL));
        world.done(world.write(1, "more", OsdScenario.LARGE));
        assertThat(world.value("more")).isEqualTo(OsdScenario.LARGE);
        world.checkIsWell();
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
        world.writeAll("alone ");
        world.authority().add(1);
        world.start(1);
        world.until(world.checks::isAllClean);
        world.writeAll("by both ");
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
