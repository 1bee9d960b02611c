package io.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server in a JVM of its own, with no more on the class path than it must have. */
class StandaloneTest {
    /** What users may have or not have. */
    private static final List<String> OPTIONAL = List.of(
            "/software/amazon/",
            "/org/junit/",
            "/org/apache/httpcomponents/",
            "/org/assertj/",
            "/archunit",
            "/logback-");

    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    private Path temporary;

    private static String classPathWithout(List<String> parts) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> parts.stream().noneMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** What the program prints; it must end by itself, with exit code 0. */
    private String run(String classPath) throws IOException, InterruptedException {
        Path output = temporary.resolve("output");
        Path folder = Files.createDirectory(temporary.resolve("tmp"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        classPath,
                        StandaloneProgram.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the JVM ends, because no thread is left that would keep it: %s", read(output))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = read(output);
        assertThat(process.exitValue()).as(text).isZero();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("temporary files").isEmpty();
        }
        return text;
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    @Test
    void needsNeitherSdkNorJunitNorLogBindingAndLeavesNothing() throws IOException, InterruptedException {
        String classPath = classPathWithout(OPTIONAL);
        assertThat(classPath).contains("vertx-core").doesNotContain("picocli");
        String text = run(classPath);
        System.out.println("RoostServer, alone in a new JVM: "
                + text.lines().filter(line -> line.startsWith("started")).collect(Collectors.joining()));
        assertThat(text).contains("unsigned 403", "admin 200", "returns").doesNotContain("Exception", "Error");
    }

    @Test
    void saysThatAnotherNettyIsInTheWay() throws IOException, InterruptedException {
        // What a jar of an older module tells of itself.
        Path old = temporary.resolve("old/META-INF/io.netty.versions.properties");
        Files.createDirectories(old.getParent());
        Files.writeString(old, """
                netty-handler-proxy-of-old.version=4.1.137.Final
                netty-handler-proxy-of-old.buildDate=2026-01-01 00:00:00 +0000
                netty-handler-proxy-of-old.commitDate=2026-01-01 00:00:00 +0000
                netty-handler-proxy-of-old.shortCommitHash=0
                netty-handler-proxy-of-old.longCommitHash=0
                netty-handler-proxy-of-old.repoStatus=clean
                """);
        String text = run(temporary.resolve("old") + File.pathSeparator + classPathWithout(OPTIONAL));
        assertThat(text)
                .contains(
                        "refused Roost cannot start",
                        "{netty-handler-proxy-of-old=4.1.137.Final}",
                        "Netty 4.2",
                        "returns")
                .doesNotContain("netty-common");
    }

    @Test
    void saysThatNettyIsIncomplete() throws IOException, InterruptedException {
        List<String> without =
                Stream.concat(OPTIONAL.stream(), Stream.of("/netty-transport/")).toList();
        String text = run(classPathWithout(without));
        assertThat(text).contains("refused Roost cannot start", "NoClassDefFoundError", "netty-common=4.2", "returns");
    }
}
