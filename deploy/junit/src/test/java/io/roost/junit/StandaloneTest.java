package io.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
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

    @TempDir
    private Path folder;

    @Test
    void needsNeitherSdkNorJunitNorLogBindingAndLeavesNothing() throws IOException, InterruptedException {
        List<String> classPath = ChildJvm.classPath(entry -> OPTIONAL.stream().noneMatch(entry::contains));
        assertThat(classPath)
                .anyMatch(entry -> entry.contains("vertx-core"))
                .noneMatch(entry -> entry.contains("picocli"));
        String text = ChildJvm.run(folder, classPath, StandaloneProgram.class);
        System.out.println("RoostServer, alone in a new JVM: "
                + text.lines().filter(line -> line.startsWith("started")).collect(Collectors.joining()));
        assertThat(text).contains("unsigned 403", "admin 200", "returns").doesNotContain("Exception", "Error");
    }
}
