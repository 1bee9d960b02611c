package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.crush.CrushText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What an administrator's commands do to a running node, and what they say when they do not. */
class AdministratorTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static EmbeddedNode node;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        node = EmbeddedNode.start(new EmbeddedNode.Options(
                Optional.empty(), 0, new NodeConfig.Tls.Off(), Optional.of(new EmbeddedNode.Keys("AK", "secret"))));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String execute(int exitCode, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", node.data().toString()));
        String[] array = all.toArray(new String[0]);
        CommandLine command = Main.commandLine(array);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        assertThat(command.execute(array)).as(out + "\n" + err).isEqualTo(exitCode);
        return exitCode == 0 ? out.toString() : err.toString();
    }

    private static JsonNode json(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        return JSON.readTree(execute(0, all.toArray(new String[0])));
    }

    private static CrushMap crush() {
        return CrushText.read(execute(0, "crush", "export"));
    }

    private static JsonNode osd() throws IOException {
        return json("osd", "df").path("osds").path(0);
    }

    private static JsonNode pool(String name) throws IOException {
        for (JsonNode pool : json("pool", "ls").path("pools")) {
            if (pool.path("name").asText().equals(name)) {
                return pool;
            }
        }
        throw new AssertionError("no pool " + name);
    }

    @Test
    void theShareOfAnOsd() throws IOException {
        execute(0, "osd", "out", "osd.0");
        assertThat(osd().path("reweight").asDouble()).isZero();
        assertThat(execute(0, "osd", "out", "0")).contains("no change");
        execute(0, "osd", "reweight", "0", "0.5");
        assertThat(osd().path("reweight").asDouble()).isEqualTo(0.5);
        assertThat(osd().path("pgs").asInt()).isPositive();
        assertThat(execute(1, "osd", "reweight", "0", "1.5"))
                .isEqualTo("roost: a reweight is 0 (out) to 1 (in), not 1.5\n");
        execute(0, "osd", "in", "0");
        assertThat(osd().path("reweight").asDouble()).isEqualTo(1);
        assertThat(execute(0, "osd", "perf")).startsWith("id  status  commitMicros\n0   up");
        assertThat(execute(1, "osd", "in", "7")).isEqualTo("roost: there is no osd.7\n");
        assertThat(execute(2, "osd", "in", "disk7")).contains("'disk7' is no OSD: osd.3, or 3");
    }

    @Test
    void whatCanBeTheEndOfDataIsRefused() {
        assertThat(execute(1, "osd", "lost", "0"))
                .isEqualTo("roost: what only osd.0 has would be gone for good; say --accept-data-loss if it is\n");
        assertThat(execute(1, "osd", "lost", "0", "--accept-data-loss")).isEqualTo("roost: osd.0 is up\n");
        assertThat(execute(1, "osd", "purge", "0", "--accept-data-loss"))
                .isEqualTo("roost: osd.0 is not down and out: osd out, then stop it\n");
    }

    @Test
    void hosts() {
        assertThat(execute(1, "host", "rm", "n7")).isEqualTo("roost: there is no host n7\n");
        assertThat(execute(1, "host", "rm", "default")).isEqualTo("roost: there is no host default\n");
        assertThat(execute(1, "host", "rm", "localhost")).contains("localhost has osd.0; osd out");
        execute(0, "crush", "add-bucket", "spare", "host", "--in", "default");
        execute(0, "host", "rm", "spare");
        assertThat(crush().bucket("spare")).isEmpty();
    }

    @Test
    void replicasOfAPool() throws IOException {
        int before = pool("data").path("size").asInt();
        execute(0, "pool", "set", "data", "size", "3");
        assertThat(pool("data").path("size").asInt()).isEqualTo(3);
        assertThat(pool("data").path("minSize").asInt())
                .as("kept until all is clean")
                .isEqualTo(1);
        execute(0, "pool", "set", "data", "min_size", "2");
        assertThat(pool("data").path("minSize").asInt()).isEqualTo(2);
        assertThat(execute(1, "pool", "set", "data", "min_size", "1")).contains("the loss of one disk");
        assertThat(execute(1, "pool", "set", "data", "min_size", "4")).contains("min_size 4");
        execute(0, "pool", "set", "data", "min_size", "1", "--accept-data-loss");
        execute(0, "pool", "set", "data", "size", String.valueOf(before));
        assertThat(pool("data").path("size").asInt()).isEqualTo(before);
        assertThat(execute(1, "pool", "set", "nil", "size", "1")).isEqualTo("roost: there is no pool nil\n");
        assertThat(execute(1, "pool", "set", "data", "colour", "1"))
                .isEqualTo("roost: settings of a pool are size and min_size\n");
    }

    @Test
    void settingsOfOsds() throws IOException {
        assertThat(json("config", "ls").path("set")).isEmpty();
        assertThat(execute(0, "config", "ls")).contains("osd_max_backfills");
        execute(0, "config", "set", "mon", "mon_osd_down_out_interval", "1800");
        execute(0, "config", "rm", "mon", "mon_osd_down_out_interval");
        assertThat(execute(1, "config", "set", "osd", "mon_osd_down_out_interval", "1800"))
                .isEqualTo("roost: mon_osd_down_out_interval is of mon, not of osd\n");
        execute(0, "config", "set", "osd", "osd_max_backfills", "2");
        execute(0, "config", "set", "osd.0", "osd_max_backfills", "3");
        assertThat(json("config", "ls").path("set").findValuesAsText("who")).containsExactly("osd", "osd.0");
        assertThat(json("config", "ls").path("set").findValuesAsText("value")).containsExactly("2", "3");
        execute(0, "config", "rm", "osd", "osd_max_backfills");
        execute(0, "config", "rm", "osd.0", "osd_max_backfills");
        assertThat(json("config", "ls").path("set")).isEmpty();
        assertThat(execute(1, "config", "set", "osd", "osd_max_backfills", "0"))
                .isEqualTo("roost: osd_max_backfills is a whole number from 1 to 64, not '0'\n");
        assertThat(execute(1, "config", "set", "node.n1", "key", "x"))
                .isEqualTo("roost: settings are of osd, of one OSD as osd.3, of mon, or global; not of node.n1\n");
        assertThat(execute(1, "config", "set", "osd", "key", "x"))
                .isEqualTo("roost: there is no setting key; roost config ls has them\n");
    }

    @Test
    void flags() throws IOException {
        execute(0, "osd", "set", "noout");
        assertThat(execute(0, "osd", "tree")).endsWith("flags: noout\n");
        assertThat(json("status").path("flags").path(0).asText()).isEqualTo("noout");
        execute(0, "osd", "unset", "NOOUT");
        execute(0, "osd", "set", "nodeep-scrub");
        assertThat(execute(0, "osd", "tree")).endsWith("flags: nodeep-scrub\n");
        execute(0, "osd", "unset", "nodeep-scrub");
        assertThat(execute(0, "osd", "tree")).doesNotContain("flags");
        assertThat(execute(2, "osd", "set", "nothing")).contains("NOOUT", "nodeep-scrub");
    }

    @Test
    void theHierarchyIsShownAndChanged() throws IOException {
        CrushMap before = crush();
        execute(0, "crush", "diff", "add-bucket", "rack1", "rack", "--in", "default");
        assertThat(crush()).as("a look changes nothing").isEqualTo(before);
        execute(0, "crush", "add-bucket", "rack1", "rack", "--in", "default");
        execute(0, "crush", "add-rule", "by-rack", "--domain", "rack");
        String host = before.buckets().stream()
                .filter(bucket -> bucket.items().stream().anyMatch(item -> item.id() == 0))
                .findFirst()
                .orElseThrow()
                .name();
        execute(0, "crush", "move", host, "rack1");
        execute(0, "crush", "weight", "osd.0", "2.5");
        execute(0, "crush", "class", "osd.0", "ssd");
        assertThat(execute(0, "osd", "tree"))
                .contains("    " + host)
                .contains("rack1")
                .contains("2.5");
        assertThat(execute(0, "crush", "export"))
                .contains("device 0 osd.0 class ssd", "rule by-rack {", "item rack1 weight 2.500");
        execute(0, "crush", "add-bucket", "elsewhere", "root");
        JsonNode diff = json("crush", "diff", "move", host, "elsewhere");
        assertThat(diff.path("changedPgs").asInt())
                .isEqualTo(diff.path("pgs").asInt())
                .isPositive();
        assertThat(diff.path("osds").path(0).path("pgsAfter").asInt()).isZero();
        assertThat(diff.path("moves").path(0).path("before").asText()).isEqualTo("[0]");
        assertThat(execute(1, "crush", "move", "rack1", host)).startsWith("roost: a rack cannot be in " + host);
        assertThat(execute(1, "crush", "rm-bucket", "rack1")).isEqualTo("roost: bucket rack1 is not empty\n");
        assertThat(execute(1, "crush", "diff", "rm-rule", "replicated_rule")).contains("has no rule 0");
        assertThat(execute(1, "crush", "rm-rule", "replicated_rule")).contains("has no rule 0");
        execute(0, "crush", "rm-rule", "by-rack");

        Path file = folder.resolve("map.txt");
        Files.writeString(file, CrushText.write(before));
        assertThat(json("crush", "diff", "import", file.toString())
                        .path("changedPgs")
                        .asInt())
                .as("a sole OSD has everything, wherever it is")
                .isZero();
        execute(0, "crush", "import", file.toString());
        assertThat(crush()).isEqualTo(before);
        Files.writeString(file, "tunable nonsense 1\n");
        assertThat(execute(1, "crush", "import", file.toString())).startsWith("roost: the map: line 1: ");
        assertThat(execute(2, "crush", "import", folder.resolve("none").toString()))
                .contains("no such file");
    }
}
