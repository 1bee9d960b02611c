package io.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The programs of README.md are compiled as they stand there, and run. */
class ReadmeTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    /** The programs by the name of their class. */
    private static Map<String, String> programs() throws IOException {
        Map<String, String> programs = new LinkedHashMap<>();
        Matcher program = PROGRAM.matcher(Files.readString(Path.of("README.md")));
        while (program.find()) {
            Matcher name = CLASS.matcher(program.group(1));
            assertThat(name.find()).as("a class in %s", program.group(1)).isTrue();
            programs.put(name.group(1), program.group(1));
        }
        return programs;
    }

    private void compile(Map<String, String> programs) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Map.Entry<String, String> program : programs.entrySet()) {
            sources.add(Files.writeString(folder.resolve(program.getKey() + ".java"), program.getValue()));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        List<String> options = List.of(
                "-d",
                folder.toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "-parameters",
                "-proc:none");
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean isCompiled = compiler.getTask(
                            complaints, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(isCompiled).as(complaints.toString()).isTrue();
        }
    }

    @Test
    void programsRun() throws IOException, ReflectiveOperationException {
        Map<String, String> programs = programs();
        assertThat(programs).containsOnlyKeys("ReportStoreTest", "HttpsTest", "Anywhere");
        compile(programs);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                    .selectors(
                            DiscoverySelectors.selectClass(loader.loadClass("ReportStoreTest")),
                            DiscoverySelectors.selectClass(loader.loadClass("HttpsTest")))
                    .execute();
            assertThat(results.allEvents().failed().list()).isEmpty();
            assertThat(results.testEvents().succeeded().count()).isEqualTo(2);
            Method main = loader.loadClass("Anywhere").getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
        }
    }
}
