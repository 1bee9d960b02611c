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
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Runs a program of these tests in a JVM of its own. */
final class ChildJvm {
    private static final long PATIENCE_SECONDS = 180;

    private ChildJvm() {}

    /** The entries of this JVM's class path that are wanted. */
    static List<String> classPath(Predicate<String> isWanted) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(isWanted)
                .toList();
    }

    /**
     * What a program prints. It must end by itself, with exit code 0, and leave no temporary file.
     *
     * @param folder empty; for the output and for temporary files
     */
    static String run(Path folder, List<String> classPath, Class<?> program) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        program.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean isEnded;
        try {
            isEnded = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(isEnded)
                .as("the JVM ends, because no thread is left that would keep it: %s", text)
                .isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).as("temporary files").isEmpty();
        }
        return text;
    }
}
