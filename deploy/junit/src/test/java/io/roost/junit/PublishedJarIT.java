package io.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as users get it: the server's libraries inside, under names of its own. */
class PublishedJarIT {
    /** Classes of these folders must come from the published jar alone. */
    private static final List<String> INSIDE = List.of(
            "/io/vertx/", "/org/bouncycastle/", "/io/micrometer/", "/io/prometheus/", "/com/fasterxml/", "/org/yaml/");

    @TempDir
    private Path folder;

    private static String jar() {
        return System.getProperty("roost.junit.jar");
    }

    private static List<String> jarAnd(Stream<String> others) {
        List<String> classPath = new ArrayList<>(List.of(jar()));
        others.forEach(classPath::add);
        return classPath;
    }

    private static boolean isOfRoost(String entry) {
        Path name = Path.of(entry).getFileName();
        return name.toString().startsWith("roost-") || name.toString().equals("classes");
    }

    @Test
    void hasNoClassThatCouldMeetAnother() throws IOException {
        try (JarFile content = new JarFile(jar())) {
            List<String> names = content.stream().map(ZipEntry::getName).toList();
            assertThat(names).anyMatch(name -> name.startsWith("io/roost/junit/shaded/io/netty/"));
            assertThat(names)
                    .filteredOn(name -> name.endsWith(".class"))
                    .allMatch(name -> name.startsWith("io/roost/"));
            assertThat(names).noneMatch(name -> name.contains("logback") || name.contains("picocli"));
            assertThat(names)
                    .filteredOn(name -> name.startsWith("META-INF/services/") && !name.endsWith("/"))
                    .allMatch(name -> name.startsWith("META-INF/services/io.roost."));
        }
    }

    @Test
    void runsWithRocksDbAndSlf4jAlone() throws IOException, InterruptedException {
        List<String> classPath = jarAnd(ChildJvm.classPath(entry -> entry.endsWith("test-classes")
                        || entry.contains("/rocksdbjni-")
                        || entry.contains("/slf4j-api-"))
                .stream());
        assertThat(classPath).hasSize(4);
        assertThat(ChildJvm.run(folder, classPath, StandaloneProgram.class))
                .contains("unsigned 403", "admin 200", "returns")
                .doesNotContain("Exception", "Error");
    }

    @Test
    void givesTestsWhatTheyAskFor() throws IOException, InterruptedException {
        List<String> classPath = jarAnd(
                ChildJvm.classPath(entry -> !isOfRoost(entry) && INSIDE.stream().noneMatch(entry::contains)).stream());
        assertThat(ChildJvm.run(folder, classPath, JupiterProgram.class))
                .contains("succeeded 4", "failed []", "server from file:" + jar());
    }
}
