package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HealthTextsTest {
    private static final Path HEALTH = Path.of("../cluster/src/main/java/io/roost/cluster/mon/Health.java");
    private static final Pattern COMMAND = Pattern.compile("roost ([a-z]+) ([a-z-]+)");

    @Test
    void everyCommandThatHealthAdvisesExists() throws IOException {
        Matcher advised = COMMAND.matcher(Files.readString(HEALTH));
        int count = 0;
        for (; advised.find(); count++) {
            Map<String, CommandLine> groups = Main.commandLine().getSubcommands();
            assertThat(groups).as(advised.group()).containsKey(advised.group(1));
            assertThat(groups.get(advised.group(1)).getSubcommands())
                    .as(advised.group())
                    .containsKey(advised.group(2));
        }
        assertThat(count).isGreaterThan(3);
    }
}
