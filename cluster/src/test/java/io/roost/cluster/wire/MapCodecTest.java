package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.FullRatios;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.Remap;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapCodecTest {
    /** One of every change. */
    private static List<OsdMapChange> changes(OsdMap map) {
        NodeAddress address = new NodeAddress("10.0.0.9", 9441, 77);
        return List.of(
                new OsdMapChange.PutPool(new Pool(
                        3,
                        "ec",
                        Pool.Type.ERASURE,
                        3,
                        2,
                        20,
                        16,
                        1,
                        Set.of(Pool.Flag.HASHPSPOOL, Pool.Flag.NODELETE),
                        2)),
                new OsdMapChange.RemovePool(2),
                new OsdMapChange.PutOsd(
                        map.osd(1).up(2, new UUID(1, 2), address, address, new TreeMap<>(Map.of("put", 3, "list", 1)))),
                new OsdMapChange.PutOsd(
                        map.osd(2).down(2).withWeight(0x8000).withUpThru(1).withPrimaryAffinity(0)),
                new OsdMapChange.PutOsd(OsdInfo.created(12, OsdInfo.NO_UUID).withWeight(CrushItem.ONE)),
                new OsdMapChange.RemoveOsd(8),
                new OsdMapChange.SetFlags(Set.of(OsdMapFlag.NOOUT, OsdMapFlag.FULL)),
                new OsdMapChange.SetCrush(SampleMaps.of("classes").state().crush()),
                new OsdMapChange.SetPgTemp(new PgId(1, 5), List.of(3, 1)),
                new OsdMapChange.SetPrimaryTemp(new PgId(1, 6), 1),
                new OsdMapChange.SetUpmap(new PgId(1, 7), List.of(4, 0)),
                new OsdMapChange.SetUpmapItems(new PgId(1, 8), List.of(new Remap(1, 2), new Remap(3, 4))),
                new OsdMapChange.SetBlocklisted(4711, 1_800_000_000_000L),
                new OsdMapChange.SetFullRatios(new FullRatios(800, 850, 900)));
    }

    private static OsdMap before() {
        return SampleMaps.of("host3x3", SampleMaps.pool(1, 64, 64, 0), SampleMaps.pool(2, 32, 32, 0));
    }

    private static OsdMap.Incremental incremental(OsdMap map) {
        OsdMap next = map.apply(SampleMaps.incremental(map, changes(map), 0));
        return SampleMaps.incremental(map, changes(map), MapCodec.crc(MapCodec.encode(next)));
    }

    @Test
    void osdMapKeepsItsReleasedEncoding() {
        OsdMap map = MapCodec.apply(before(), incremental(before()));
        GoldenFile.check("osdmap-v3.hex", MapCodec.encode(map));
        assertThat(MapCodec.osdMap(GoldenFile.read("osdmap-v3.hex"))).isEqualTo(map);
        OsdMap older = before().apply(SampleMaps.incremental(before(), olderChanges(before()), 0));
        assertThat(MapCodec.osdMap(GoldenFile.read("osdmap-v2.hex"))).isEqualTo(older);
        assertThat(MapCodec.osdMap(GoldenFile.read("osdmap-v1.hex"))).isEqualTo(older);
    }

    /** The changes as formats before 3 have them: who has been up has always had its store. */
    private static List<OsdMapChange> olderChanges(OsdMap map) {
        return changes(map).stream()
                .map(change -> change instanceof OsdMapChange.PutOsd put
                        ? new OsdMapChange.PutOsd(withItsStoreAlways(put.osd()))
                        : change)
                .toList();
    }

    private static OsdInfo withItsStoreAlways(OsdInfo osd) {
        return new OsdInfo(
                osd.id(),
                osd.uuid(),
                osd.state(),
                osd.weight(),
                osd.primaryAffinity(),
                osd.upFrom(),
                osd.upThru(),
                osd.downAt(),
                osd.lostAt(),
                osd.deadAt(),
                osd.upFrom() > 0 ? 1 : 0,
                osd.publicAddress(),
                osd.clusterAddress(),
                osd.features());
    }

    @Test
    void incrementalKeepsItsReleasedEncoding() {
        OsdMap.Incremental incremental = incremental(before());
        GoldenFile.check("osdmap-incremental-v3.hex", MapCodec.encode(incremental));
        assertThat(MapCodec.incremental(GoldenFile.read("osdmap-incremental-v3.hex")))
                .isEqualTo(incremental);
        for (String older : List.of("osdmap-incremental-v1.hex", "osdmap-incremental-v2.hex")) {
            OsdMap.Incremental old = MapCodec.incremental(GoldenFile.read(older));
            assertThat(old.changes()).as(older).isEqualTo(olderChanges(before()));
        }
    }

    @Test
    void whoIsGoneIsSoAfterwards() {
        OsdMap map = SampleMaps.next(
                before(), new OsdMapChange.PutOsd(before().osd(3).gone(2)));
        assertThat(MapCodec.osdMap(MapCodec.encode(map)).osd(3).isGone()).isTrue();
    }

    @Test
    void monMapKeepsItsReleasedEncoding() {
        MonMap map = new MonMap(
                3,
                SampleMaps.FSID,
                1_700_000_000_000L,
                List.of(
                        new MonMap.Monitor("a", new NodeAddress("10.0.0.1", 9441, 0), MonMap.Role.VOTER),
                        new MonMap.Monitor("b", new NodeAddress("10.0.0.2", 9441, 0), MonMap.Role.NON_VOTER)));
        GoldenFile.check("monmap-v1.hex", MapCodec.encode(map));
        assertThat(MapCodec.monMap(GoldenFile.read("monmap-v1.hex"))).isEqualTo(map);
    }

    @Test
    void configKeepsItsReleasedEncoding() {
        ClusterConfig config = new ClusterConfig(1, new TreeMap<>())
                .with("global", "a", Optional.of("1"))
                .with("osd.3", "b", Optional.of("zwölf"));
        GoldenFile.check("config-v1.hex", MapCodec.encode(config));
        assertThat(MapCodec.config(GoldenFile.read("config-v1.hex"))).isEqualTo(config);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classes", "flat3x1", "host3x3", "host3x3_hammer", "lnsens", "racks4", "single1"})
    void everyHierarchySurvivesTheWay(String crushMap) {
        OsdMap map = SampleMaps.of(crushMap);
        assertThat(MapCodec.osdMap(MapCodec.encode(map))).isEqualTo(map);
    }

    @Test
    void incrementalOnADamagedMapIsRefused() {
        OsdMap damaged = SampleMaps.of("host3x3", SampleMaps.pool(1, 64, 63, 0), SampleMaps.pool(2, 32, 32, 0));
        assertThatThrownBy(() -> MapCodec.apply(damaged, incremental(before())))
                .isInstanceOf(MalformedBytesException.class)
                .hasMessageContaining("epoch 2 has CRC");
    }

    @Test
    void damagedBytesAreRefusedOrReadAsSomething() {
        long seed = 41;
        Random random = new Random(seed);
        Bytes map = MapCodec.encode(MapCodec.apply(before(), incremental(before())));
        Bytes incremental = MapCodec.encode(incremental(before()));
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            refused += isRefused(() -> MapCodec.osdMap(damaged(map, random))) ? 1 : 0;
            refused += isRefused(() -> MapCodec.incremental(damaged(incremental, random))) ? 1 : 0;
        }
        // What is neither refused nor right is told by the CRC; most of it is refused before.
        assertThat(refused).as("seed %d", seed).isGreaterThan(2000);
    }

    private static boolean isRefused(Runnable read) {
        try {
            read.run();
            return false;
        } catch (MalformedBytesException e) {
            return true;
        }
    }

    private static Bytes damaged(Bytes bytes, Random random) {
        int end = random.nextBoolean() ? bytes.length() : random.nextInt(bytes.length());
        byte[] copy = bytes.slice(0, end).array().clone();
        if (end == bytes.length()) {
            copy[random.nextInt(end)] ^= (byte) (1 + random.nextInt(255));
        }
        return Bytes.wrap(copy);
    }
}
