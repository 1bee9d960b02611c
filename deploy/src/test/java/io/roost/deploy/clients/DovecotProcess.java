package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RoostProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Debian's Dovecot in a folder of its own, as a process that may do nothing else, with a configuration of {@code deploy/dovecot}. */
final class DovecotProcess implements AutoCloseable {
    private static final String NOBODY = "nobody";
    private static final int WAIT_MILLIS = 120_000;

    /** What makes it run without being installed as a service: folders and sockets of its own, no change of users. */
    private static final String HERE = """
            base_dir = FOLDER/run
            state_dir = FOLDER/state
            log_path = FOLDER/log
            default_login_user = USER
            default_internal_user = USER
            default_internal_group = GROUP
            first_valid_uid = 1
            ssl = no
            disable_plaintext_auth = no
            listen = 127.0.0.1
            service imap-login {
              chroot =
              inet_listener imap {
                port = IMAP
              }
              inet_listener imaps {
                port = 0
              }
            }
            service lmtp {
              inet_listener lmtp {
                port = LMTP
              }
            }
            service anvil {
              chroot =
            }
            service ipc {
              chroot =
            }
            !include FOLDER/setup.conf
            """;

    private final Path folder;
    private final UserPrincipal owner;
    private final int imapPort;
    private final int lmtpPort;
    private Process process;

    private DovecotProcess(Path folder, UserPrincipal owner, int imapPort, int lmtpPort) {
        this.folder = folder;
        this.owner = owner;
        this.imapPort = imapPort;
        this.lmtpPort = lmtpPort;
    }

    /**
     * Starts it.
     *
     * @param setup a file of {@code deploy/dovecot/2.3}
     * @param changes of its text, from what stands in it, so that it finds what it looks for here
     */
    static DovecotProcess start(Path folder, String setup, Map<String, String> changes) throws Exception {
        return start(folder, List.of(setup), changes);
    }

    /** Starts it with several files, one after the other. */
    static DovecotProcess start(Path folder, List<String> setups, Map<String, String> changes) throws Exception {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        String user = isRoot ? NOBODY : System.getProperty("user.name");
        UserPrincipal owner =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
        DovecotProcess dovecot = new DovecotProcess(folder, owner, freePort(), freePort());
        for (String each : List.of("run", "state", "homes")) {
            Files.createDirectories(folder.resolve(each));
        }
        String group = ClientProgram.at(folder, "/usr/bin/id", "-gn").run(user).strip();
        String here = HERE.replace("FOLDER", folder.toString())
                .replace("USER", user)
                .replace("GROUP", group)
                .replace("IMAP", Integer.toString(dovecot.imapPort))
                .replace("LMTP", Integer.toString(dovecot.lmtpPort));
        Path config = Files.writeString(folder.resolve("dovecot.conf"), here);
        Map<String, String> all = new LinkedHashMap<>(changes);
        all.put("/etc/dovecot/users", folder.resolve("users").toString());
        if (setups.contains("imapc.conf")) {
            all.put(
                    "uid=vmail gid=vmail home=/var/lib/dovecot/homes",
                    "uid=" + user + " gid=" + group + " home=" + folder.resolve("homes"));
        }
        StringBuilder setup = new StringBuilder();
        for (String each : setups) {
            setup.append(Files.readString(RoostProcess.root().resolve("deploy/dovecot/2.3/" + each)));
        }
        String text = setup.toString();
        for (Map.Entry<String, String> change : all.entrySet()) {
            assertThat(text).contains(change.getKey());
            text = text.replace(change.getKey(), change.getValue());
        }
        Files.writeString(folder.resolve("setup.conf"), text);
        Files.writeString(folder.resolve("users"), "");
        dovecot.own();
        List<String> command = new ArrayList<>(List.of("-c", config.toString(), "-F"));
        if (isRoot) {
            command.addAll(0, List.of("--reuid=" + user, "--regid=" + group, "--clear-groups", "/usr/sbin/dovecot"));
        }
        ClientProgram.at(folder, "/usr/sbin/dovecot");
        dovecot.process = ClientProgram.at(folder, isRoot ? "/usr/bin/setpriv" : "/usr/sbin/dovecot")
                .start(folder.resolve("out"), folder.resolve("err"), command.toArray(String[]::new));
        dovecot.awaitReady();
        return dovecot;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What is in the folder belongs to whom it runs as. */
    private void own() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.forEach(file -> {
                try {
                    Files.setOwner(file, owner);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
    }

    private void awaitReady() throws Exception {
        for (long begun = System.nanoTime(); ; Thread.sleep(20)) {
            try (Socket imap = new Socket(InetAddress.getLoopbackAddress(), imapPort);
                    Socket lmtp = new Socket(InetAddress.getLoopbackAddress(), lmtpPort)) {
                imap.setSoTimeout(WAIT_MILLIS);
                lmtp.setSoTimeout(WAIT_MILLIS);
                if (imap.getInputStream().read() == '*' && lmtp.getInputStream().read() == '2') {
                    return;
                }
            } catch (IOException notYet) {
                boolean isLate = (System.nanoTime() - begun) / 1_000_000 > WAIT_MILLIS;
                if (isLate || !process.isAlive()) {
                    String said = Files.readString(folder.resolve("err"));
                    close();
                    throw new AssertionError("dovecot does not answer: " + said, notYet);
                }
            }
        }
    }

    /** Adds a user of Dovecot's own. */
    void user(String name, String password) throws IOException {
        Path users = folder.resolve("users");
        Files.writeString(users, Files.readString(users) + name + ":{PLAIN}" + password + "\n");
    }

    /** Gives a user a Sieve script. */
    void sieve(String name, String script) throws IOException {
        Path home = Files.createDirectories(folder.resolve("homes").resolve(name));
        Files.writeString(home.resolve(".dovecot.sieve"), script);
        own();
    }

    int imapPort() {
        return imapPort;
    }

    int lmtpPort() {
        return lmtpPort;
    }

    Path config() {
        return folder.resolve("dovecot.conf");
    }

    /** What it has said so far. */
    Path log() {
        return folder.resolve("log");
    }

    /** SIGTERM, which ends its own processes too. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
