package io.roost.cluster.crush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CrushEditTest {
    private static CrushMap edited(CrushMap map, CrushEdit... edits) {
        CrushMap edited = map;
        for (CrushEdit edit : edits) {
            edited = edit.applied(edited);
            assertThat(edit.applied(edited)).as("%s once more", edit).isEqualTo(edited);
        }
        return edited;
    }

    private static CrushEdit device(int id, String host, String deviceClass) {
        return new CrushEdit.AddDevice(new CrushDevice(id, "osd." + id, deviceClass), host, 0x10000);
    }

    private static CrushMap threeHosts() {
        CrushMap map = CrushHierarchy.empty();
        for (int i = 0; i < 3; i++) {
            map = device(i, "h" + i, i == 0 ? "hdd" : "ssd").applied(map);
        }
        return map;
    }

    private static int weight(CrushMap map, String bucket) {
        return map.bucket(bucket).orElseThrow().weight();
    }

    private static int[] mapped(CrushMap map, int rule, int x) {
        int[] weights = new int[map.maxDevices()];
        Arrays.fill(weights, 0x10000);
        return new CrushMapper(map).map(rule, x, 3, weights);
    }

    @Test
    void weightsAreTheSumsAllTheWayUp() {
        CrushMap map = edited(
                threeHosts(),
                new CrushEdit.AddBucket("rack1", "rack", "default"),
                new CrushEdit.Move("h0", "rack1"),
                new CrushEdit.Move("h1", "rack1"),
                new CrushEdit.SetWeight(1, 0x30000));
        assertThat(weight(map, "h1")).isEqualTo(0x30000);
        assertThat(weight(map, "rack1")).isEqualTo(0x40000);
        assertThat(weight(map, "default")).isEqualTo(0x50000);
        CrushMap without = edited(map, new CrushEdit.RemoveDevice(1), new CrushEdit.RemoveBucket("h1"));
        assertThat(weight(without, "default")).isEqualTo(0x20000);
        assertThat(without.bucket("h1")).isEmpty();
    }

    @Test
    void movedHostKeepsItsIdSoThatOnlyWhatMustMoves() {
        CrushMap before = threeHosts();
        CrushMap after =
                edited(before, new CrushEdit.AddBucket("rack1", "rack", ""), new CrushEdit.Move("h2", "rack1"));
        assertThat(after.bucket("h2").map(CrushBucket::id))
                .isEqualTo(before.bucket("h2").map(CrushBucket::id));
        assertThat(new CrushAncestry(after).above(2, "rack").map(CrushBucket::name))
                .isEqualTo(Optional.of("rack1"));
        assertThat(new CrushAncestry(after).host(2)).isEqualTo("h2");
        assertThat(mapped(after, 0, 7)).hasSize(2);
    }

    @Test
    void ruleTakesOnlyDevicesOfItsClass() {
        CrushMap map = edited(threeHosts(), new CrushEdit.AddRule("fast", "default", "host", "ssd"));
        int rule = map.rule("fast").orElseThrow().id();
        for (int x = 0; x < 100; x++) {
            assertThat(mapped(map, rule, x)).containsExactlyInAnyOrder(1, 2);
        }
        CrushMap changed = edited(map, new CrushEdit.SetClass(0, "ssd"), device(3, "h3", "ssd"));
        assertThat(mapped(changed, rule, 1)).hasSize(3);
        CrushMap none = edited(map, new CrushEdit.SetClass(1, ""), new CrushEdit.SetClass(2, ""), device(3, "h3", ""));
        assertThat(mapped(none, rule, 1))
                .as("no device is of the class any more")
                .isEmpty();
    }

    @Test
    void whatBreaksARuleIsRefused() {
        CrushMap map = threeHosts();
        assertThatThrownBy(() -> new CrushEdit.Move("default", "h0").applied(map))
                .hasMessageContaining("cannot be in");
        assertThatThrownBy(() -> new CrushEdit.Move("h9", "default").applied(map))
                .hasMessageContaining("no bucket h9");
        assertThatThrownBy(() -> new CrushEdit.RemoveBucket("h0").applied(map)).hasMessageContaining("not empty");
        assertThatThrownBy(() -> new CrushEdit.AddBucket("x", "shelf", "").applied(map))
                .hasMessageContaining("no type shelf");
        assertThatThrownBy(() -> device(1, "h0", "").applied(map)).hasMessageContaining("another device 1");
        assertThatThrownBy(() -> device(5, "default", "").applied(map)).hasMessageContaining("is no host");
        assertThatThrownBy(() -> new CrushEdit.AddRule("r", "default", "host", "nvme").applied(map))
                .hasMessageContaining("no shadow");
    }

    /** Whatever is done in whatever order, the result is a map by all its rules, or the edit is refused. */
    @Test
    void randomEditsMakeMapsOrAreRefused() {
        long seed = 42;
        Random random = new Random(seed);
        CrushMap map = threeHosts();
        int made = 0;
        for (int i = 0; i < 3000; i++) {
            CrushEdit edit = any(random);
            try {
                map = edit.applied(map);
                made++;
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
            mapped(map, 0, i);
        }
        assertThat(made).isGreaterThan(500);
    }

    private static CrushEdit any(Random random) {
        List<String> buckets = List.of("default", "h0", "h1", "h2", "rack1", "rack2");
        String one = buckets.get(random.nextInt(buckets.size()));
        String other = buckets.get(random.nextInt(buckets.size()));
        int device = random.nextInt(6);
        String deviceClass = List.of("", "ssd", "hdd").get(random.nextInt(3));
        return switch (random.nextInt(9)) {
            case 0 ->
                new CrushEdit.AddBucket(one, random.nextBoolean() ? "rack" : "host", random.nextBoolean() ? other : "");
            case 1 -> new CrushEdit.Move(one, other);
            case 2 -> new CrushEdit.Move("osd." + device, other);
            case 3 -> new CrushEdit.SetWeight(device, random.nextInt(0x40000));
            case 4 -> new CrushEdit.SetClass(device, deviceClass);
            case 5 -> new CrushEdit.AddRule("r" + device, one, random.nextBoolean() ? "host" : "osd", deviceClass);
            case 6 -> new CrushEdit.RemoveRule("r" + device);
            case 7 -> device(device, one, deviceClass);
            default -> random.nextBoolean() ? new CrushEdit.RemoveDevice(device) : new CrushEdit.RemoveBucket(one);
        };
    }
}
