package io.roost.cluster.crush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrushMapperTest {
    @ParameterizedTest
    @ValueSource(strings = {"classes", "flat3x1", "host3x3", "host3x3_hammer", "racks4", "single1"})
    void mappingsEqualEveryVector(String name) {
        CrushMap map = CrushText.read(Vectors.text("maps/" + name + ".txt"));
        List<String> lines = Vectors.lines(name + ".vec");
        int compared = 0;
        for (int at = 0; at < lines.size(); at++) {
            if (!lines.get(at).startsWith("set ")) {
                continue;
            }
            String[] set = lines.get(at).split(" ", -1);
            CrushTester tester = new CrushTester(map, reweights(value(set, "weights")));
            int rule = Integer.parseInt(value(set, "rule"));
            int replicas = Integer.parseInt(value(set, "numrep"));
            for (int row = 0; row < 64; row++) {
                String[] expected = lines.get(at + 1 + row).split(" ", -1);
                assertThat(expected).hasSize(16);
                for (int column = 0; column < 16; column++) {
                    int x = 16 * row + column;
                    assertThat(text(tester.map(rule, x, replicas)))
                            .as("%s x %d", lines.get(at), x)
                            .isEqualTo(expected[column]);
                    compared++;
                }
            }
        }
        assertThat(compared)
                .isPositive()
                .isEqualTo(1024
                        * (int) lines.stream()
                                .filter(line -> line.startsWith("set "))
                                .count());
    }

    @Test
    void rarerFeaturesGiveWhatCrushtoolGives() {
        int compared = 0;
        for (String line : Vectors.lines("features.vec")) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] set = line.split(" ", -1);
            CrushMap map = CrushText.read(Vectors.text("maps/" + set[0] + ".txt"));
            assertThat(CrushText.read(CrushText.write(map))).as(set[0]).isEqualTo(map);
            CrushTester tester = new CrushTester(map, reweights(set[3]));
            for (int x = 0; x < 64; x++) {
                assertThat(text(tester.map(Integer.parseInt(set[1]), x, Integer.parseInt(set[2]))))
                        .as("%s rule %s, %s devices, weights %s, x %d", set[0], set[1], set[2], set[3], x)
                        .isEqualTo(set[4 + x]);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(40 * 64);
    }

    @Test
    void testerPrintsNothingWhenEveryDeviceIsOut() {
        CrushMap map = CrushText.read(Vectors.text("maps/flat3x1.txt"));
        CrushTester tester = new CrushTester(map, new TreeMap<>(Map.of(0, 0, 1, 0, 2, 0)));
        List<String> lines = new ArrayList<>();
        tester.showMappings(0, 3, 0, 9, lines::add);
        assertThat(lines).isEmpty();
        assertThatThrownBy(() -> tester.showMappings(9, 3, 0, 9, lines::add))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String value(String[] set, String key) {
        return Arrays.stream(set)
                .filter(field -> field.startsWith(key + "="))
                .map(field -> field.substring(key.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static SortedMap<Integer, Integer> reweights(String text) {
        SortedMap<Integer, Integer> reweights = new TreeMap<>();
        if (!text.equals("-")) {
            for (String pair : text.split(",", -1)) {
                String[] fields = pair.split(":", -1);
                reweights.put(Integer.parseInt(fields[0]), CrushTester.reweight(fields[1]));
            }
        }
        return reweights;
    }

    private static String text(int[] devices) {
        if (devices.length == 0) {
            return ".";
        }
        StringBuilder text = new StringBuilder();
        for (int device : devices) {
            text.append(text.length() == 0 ? "" : ",").append(device == CrushMapper.NONE ? "-" : device);
        }
        return text.toString();
    }

    @Test
    void winnersThatDependOnTheExactLogarithmAreRight() {
        CrushMapper mapper = new CrushMapper(CrushText.read(Vectors.text("maps/lnsens.txt")));
        int[] weights = new int[10];
        Arrays.fill(weights, CrushItem.ONE);
        int compared = 0;
        for (String line : Vectors.lines("lnsens.sparse")) {
            if (!line.startsWith("#")) {
                String[] fields = line.split(" ", -1);
                assertThat(mapper.map(0, Integer.parseInt(fields[0]), 1, weights))
                        .as(line)
                        .containsExactly(Integer.parseInt(fields[1]));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(47);
    }

    private static final String UNIFORM = """
            device 0 osd.0
            device 1 osd.1
            device 2 osd.2
            device 3 osd.3
            type 0 osd
            type 1 host
            type 2 root
            host a { id -2 alg uniform hash 0 item osd.0 item osd.1 }
            host b { id -3 alg uniform hash 0 item osd.2 item osd.3 }
            host empty { id -4 alg straw2 hash 0 }
            root default { id -1 alg straw2 hash 0
              item a weight 2 item b weight 2 item empty weight 1 }
            rule r { id 0 type replicated min_size 1 max_size 10
              step take default step chooseleaf firstn 0 type host step emit }
            rule i { id 1 type erasure min_size 1 max_size 10
              step take default step chooseleaf indep 0 type host step emit }
            rule none { id 2 type replicated min_size 1 max_size 10 step take empty
              step choose firstn 0 type osd step emit }
            """;

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void oneDeviceOfEachHostIsFoundUnderEveryProfile(int rule) {
        for (CrushTunables tunables : List.of(
                CrushTunables.LEGACY,
                CrushTunables.BOBTAIL,
                CrushTunables.FIREFLY,
                CrushTunables.HAMMER,
                CrushTunables.JEWEL)) {
            CrushMap read = CrushText.read(UNIFORM);
            CrushMapper mapper =
                    new CrushMapper(new CrushMap(tunables, read.devices(), read.types(), read.buckets(), read.rules()));
            int[] weights = {CrushItem.ONE, CrushItem.ONE, CrushItem.ONE, CrushItem.ONE};
            int[] counts = new int[4];
            for (int x = 0; x < 1000; x++) {
                int[] found = mapper.map(rule, x, 2, weights);
                assertThat(found).hasSize(2);
                assertThat(found[0] / 2).isNotEqualTo(found[1] / 2);
                counts[found[0]]++;
                counts[found[1]]++;
            }
            assertThat(Arrays.stream(counts).min().orElseThrow())
                    .as("%s %s", tunables, Arrays.toString(counts))
                    .isGreaterThan(400);
        }
    }

    @Test
    void hostThatCannotServeLeavesAHoleInIndepAndNoneInFirstn() {
        CrushMapper mapper = new CrushMapper(CrushText.read(UNIFORM));
        int[] weights = {CrushItem.ONE, CrushItem.ONE, 0, 0};
        for (int x = 0; x < 100; x++) {
            assertThat(mapper.map(0, x, 3, weights)).hasSize(1);
            assertThat(mapper.map(1, x, 3, weights)).hasSize(3).contains(CrushMapper.NONE);
            assertThat(mapper.map(2, x, 3, weights)).isEmpty();
        }
    }

    @Test
    void refusesARuleThatTheMapDoesNotHave() {
        CrushMapper mapper = new CrushMapper(CrushText.read(UNIFORM));
        assertThatThrownBy(() -> mapper.map(7, 0, 3, new int[4])).isInstanceOf(IllegalArgumentException.class);
        assertThat(mapper.hasRule(7)).isFalse();
        assertThat(mapper.hasRule(1)).isTrue();
    }

    @Test
    void testerPrintsTheLinesOfCrushtool() {
        CrushTester tester = new CrushTester(CrushText.read(UNIFORM), new TreeMap<>(Map.of(2, 0, 3, 0)));
        StringBuilder lines = new StringBuilder();
        tester.showMappings(1, 3, 4, 5, line -> lines.append(line).append('\n'));
        assertThat(lines.toString())
                .matches(
                        "CRUSH rule 1 x 4 \\[[0-9,]*2147483647[0-9,]*]\nCRUSH rule 1 x 5 \\[[0-9,]*2147483647[0-9,]*]\n");
    }
}
