package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.LocalCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ceph's own tools on the map of a running cluster: they place what we place where we place it. */
class CephToolsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LOCATORS = 1000;

    @TempDir
    private static Path home;

    @TempDir
    private Path folder;

    private static ClientProgram crushtool;
    private static ClientProgram shell;

    @BeforeAll
    static void find() {
        crushtool = ClientProgram.at(home, "/usr/bin/crushtool");
        ClientProgram.at(home, "/usr/bin/osdmaptool");
        shell = ClientProgram.at(home, "/bin/bash", "-euo", "pipefail", "-c");
    }

    /** Of the pool {@code system}, which has the first pool's id as the one that osdmaptool makes. */
    private static List<String> ours(LocalCluster cluster, List<String> locators) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("osd", "map", "--json", "system"));
        arguments.addAll(locators);
        JsonNode answer = JSON.readTree(cluster.command(1, arguments.toArray(String[]::new)));
        List<String> lines = new ArrayList<>();
        for (JsonNode one : answer.path("locators")) {
            lines.add("object '" + one.path("locator").asText() + "' -> "
                    + one.path("pg").asText() + " -> "
                    + one.path("up").asText().replace(" ", ""));
        }
        return lines;
    }

    private static List<String> osdmaptool(String exported, int pgs, List<String> locators) throws Exception {
        Path text = Files.writeString(home.resolve("crush.txt"), exported);
        crushtool.run("-c", text.toString(), "-o", home.resolve("crush").toString());
        int bits = Integer.numberOfTrailingZeros(pgs) - 2;
        shell.run(String.join(
                "\n",
                "osdmaptool map --clobber --createsimple 4 --with-default-pool --pg-bits " + bits + " --pgp-bits "
                        + bits,
                "osdmaptool map --import-crush crush"));
        Files.write(home.resolve("locators"), locators);
        String printed = shell.run(
                "xargs -a locators -P 2 -I NAME osdmaptool map --mark-up-in --test-map-object NAME 2>/dev/null");
        return Arrays.stream(printed.split("\n"))
                .map(String::strip)
                .filter(line -> line.startsWith("object "))
                .toList();
    }

    @Test
    void osdmaptoolPutsAThousandLocatorsOnTheSameOsds() throws Exception {
        List<String> locators = IntStream.range(0, LOCATORS)
                .mapToObj(i -> "locator-" + i * 7919L + "/x" + "y".repeat(i % 50))
                .toList();
        try (LocalCluster cluster = LocalCluster.three(folder)) {
            cluster.keepThreeReplicas();
            int pgs = JSON.readTree(cluster.command(0, "pool", "ls", "--json"))
                    .path("pools")
                    .path(0)
                    .path("pgs")
                    .asInt();
            List<String> even = ours(cluster, locators);
            assertThat(even).hasSize(LOCATORS);
            assertThat(osdmaptool(cluster.command(0, "crush", "export"), pgs, locators))
                    .containsExactlyInAnyOrderElementsOf(even);

            cluster.command(2, "crush", "weight", "osd.1", "0.25");
            List<String> some = locators.subList(0, 200);
            List<String> uneven = ours(cluster, some);
            assertThat(uneven).isNotEqualTo(even.subList(0, 200));
            assertThat(osdmaptool(cluster.command(0, "crush", "export"), pgs, some))
                    .containsExactlyInAnyOrderElementsOf(uneven);
        }
    }
}
