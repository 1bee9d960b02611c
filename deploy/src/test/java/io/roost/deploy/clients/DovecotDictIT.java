package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RoostProcess;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roost as the dict server of Debian's Dovecot: by doveadm, and for Sieve scripts, METADATA and last logins. */
class DovecotDictIT {
    private static final Pattern PORTS =
            Pattern.compile("IMAP on port (\\d+), LMTP on port (\\d+), dicts on port (\\d+)");

    @TempDir
    private Path folder;

    private RoostProcess server;

    private RoostProcess startRoost() throws Exception {
        RoostProcess started = RoostProcess.start(
                RoostProcess.root().resolve("deploy/bin/roost"),
                Map.of("ROOST_MAIL_DICT_SOCKET", socket().toString()),
                List.of(
                        "--data",
                        folder.resolve("data").toString(),
                        "--config",
                        folder.resolve("roost.yaml").toString(),
                        "--dict-port",
                        "0",
                        "--account",
                        "ada:roost",
                        "--account",
                        "bob:roost"));
        Files.setPosixFilePermissions(socket(), PosixFilePermissions.fromString("rwxrwxrwx"));
        return started;
    }

    private Path socket() {
        return folder.resolve("dict");
    }

    @BeforeEach
    void start() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        String secret = RoostProcess.command(0, "mailbox", "secret", "--password", "gate");
        Path users = Files.writeString(folder.resolve("users"), "dovecot " + secret.strip() + " master\n");
        Files.writeString(
                folder.resolve("roost.yaml"), "mail:\n  users-file: " + users + "\n  trusted-networks: 127.0.0.1\n");
        server = startRoost();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Matcher ports() {
        Matcher ports = PORTS.matcher(server.output());
        assertThat(ports.find()).as(server.output()).isTrue();
        return ports;
    }

    private ClientProgram.Result dict(String... arguments) throws Exception {
        Path config = folder.resolve("doveadm.conf");
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(config, "base_dir = " + folder.resolve("run") + "\nlog_path = /dev/stderr\nssl = no\n");
        List<String> all = new ArrayList<>(List.of("-c", config.toString(), "-f", "tab", "dict"));
        all.addAll(List.of(arguments));
        return ClientProgram.at(folder, "/usr/bin/doveadm").call(all.toArray(String[]::new));
    }

    private String uri() {
        return "proxy:" + socket() + ":mail";
    }

    private String ran(String... arguments) throws Exception {
        ClientProgram.Result result = dict(arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out();
    }

    @Test
    void doveadmReadsAndChangesDicts() throws Exception {
        String value = "one\ttwo\nthree \\ \u0001";
        ran("set", "-u", "ada", uri(), "priv/a", value);
        assertThat(ran("get", "-u", "ada", uri(), "priv/a")).contains("three \\");
        assertThat(dict("get", "-u", "bob", uri(), "priv/a").exitCode()).isNotZero();
        ran("set", "-u", "ada", uri(), "priv/a/deep", "x");
        ran("set", "-u", "ada", uri(), "priv/b", "40");
        ran("inc", "-u", "ada", uri(), "priv/b", "2");
        assertThat(dict("inc", "-u", "ada", uri(), "priv/none", "2").exitCode()).isNotZero();
        assertThat(ran("iter", "-u", "ada", uri(), "priv/").lines().map(line -> line.split("\t", 2)[0]))
                .contains("priv/a", "priv/b")
                .doesNotContain("priv/a/deep");
        assertThat(ran("iter", "-R", "-u", "ada", uri(), "priv/")).contains("priv/a/deep\tx", "priv/b\t42");
        ran("unset", "-u", "ada", uri(), "priv/b");
        assertThat(ran("iter", "-u", "ada", uri(), "priv/b")).doesNotContain("42");
        ran("set", uri(), "shared/all", "of all");
        assertThat(ran("get", "-u", "bob", uri(), "shared/all")).contains("of all");
        assertThat(dict("set", "-u", "nobody", uri(), "priv/a", "x").err()).contains("there is no such mailbox");
        // What is there survives a SIGKILL, which leaves the socket behind; the port speaks the same.
        server.kill();
        assertThat(Files.exists(socket())).isTrue();
        server = startRoost();
        assertThat(ran("get", uri(), "shared/all")).contains("of all");
        try (Socket port = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(ports().group(3)))) {
            port.setSoTimeout(60_000);
            port.getOutputStream().write("H3\t2\t0\t\tmail\nLshared/all\t\n".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(port.getInputStream().readNBytes(8), StandardCharsets.UTF_8))
                    .isEqualTo("Oof all\n");
        }
    }

    @Test
    void aDovecotWithoutADiskKeepsSieveScriptsMetadataAndLastLogins() throws Exception {
        String sieve = "proxy:" + socket() + ":sieve";
        ran("set", "-u", "ada", sieve, "priv/sieve/name/active", "7");
        ran("set", "-u", "ada", sieve, "priv/sieve/data/7", """
                require ["fileinto"];
                if header :contains "subject" "list" { fileinto "Lists"; }
                """);
        Map<String, String> changes =
                Map.of("imapc_port = 1143", "imapc_port = " + ports().group(1), "/run/roost/dict", socket().toString());
        Path home = Files.createDirectory(folder.resolve("dovecot"));
        try (DovecotProcess dovecot = DovecotProcess.start(home, List.of("imapc.conf", "dict.conf"), changes)) {
            dovecot.user("ada", "at-dovecot");
            Path script = RoostProcess.root().resolve("deploy/acceptance/mail/dict.py");
            String said = ClientProgram.at(folder, "/usr/bin/python3", script.toString())
                    .run(
                            Integer.toString(dovecot.imapPort()),
                            Integer.toString(dovecot.lmtpPort()),
                            ports().group(1),
                            "ada",
                            "at-dovecot",
                            "roost");
            assertThat(said).as(Files.readString(dovecot.log())).isEqualTo("ok\n");
            assertThat(Files.readString(dovecot.log())).doesNotContain("Panic", "Fatal");
        }
        assertThat(ran("iter", "-R", "-u", "ada", "proxy:" + socket() + ":metadata", "priv/"))
                .contains("my comment");
        assertThat(ran("get", "-u", "ada", "proxy:" + socket() + ":last-login", "shared/last-login/ada"))
                .containsPattern("\\d{10}");
    }
}
