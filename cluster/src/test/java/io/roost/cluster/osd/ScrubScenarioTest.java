package io.roost.cluster.osd;

import static io.roost.cluster.osd.OsdScenario.MANY;
import static io.roost.cluster.osd.OsdScenario.register;
import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgState;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.osd.OsdScenario.Settings;
import io.roost.cluster.pg.ScrubTimes;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whole OSDs that compare their copies. */
class ScrubScenarioTest {
    /** S23: bits of the primary's disk flip that no checksum covers; a deep scrub replaces them by what the others have. */
    @Test
    void aDeepScrubMendsThePrimary() {
        OsdScenario world = new OsdScenario(Settings.of(3, 3, 2));
        world.writeAll("right ");
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
        world.writeAll("value ");
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
}
