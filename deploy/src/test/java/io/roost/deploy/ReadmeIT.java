package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command in a fenced block of README.md does what it is said to do, and every link leads somewhere. */
class ReadmeIT {
    private static final Pattern BLOCK = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

    @TempDir
    private Path home;

    private static String readme(String path) throws IOException {
        return Files.readString(RoostProcess.root().resolve(path));
    }

    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        Matcher block = BLOCK.matcher(readme("README.md"));
        while (block.find()) {
            commands.addAll(
                    block.group(1).lines().filter(line -> !line.isBlank()).toList());
        }
        return commands;
    }

    @Test
    void everyCommandWorks() throws Exception {
        List<RoostProcess> servers = new ArrayList<>();
        int run = 0;
        try {
            for (String command : commands()) {
                if (command.equals("mvn verify")) {
                    // This very run, or one with more required.
                    assertThat(readme(".ci/run")).contains("mvn -B -ntp verify");
                } else if (command.startsWith("deploy/bin/roost dev")) {
                    servers.add(server(command));
                } else {
                    execute(command);
                }
                run++;
            }
        } finally {
            servers.forEach(RoostProcess::close);
        }
        assertThat(run).isGreaterThanOrEqualTo(8);
    }

    private Map<String, String> environment() {
        return Map.of(
                "HOME", home.toString(), "XDG_DATA_HOME", home.resolve("data").toString());
    }

    private RoostProcess server(String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
        Path launcher = RoostProcess.root().resolve(words.remove(0));
        assertThat(words.remove(0)).isEqualTo("dev");
        return RoostProcess.start(launcher, environment(), words);
    }

    private void execute(String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-c", command)
                .directory(RoostProcess.root().toFile())
                .redirectErrorStream(true);
        builder.environment().put("ROOST_BUILD", "never");
        builder.environment().putAll(environment());
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + "\n" + printed).isZero();
        assertThat(printed).as(command).isNotBlank();
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (String document :
                List.of("README.md", "deploy/README.md", "deploy/bench/README.md", "deploy/lab/README.md")) {
            Path folder = RoostProcess.root().resolve(document).getParent();
            Matcher link = LINK.matcher(readme(document));
            while (link.find()) {
                assertThat(folder.resolve(link.group(1))).as(document).exists();
            }
        }
    }
}
