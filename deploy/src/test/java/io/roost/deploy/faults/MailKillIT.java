package io.roost.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RoostProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the mail servers while mail is delivered, appended and flagged: whatever was answered 250 or OK is there exactly
 * once afterwards, with its flag, and nothing else is there twice.
 */
class MailKillIT {
    private static final Pattern PORTS = Pattern.compile("IMAP on port (\\d+), LMTP on port (\\d+)");
    private static final int ROUNDS = Integer.getInteger("roost.mail.kills", 3);
    private static final int ANSWERS_OF_A_ROUND = 150;

    @TempDir
    private Path folder;

    private static List<String> python(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/python3",
                RoostProcess.root()
                        .resolve("deploy/acceptance/mail")
                        .resolve(script)
                        .toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Matcher ports(RoostProcess server) {
        Matcher ports = PORTS.matcher(server.output());
        assertThat(ports.find()).as(server.output()).isTrue();
        return ports;
    }

    private static List<String> lines(Process process) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    @Test
    void whatWasAnsweredIsThereOnce() throws Exception {
        Path data = folder.resolve("data");
        List<String> answered = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            try (RoostProcess server = RoostProcess.on(data, "--account", "ada:secret")) {
                Matcher ports = ports(server);
                Process load = new ProcessBuilder(
                                python("load.py", ports.group(1), ports.group(2), "ada", "secret", "" + round))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(load.getInputStream(), StandardCharsets.UTF_8))) {
                    for (int i = 0; i < ANSWERS_OF_A_ROUND; i++) {
                        answered.add(out.readLine());
                    }
                    server.kill();
                    // What was answered while the server was being killed.
                    answered.addAll(out.lines().toList());
                }
                assertThat(load.waitFor()).isZero();
            }
        }
        assertThat(answered).doesNotContainNull().hasSizeGreaterThanOrEqualTo(ROUNDS * ANSWERS_OF_A_ROUND);
        try (RoostProcess server = RoostProcess.on(data, "--mail")) {
            Process list = new ProcessBuilder(python("list.py", ports(server).group(1), "ada", "secret"))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<String> there = lines(list);
            assertThat(list.waitFor()).isZero();
            Set<String> stored = new HashSet<>();
            Set<String> flagged = new HashSet<>();
            for (String line : there) {
                String id = line.substring(line.indexOf(' ') + 1);
                assertThat(stored.add(id)).as("%s is there twice", id).isTrue();
                if (line.startsWith("flagged ")) {
                    flagged.add(id);
                }
            }
            for (String answer : answered) {
                String id = answer.substring(answer.indexOf(' ') + 1);
                assertThat(answer.startsWith("flagged ") ? flagged : stored)
                        .as(answer)
                        .contains(id);
            }
            assertThat(RoostProcess.command(0, "verify", "--data", data.toString()))
                    .startsWith("clean\n");
        }
    }
}
