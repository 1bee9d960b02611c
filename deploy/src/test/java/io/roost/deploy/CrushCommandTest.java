package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command against what crushtool has printed for the same maps. */
class CrushCommandTest {
    private static final Pattern SET =
            Pattern.compile("set map=(\\S+) rule=(\\d+) name=\\S+ numrep=(\\d+) weights=(\\S+) x=(\\d+)\\.\\.(\\d+)");

    @TempDir
    private Path folder;

    private static String resource(String name) throws IOException {
        try (InputStream in = CrushCommandTest.class.getResourceAsStream("/crush/" + name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> execute(int exitCode, List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] array = arguments.toArray(new String[0]);
        CommandLine command = Main.commandLine(array);
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        assertThat(command.execute(array)).as(err.toString()).isEqualTo(exitCode);
        return exitCode == 0
                ? out.toString().lines().toList()
                : err.toString().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classes", "flat3x1", "host3x3", "host3x3_hammer", "racks4", "single1"})
    void printsWhatCrushtoolPrints(String vectors) throws IOException {
        List<String> lines = resource(vectors + ".vec").lines().toList();
        int sets = 0;
        for (int i = 0; i < lines.size(); i++) {
            Matcher set = SET.matcher(lines.get(i));
            if (set.matches()) {
                sets++;
                int count = Integer.parseInt(set.group(6)) + 1;
                List<String> expected = new ArrayList<>();
                int at = i + 1;
                while (expected.size() < count) {
                    for (String result : lines.get(at++).split(" ", -1)) {
                        expected.add(line(set.group(2), expected.size(), result));
                    }
                }
                assertThat(execute(0, arguments(set))).as(lines.get(i)).isEqualTo(expected);
            }
        }
        assertThat(sets).isPositive();
    }

    private static String line(String rule, int x, String result) {
        String devices = result.equals(".") ? "" : result.replace("-", "2147483647");
        return "CRUSH rule " + rule + " x " + x + " [" + devices + "]";
    }

    private List<String> arguments(Matcher set) throws IOException {
        Path map = folder.resolve(set.group(1) + ".txt");
        Files.writeString(map, resource("maps/" + set.group(1) + ".txt"));
        List<String> arguments = new ArrayList<>(List.of("crush", "test", "-i", map.toString()));
        arguments.addAll(List.of("--rule", set.group(2), "--num-rep", set.group(3)));
        arguments.addAll(List.of("--min-x", set.group(5), "--max-x", set.group(6), "--show-mappings"));
        if (!set.group(4).equals("-")) {
            for (String weight : set.group(4).split(",", -1)) {
                String[] parts = weight.split(":", -1);
                arguments.addAll(List.of("--weight", parts[0], parts[1]));
            }
        }
        return arguments;
    }

    @Test
    void anUnreadableMapIsNamedWithItsLine() throws IOException {
        Path map = Files.writeString(folder.resolve("bad.txt"), "# begin crush map\ntunable nonsense 1\n");
        List<String> arguments = List.of("crush", "test", "-i", map.toString(), "--rule", "0", "--num-rep", "1");
        assertThat(execute(1, arguments))
                .singleElement()
                .asString()
                .contains("bad.txt")
                .contains("2");
    }

    @Test
    void aMissingFileOrRuleOrDeviceIsSaidInOneLine() throws IOException {
        Path map = Files.writeString(folder.resolve("m.txt"), resource("maps/host3x3.txt"));
        List<String> missing = List.of("crush", "test", "-i", "/nowhere.txt", "--rule", "0", "--num-rep", "1");
        assertThat(execute(2, missing)).containsExactly("roost: cannot read /nowhere.txt: no such file or folder");
        List<String> rule = List.of("crush", "test", "-i", map.toString(), "--rule", "77", "--num-rep", "1");
        assertThat(execute(1, rule)).singleElement().asString().endsWith("has no rule 77");
        List<String> device = new ArrayList<>(rule);
        device.set(5, "0");
        device.addAll(List.of("--weight", "99", "0"));
        assertThat(execute(2, device)).first().asString().isEqualTo("roost: no device 99");
    }
}
