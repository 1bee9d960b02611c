package io.roost.deploy.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Debian's Postfix in a folder of its own, which takes mail by SMTP and delivers it by LMTP. */
final class PostfixProcess implements AutoCloseable {
    private static final int WAIT_MILLIS = 120_000;

    private static final String MAIN = """
            compatibility_level = 3.6
            queue_directory = FOLDER/queue
            data_directory = FOLDER/data
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            mail_owner = postfix
            setgid_group = postdrop
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks = 127.0.0.0/8
            myhostname = mx.test
            mydestination =
            virtual_mailbox_domains = mail.test
            virtual_transport = lmtp:inet:127.0.0.1:LMTP
            maillog_file_prefixes = FOLDER
            maillog_file = FOLDER/log
            """;

    private static final String MASTER = """
            127.0.0.1:SMTP inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            error unix - - n - - error
            retry unix - - n - - error
            lmtp unix - - n - - lmtp
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            proxymap unix - - n - - proxymap
            showq unix n - n - - showq
            flush unix n - n 1000? 0 flush
            pickup unix n - n 60 1 pickup
            postlog unix-dgram n - n - 1 postlogd
            """;

    private final Path folder;
    private final int smtpPort;
    private Process process;

    private PostfixProcess(Path folder, int smtpPort) {
        this.folder = folder;
        this.smtpPort = smtpPort;
    }

    /** Starts it; only root may. */
    static PostfixProcess start(Path folder, String lmtpPort) throws Exception {
        if (!"root".equals(System.getProperty("user.name"))) {
            ClientProgram.absent("postfix runs as root only");
        }
        PostfixProcess postfix = new PostfixProcess(folder, freePort());
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Files.createDirectories(folder.resolve("queue"));
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(
                conf.resolve("main.cf"),
                MAIN.replace("FOLDER", folder.toString()).replace("LMTP", lmtpPort));
        Files.writeString(conf.resolve("master.cf"), MASTER.replace("SMTP", Integer.toString(postfix.smtpPort)));
        ClientProgram.at(folder, "/usr/bin/chown").run("postfix", data.toString());
        ClientProgram.at(folder, "/usr/bin/chmod").run("755", folder.toString());
        // Makes the folders of the queue.
        ClientProgram.at(folder, "/usr/sbin/postfix", "-c", conf.toString())
                .with("PATH", "/usr/sbin:/usr/bin:/bin")
                .run("check");
        postfix.process = ClientProgram.at(folder, "/usr/lib/postfix/sbin/master")
                .start(folder.resolve("out"), folder.resolve("err"), "-c", conf.toString(), "-s");
        postfix.awaitReady();
        return postfix;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws Exception {
        for (long begun = System.nanoTime(); ; Thread.sleep(20)) {
            try (Socket smtp = new Socket(InetAddress.getLoopbackAddress(), smtpPort)) {
                smtp.setSoTimeout(WAIT_MILLIS);
                if (smtp.getInputStream().read() == '2') {
                    return;
                }
            } catch (IOException notYet) {
                boolean isLate = (System.nanoTime() - begun) / 1_000_000 > WAIT_MILLIS;
                if (isLate || !process.isAlive()) {
                    String said = Files.readString(folder.resolve("err"));
                    close();
                    throw new AssertionError("postfix does not answer: " + said, notYet);
                }
            }
        }
    }

    /** Tries again what could not be delivered. */
    void flush() {
        ClientProgram.at(
                        folder,
                        "/usr/sbin/postqueue",
                        "-c",
                        folder.resolve("conf").toString())
                .run("-f");
    }

    int smtpPort() {
        return smtpPort;
    }

    String log() throws IOException {
        return Files.exists(folder.resolve("log")) ? Files.readString(folder.resolve("log")) : "";
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
