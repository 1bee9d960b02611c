package io.roost.deploy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shortest torture: a node of three is killed under load, and nobody notices but the log. */
class TortureIT {
    private static final int NODES = 3;
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;
    private static final int PROXY_PORTS = 10;
    private static final int S3_PORT = PROXY_PORTS + NODES + 1;

    @TempDir
    private Path folder;

    /** The first of some that are free on the addresses of all nodes, below those that clients are given. */
    private static int freePorts(Random random) throws IOException {
        while (true) {
            int port = FIRST_PORT + random.nextInt(LAST_PORT - FIRST_PORT);
            boolean isFree = true;
            for (int node = 1; node <= NODES && isFree; node++) {
                isFree = isFree(node, port) && isFree(node, port + S3_PORT);
                for (int other = 1; other <= NODES && isFree; other++) {
                    isFree = isFree(node, port + PROXY_PORTS + other);
                }
            }
            if (isFree) {
                return port;
            }
        }
    }

    private static boolean isFree(int node, int port) throws IOException {
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) node});
        try (ServerSocket socket = new ServerSocket(port, 1, address)) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        }
    }

    @Test
    void nobodyNoticesThatANodeIsKilled() throws Exception {
        Random random = new Random();
        long seed = random.nextInt(1_000_000);
        int port = freePorts(random);
        try (Lab lab = new Lab(folder, NODES, port + S3_PORT, port)) {
            lab.command("up", "--nodes", "" + NODES);
            Torture torture = new Torture(lab, seed);
            torture.runOnly(Fault.kill(1 + random.nextInt(NODES)));
            assertThat(torture.findings()).as("seed " + seed).isEmpty();
        }
    }
}
