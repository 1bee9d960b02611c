package io.roost.cluster.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.crush.CrushMapper;
import io.roost.cluster.crush.Vectors;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OsdMapTest {
    @ParameterizedTest
    @CsvSource({"a_flat3x1,48", "b_host3x3,72", "d_racks4,512"})
    void namesAndPlacementGroupsGoWhereTheVectorsSay(String file, int pgNum) {
        String crushMap = file.substring(2);
        OsdMap allIn = SampleMaps.of(crushMap, SampleMaps.pool(1, pgNum, pgNum, 0));
        OsdMap map = allIn;
        int groups = 0;
        int names = 0;
        boolean inNames = false;
        for (String line : Vectors.lines("osdmap/" + file + ".omap")) {
            if (line.startsWith("# pool")) {
                assertThat(line).contains(" pg_num " + pgNum + " pgp_num " + pgNum + " ");
            } else if (line.equals("pgs out=0")) {
                map = SampleMaps.next(
                        allIn, new OsdMapChange.PutOsd(allIn.osd(0).withWeight(0)));
            } else if (line.startsWith("objects ")) {
                map = allIn;
                inNames = true;
            } else if (inNames) {
                String[] fields = line.split("\t", -1);
                PgId pg = new PgId(1, map.pool(1).seedOf(Bytes.utf8(fields[0])));
                assertThat(pg).hasToString(fields[1]);
                assertThat(text(map.up(pg))).as(line).isEqualTo(fields[2]);
                names++;
            } else if (line.startsWith("1.")) {
                String[] fields = line.split(" ", -1);
                PgId pg = PgId.parse(fields[0]);
                assertThat(text(map.up(pg))).as(line).isEqualTo(fields[1]);
                assertThat(map.acting(pg)).isEqualTo(map.up(pg));
                assertThat(map.primary(pg)).isEqualTo(map.up(pg).get(0));
                groups++;
            }
        }
        assertThat(groups).isEqualTo(2 * pgNum);
        assertThat(names).isGreaterThan(50);
    }

    private static String text(List<Integer> osds) {
        return osds.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static final PgId PG = new PgId(1, 5);

    private static OsdMap sample() {
        return SampleMaps.of("host3x3", SampleMaps.pool(1, 64, 64, 0));
    }

    @Test
    void locatorKeyAloneGivesThePlacementGroup() {
        OsdMap map = sample();
        // "foo" hashes to 0x7fc1f406.
        assertThat(map.pgOf(new Locator(1, Bytes.utf8("foo")))).isEqualTo(new PgId(1, 6));
        assertThatThrownBy(() -> map.pgOf(new Locator(9, Bytes.utf8("foo")))).isInstanceOf(ObjectException.class);
    }

    @Test
    void placementGroupsShareAPlaceWhenPgpNumIsSmaller() {
        OsdMap map = SampleMaps.of("host3x3", SampleMaps.pool(1, 64, 24, 0));
        for (int seed = 0; seed < 64; seed++) {
            assertThat(map.up(new PgId(1, seed))).isEqualTo(map.up(new PgId(1, StableMod.of(seed, 24))));
        }
    }

    @Test
    void smallerPgpNumGivesWhatTheVectorsSay() {
        OsdMap map = SampleMaps.of("host3x3", SampleMaps.pool(1, 72, 36, 0));
        int groups = 0;
        for (String line : Vectors.lines("osdmap/e_host3x3_pgp36.omap")) {
            if (line.startsWith("1.")) {
                String[] fields = line.split(" ", -1);
                assertThat(text(map.up(PgId.parse(fields[0])))).as(line).isEqualTo(fields[1]);
                groups++;
            }
        }
        assertThat(groups).isEqualTo(72);
    }

    @Test
    void poolIdSpreadsPoolsUnlessTheFlagIsAbsent() {
        Pool without = new Pool(2, "plain", Pool.Type.REPLICATED, 3, 2, 64, 64, 0, Set.of(), 1);
        assertThat(without.placementSeed(7)).isEqualTo(9);
        assertThat(SampleMaps.pool(2, 64, 64, 0).placementSeed(7)).isNotEqualTo(9);
    }

    @Test
    void downOsdLeavesTheUpSetAndTheOthersMoveUp() {
        OsdMap map = sample();
        List<Integer> before = map.up(PG);
        OsdMap after = SampleMaps.next(
                map, new OsdMapChange.PutOsd(map.osd(before.get(0)).down(2)));
        assertThat(after.up(PG)).isEqualTo(before.subList(1, 3));
        assertThat(after.primary(PG)).isEqualTo(before.get(1));
        assertThat(map.up(PG)).as("the older epoch is as it was").isEqualTo(before);
    }

    @Test
    void downOsdLeavesAHoleInAnErasureCodedPool() {
        Pool pool = new Pool(1, "ec", Pool.Type.ERASURE, 3, 2, 64, 64, 1, Set.of(Pool.Flag.HASHPSPOOL), 1);
        OsdMap map = SampleMaps.of("host3x3", pool);
        List<Integer> before = map.up(PG);
        OsdMap after = SampleMaps.next(
                map, new OsdMapChange.PutOsd(map.osd(before.get(0)).down(2)));
        assertThat(after.up(PG)).containsExactly(CrushMapper.NONE, before.get(1), before.get(2));
        assertThat(after.primary(PG)).isEqualTo(before.get(1));
    }

    @Test
    void nobodyServesWhenAllAreDown() {
        OsdMap map = sample();
        OsdMap after = SampleMaps.next(
                map,
                map.osds().stream()
                        .map(osd -> new OsdMapChange.PutOsd(osd.down(2)))
                        .toArray(OsdMapChange[]::new));
        assertThat(after.acting(PG)).isEmpty();
        assertThat(after.primary(PG)).isEqualTo(OsdMap.NO_OSD);
        assertThat(after.primary(new PgId(1, 64))).isEqualTo(OsdMap.NO_OSD);
        assertThat(after.primary(new PgId(4, 0))).isEqualTo(OsdMap.NO_OSD);
    }

    @Test
    void upmapReplacesPlacementUnlessATargetIsOut() {
        OsdMap map = sample();
        OsdMap mapped = SampleMaps.next(map, new OsdMapChange.SetUpmap(PG, List.of(2, 5, 8)));
        assertThat(mapped.up(PG)).containsExactly(2, 5, 8);
        OsdMap out =
                SampleMaps.next(mapped, new OsdMapChange.PutOsd(mapped.osd(5).withWeight(0)));
        assertThat(out.up(PG)).isNotEqualTo(List.of(2, 5, 8)).doesNotContain(5);
        assertThat(SampleMaps.next(mapped, new OsdMapChange.SetUpmap(PG, List.of()))
                        .up(PG))
                .isEqualTo(map.up(PG));
    }

    @Test
    void upmapItemReplacesOneOsdUnlessTheOtherServesAlreadyOrIsOut() {
        OsdMap map = sample();
        List<Integer> before = map.up(PG);
        int from = before.get(1);
        int to = from / 3 * 3 + (from + 1) % 3;
        OsdMap mapped = SampleMaps.next(map, new OsdMapChange.SetUpmapItems(PG, List.of(new Remap(from, to))));
        assertThat(mapped.up(PG)).containsExactly(before.get(0), to, before.get(2));
        OsdMap same = SampleMaps.next(map, new OsdMapChange.SetUpmapItems(PG, List.of(new Remap(from, before.get(0)))));
        assertThat(same.up(PG)).isEqualTo(before);
        OsdMap out =
                SampleMaps.next(mapped, new OsdMapChange.PutOsd(mapped.osd(to).withWeight(0)));
        assertThat(out.up(PG)).doesNotContain(to);
    }

    @Test
    void actingSetIsPgTempWithoutDownOsdsAndUpIsAsItWas() {
        OsdMap map = sample();
        OsdMap temp = SampleMaps.next(map, new OsdMapChange.SetPgTemp(PG, List.of(8, 2)));
        assertThat(temp.acting(PG)).containsExactly(8, 2);
        assertThat(temp.primary(PG)).isEqualTo(8);
        assertThat(temp.up(PG)).isEqualTo(map.up(PG));
        OsdMap down = SampleMaps.next(temp, new OsdMapChange.PutOsd(temp.osd(8).down(3)));
        assertThat(down.acting(PG)).containsExactly(2);
        OsdMap primary = SampleMaps.next(temp, new OsdMapChange.SetPrimaryTemp(PG, 2));
        assertThat(primary.primary(PG)).isEqualTo(2);
        assertThat(primary.mapping(PG).upPrimary()).isEqualTo(map.primary(PG));
        assertThat(SampleMaps.next(primary, new OsdMapChange.SetPrimaryTemp(PG, OsdMap.NO_OSD))
                        .primary(PG))
                .isEqualTo(8);
    }

    @Test
    void osdWithoutAffinityIsPrimaryOnlyWhenNoOtherServes() {
        OsdMap map = sample();
        OsdMap unwilling =
                SampleMaps.next(map, new OsdMapChange.PutOsd(map.osd(8).withPrimaryAffinity(0)));
        int moved = 0;
        for (int seed = 0; seed < 64; seed++) {
            PgId pg = new PgId(1, seed);
            assertThat(unwilling.primary(pg))
                    .isNotEqualTo(8)
                    .isEqualTo(unwilling.up(pg).get(0));
            assertThat(unwilling.up(pg)).containsExactlyInAnyOrderElementsOf(map.up(pg));
            moved += map.primary(pg) == 8 ? 1 : 0;
        }
        assertThat(moved).isPositive();
        OsdMap alone = SampleMaps.next(unwilling, new OsdMapChange.SetUpmap(PG, List.of(8)));
        assertThat(alone.primary(PG)).isEqualTo(8);
    }

    @Test
    void halfAffinityHalvesTheShareOfPrimaries() {
        OsdMap map = SampleMaps.of("flat3x1", SampleMaps.pool(1, 4096, 4096, 0));
        OsdMap half = SampleMaps.next(map, new OsdMapChange.PutOsd(map.osd(0).withPrimaryAffinity(0x8000)));
        int before = 0;
        int after = 0;
        for (int seed = 0; seed < 4096; seed++) {
            PgId pg = new PgId(1, seed);
            before += map.primary(pg) == 0 ? 1 : 0;
            after += half.primary(pg) == 0 ? 1 : 0;
        }
        assertThat((double) after / before).isBetween(0.44, 0.56);
    }

    @Test
    void removedPoolTakesItsExceptionsAlongAndItsIdIsNotUsedAgain() {
        OsdMap map = SampleMaps.of("host3x3", SampleMaps.pool(1, 64, 64, 0), SampleMaps.pool(2, 64, 64, 0));
        OsdMap after = SampleMaps.next(
                SampleMaps.next(map, new OsdMapChange.SetPgTemp(new PgId(2, 3), List.of(1))),
                new OsdMapChange.RemovePool(2));
        assertThat(after.pool(2)).isNull();
        assertThat(after.pool("pool-2")).isNull();
        assertThat(after.state().pgTemp()).isEmpty();
        assertThat(after.state().lastPool()).isEqualTo(2);
    }

    @Test
    void incrementalOfAnotherEpochOrClusterIsRefused() {
        OsdMap map = sample();
        OsdMap.Incremental skips = new OsdMap.Incremental(3, map.fsid(), 5, List.of(), 0);
        assertThatThrownBy(() -> map.apply(skips)).isInstanceOf(IllegalArgumentException.class);
        OsdMap.Incremental foreign = new OsdMap.Incremental(2, OsdInfo.NO_UUID, 5, List.of(), 0);
        assertThatThrownBy(() -> map.apply(foreign)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void featureIsCommonWhenEveryOsdThatIsUpKnowsIt() {
        OsdMap map = sample();
        NodeAddress address = NodeAddress.NONE;
        OsdMapChange[] knows = map.osds().stream()
                .map(osd -> new OsdMapChange.PutOsd(osd.up(
                        2, osd.uuid(), address, address, new TreeMap<>(Map.of("put", osd.id() == 4 ? 2 : 3)))))
                .toArray(OsdMapChange[]::new);
        OsdMap after = SampleMaps.next(map, knows);
        assertThat(after.commonFeature("put")).isEqualTo(2);
        assertThat(after.commonFeature("get")).isZero();
        assertThat(SampleMaps.next(after, new OsdMapChange.PutOsd(after.osd(4).down(3)))
                        .commonFeature("put"))
                .isEqualTo(3);
    }
}
