package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The chapter of README.md about three nodes, word by word: every command is run as it stands there. What belongs to a machine
 * is another on this one: its address, its data folder, its home, and ports that are free.
 */
class ReadmeClusterIT {
    private static final Pattern CHAPTER =
            Pattern.compile("(?m)^## Three nodes that survive one$(.*?)^## ", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern BLOCK = Pattern.compile("```console\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINE = Pattern.compile("(n\\d)\\$ roost (.*)");
    private static final Pattern DEATH = Pattern.compile("# (n\\d) dies");
    private static final Pattern STATES = Pattern.compile("pgs\\n +state +pgs *\\n +active\\+clean +\\d+ *\\ndamaged");
    private static final Pattern TOKEN = Pattern.compile("roost-join-\\S+");
    private static final Pattern ADDRESS = Pattern.compile("10\\.0\\.0\\.(\\d)");
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    private Path folder;

    private final Map<String, RoostProcess> nodes = new TreeMap<>();
    private final Map<String, String> addresses = new TreeMap<>();
    private final Map<String, String> printed = new TreeMap<>();
    private String token;

    @AfterEach
    void stop() {
        nodes.values().forEach(RoostProcess::close);
    }

    @Test
    void theChapterMakesThreeNodesAndReplacesOne() throws Exception {
        Matcher chapter = CHAPTER.matcher(Files.readString(RoostProcess.root().resolve("README.md")));
        assertThat(chapter.find()).isTrue();
        Matcher block = BLOCK.matcher(chapter.group(1));
        int commands = 0;
        while (block.find()) {
            for (String line : block.group(1).lines().toList()) {
                Matcher command = LINE.matcher(line);
                Matcher death = DEATH.matcher(line);
                if (death.matches()) {
                    nodes.remove(death.group(1)).kill();
                } else {
                    assertThat(command.matches()).as(line).isTrue();
                    run(command.group(1), command.group(2));
                    commands++;
                }
            }
            everyNodeServes();
        }
        assertThat(commands).isGreaterThanOrEqualTo(18);
        assertThat(nodes.keySet()).containsExactly("n1", "n2", "n4");
        assertThat(printed.get("health detail")).contains("OSD_DOWN", "MON_DOWN");
        String status = lookUntil("n1", List.of("status"), shown -> shown.contains("HEALTH_OK"));
        assertThat(status).contains("active+clean").doesNotContain("n3");
        assertThat(execute("n4", "osd", "tree")).contains("n4", "osd.3").doesNotContain("n3", "osd.2");
        assertThat(execute("n4", "pool", "ls", "--json")).doesNotContain("\"minSize\" : 1");
    }

    private void run(String machine, String line) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        for (String word : line.split(" ", -1)) {
            words.add(here(machine, word));
        }
        if (line.startsWith("node ")) {
            assertThat(words.remove(words.size() - 1)).isEqualTo("&");
            RoostProcess node = RoostProcess.node(
                    data(machine),
                    environment(machine),
                    words.subList(3, words.size()).toArray(new String[0]));
            nodes.put(machine, node);
            node.awaitReady();
        } else if (line.equals("status -w")) {
            watch(machine, words);
        } else if (line.equals("health detail")) {
            // Who looks at once sees the moment in which the monitors have noticed less than all, or what the dead node
            // led
            // is not served yet.
            printed.put(
                    line,
                    lookUntil(machine, words, shown -> shown.startsWith("HEALTH_WARN") && shown.contains("OSD_DOWN")));
        } else {
            String answer = execute(machine, words.toArray(new String[0]));
            Matcher made = TOKEN.matcher(answer);
            token = made.find() ? made.group() : token;
            printed.put(line, answer);
        }
    }

    private Path data(String machine) {
        return folder.resolve(machine).resolve("data");
    }

    private String here(String machine, String word) throws IOException {
        if (word.equals("TOKEN")) {
            return token;
        }
        if (word.equals("/var/lib/roost")) {
            Files.createDirectories(data(machine).getParent());
            return data(machine).toString();
        }
        Matcher address = ADDRESS.matcher(word);
        if (!address.matches()) {
            return word;
        }
        assertThat("n" + address.group(1)).isEqualTo(machine);
        if (!addresses.containsKey(machine)) {
            addresses.put(machine, LocalCluster.freeAddress());
        }
        return addresses.get(machine);
    }

    private Map<String, String> environment(String machine) {
        return Map.of(
                "HOME",
                folder.resolve(machine).toString(),
                "XDG_DATA_HOME",
                folder.resolve(machine).toString());
    }

    private Process begin(String machine, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(RoostProcess.root().resolve("deploy/bin/roost").toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ROOST_BUILD", "never");
        builder.environment().putAll(environment(machine));
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private String execute(String machine, String... words) throws IOException, InterruptedException {
        Process process = begin(machine, Arrays.asList(words));
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(List.of(words) + "\n" + answer).isZero();
        return answer;
    }

    private String lookUntil(String machine, List<String> words, Predicate<String> condition)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            Process process = begin(machine, words);
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            if (condition.test(answer)) {
                return answer;
            }
            assertThat(System.nanoTime()).as(answer).isLessThan(end);
        }
    }

    /** As somebody does who looks until all is well, and then interrupts it. */
    private void watch(String machine, List<String> words) throws IOException, InterruptedException {
        Process process = begin(machine, words);
        StringBuilder seen = new StringBuilder();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        byte[] buffer = new byte[8192];
        try {
            while (!isWhole(seen)) {
                int count = process.getInputStream().read(buffer);
                assertThat(count).as("status -w ended\n" + seen).isPositive();
                assertThat(System.nanoTime()).as("not whole in time\n" + seen).isLessThan(end);
                seen.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /**
     * What was shown last: every placement group is active+clean, and min_size has risen. It is not HEALTH_OK as long as the
     * dead node has not been given up.
     */
    private static boolean isWhole(StringBuilder seen) {
        int last = seen.lastIndexOf("fsid ");
        String shown = last < 0 ? "" : seen.substring(last);
        return STATES.matcher(shown).find() && !shown.contains("POOL_");
    }

    /** What was put before is there, at each node; then another object is put at each. */
    private void everyNodeServes() {
        Matcher key = Pattern.compile("accessKey +(\\S+)\\s+.*?secretKey +(\\S+)", Pattern.DOTALL)
                .matcher(printed.get("user create alice"));
        assertThat(key.find()).as(printed.get("user create alice")).isTrue();
        AwsBasicCredentials credentials = AwsBasicCredentials.create(key.group(1), key.group(2));
        for (Map.Entry<String, RoostProcess> node : nodes.entrySet()) {
            try (S3Client s3 = S3Client.builder()
                    .endpointOverride(node.getValue().endpoint())
                    .region(Region.US_EAST_1)
                    .forcePathStyle(true)
                    .credentialsProvider(StaticCredentialsProvider.create(credentials))
                    .build()) {
                s3.createBucket(b -> b.bucket("photos"));
                String name = "of-" + node.getKey() + "-"
                        + s3.listObjectsV2(b -> b.bucket("photos")).keyCount();
                s3.putObject(b -> b.bucket("photos").key(name), RequestBody.fromString(name));
                s3.listObjectsV2(b -> b.bucket("photos"))
                        .contents()
                        .forEach(object -> assertThat(s3.getObjectAsBytes(
                                                b -> b.bucket("photos").key(object.key()))
                                        .asUtf8String())
                                .isEqualTo(object.key()));
            }
        }
    }
}
