package io.roost.cluster.crush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrushTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"classes", "flat3x1", "host3x3", "host3x3_hammer", "lnsens", "racks4", "single1"})
    void writtenMapReadsBackEqual(String name) {
        CrushMap map = CrushText.read(Vectors.text("maps/" + name + ".txt"));
        assertThat(CrushText.read(CrushText.write(map))).isEqualTo(map);
    }

    /** The dump has the integer weights, the assigned ids, and the shadow trees as buckets of their own. */
    @ParameterizedTest
    @ValueSource(strings = {"classes", "flat3x1", "host3x3", "host3x3_hammer", "lnsens", "racks4", "single1"})
    void bucketsAndShadowsEqualTheDump(String name) throws JsonProcessingException {
        CrushMap map = CrushText.read(Vectors.text("maps/" + name + ".txt"));
        TreeMap<Integer, String> buckets = new TreeMap<>();
        for (CrushBucket bucket : map.buckets()) {
            buckets.put(bucket.id(), bucket.name() + " " + bucket.type() + " " + items(bucket.items()));
        }
        for (CrushMap.Shadow shadow : map.shadowBuckets()) {
            buckets.put(shadow.id(), shadow.name() + " " + shadow.type() + " " + items(shadow.items()));
        }
        TreeMap<Integer, String> expected = new TreeMap<>();
        JsonNode dump = new ObjectMapper().readTree(Vectors.text("maps/" + name + ".json"));
        for (JsonNode bucket : dump.get("buckets")) {
            StringBuilder items = new StringBuilder();
            for (JsonNode item : bucket.get("items")) {
                items.append(item.get("id").asInt())
                        .append('*')
                        .append(item.get("weight").asInt())
                        .append(' ');
            }
            expected.put(
                    bucket.get("id").asInt(),
                    bucket.get("name").asText() + " " + bucket.get("type_id").asInt() + " " + items);
        }
        assertThat(buckets).isEqualTo(expected);
    }

    private static String items(List<CrushItem> items) {
        StringBuilder text = new StringBuilder();
        for (CrushItem item : items) {
            text.append(item.id()).append('*').append(item.weight()).append(' ');
        }
        return text.toString();
    }

    @Test
    void idsThatAreNotGivenAreTheFirstFree() {
        CrushMap map = CrushText.read("""
                device 0 osd.0 class ssd
                device 1 osd.1 class hdd
                type 0 osd
                type 1 host
                type 2 root
                host a { alg straw2 item osd.0 item osd.1 weight 0.5 }
                root default { alg straw2 item a }
                rule ssd { id 3 type 1 step take default class ssd step chooseleaf firstn 0 type host step emit }
                """);
        CrushBucket host = map.bucket("a").orElseThrow();
        CrushBucket root = map.bucket("default").orElseThrow();
        assertThat(host.id()).isEqualTo(-1);
        assertThat(root.id()).isEqualTo(-2);
        assertThat(host.shadowIds()).containsEntry("ssd", -3).containsEntry("hdd", -5);
        assertThat(root.shadowIds()).containsEntry("ssd", -4).containsEntry("hdd", -6);
        assertThat(root.items()).containsExactly(new CrushItem(-1, 0x18000));
        assertThat(map.tunables()).isEqualTo(CrushTunables.LEGACY);
        assertThat(new CrushMapper(map).map(3, 1, 2, new int[] {0x10000, 0x10000}))
                .containsExactly(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | tunable choose_best 1",
                "2 | `type 0 osd\ndevice x osd.0`",
                "2 | `device 0 osd.0\ndevice 0 osd.1`",
                "2 | `device 0 osd.0\ndevice 1 osd.0`",
                "2 | `type 1 host\nhost a { id -1 item osd.9 weight 1.0 }`",
                "3 | `type 1 host\n\nhost a { id -1 alg list }`",
                "4 | `type 1 host\nhost a {\n  id -1\n  hash 2 }`",
                "2 | `type 1 host\nhost a { id -1 }`",
                "2 | `type 1 host\nhost a { id 1 alg straw2 }`",
                "3 | `type 1 host\nhost a { id -1 alg straw2\n`",
                "3 | `device 0 o\ntype 1 host\nhost a { alg straw2 item o weight -1 }`",
                "3 | `device 0 o\ntype 1 host\nhost a { alg straw2 item o weight much }`",
                "4 | `device 0 o\ntype 1 host\nhost a { id -1 alg straw2 }\nhost b { id -1 alg straw2 }`",
                "4 | `type 1 host\nhost a { id -1 alg straw2 }\nrule r { id 0\nstep take b }`",
                "3 | `type 1 host\nhost a { id -1 alg straw2 }\nrule r { id 0 step take a class ssd }`",
                "2 | `rule r { id 0\nstep chooseleaf firstn 0 type host }`",
                "2 | `rule r { id 0\nstep choose some 0 type host }`",
                "2 | `rule r { id 0\nstep jump }`",
                "1 | rule r { step emit }",
                "1 | choose_args 1 { }",
                "2 | `# comment\nwhat`",
            })
    void errorNamesTheLine(int line, String text) {
        assertThatThrownBy(() -> CrushText.read(text.strip().equals(text) ? text : text.strip() + "\n"))
                .isInstanceOf(CrushTextException.class)
                .hasMessageStartingWith("line " + line + ": ");
    }
}
