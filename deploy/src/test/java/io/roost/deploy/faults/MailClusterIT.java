package io.roost.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.LocalCluster;
import io.roost.deploy.agreement.MailAgreement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mail on three nodes as real processes: what comes in on one is told to idle sessions of all, and when the node that serves the
 * account is killed under load, nothing that was answered is lost, nothing is there twice, and the sessions of the others go on.
 * Sessions at two gateways that change one account are answered as by a single model of it.
 */
class MailClusterIT {
    private static final Pattern PORTS = Pattern.compile("IMAP on port (\\d+), LMTP on port (\\d+)");
    private static final Pattern ID = Pattern.compile("(?i)Message-ID: <(.*)>");

    /** With messages that come one by one and the other nodes asking each 30 s only, this would not be enough. */
    private static final int ONE_BY_ONE = 9;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int ANSWERS = 60;
    private static final int ROUNDS = Integer.getInteger("roost.mail.node-kills", 1);

    /** Before the first kill, with nothing else going on. */
    private static final int TOLD = Integer.getInteger("roost.mail.told", ONE_BY_ONE);

    /** {@code lab/mail/agree} takes longer. */
    private static final int AGREEMENT_SECONDS = 5;

    @TempDir
    private static Path folder;

    private static LocalCluster cluster;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cluster = LocalCluster.three(folder, Map.of("ROOST_MAIL_LISTEN", "on"));
        cluster.keepThreeReplicas();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Matcher ports(LocalCluster cluster, int node) {
        String output = cluster.process(node).output();
        Matcher ports = PORTS.matcher(output);
        assertThat(ports.find()).as(output).isTrue();
        return ports;
    }

    private static int imap(LocalCluster cluster, int node) {
        return Integer.parseInt(ports(cluster, node).group(1));
    }

    private static int lmtp(LocalCluster cluster, int node) {
        return Integer.parseInt(ports(cluster, node).group(2));
    }

    private static int primary(LocalCluster cluster, int node) throws IOException, InterruptedException {
        String status = cluster.command(node, "mailbox", "status", "ada", "--json");
        return Integer.parseInt(
                new ObjectMapper().readTree(status).path("primary").asText().substring("osd.".length()));
    }

    /** Each message when all have been told of the one before; prints when the other nodes' sessions were told. */
    private static void tellOneByOne(LocalCluster cluster, List<IdleSession> sessions, int messages)
            throws IOException, InterruptedException {
        List<Double> toldMillis = new ArrayList<>();
        int there = sessions.get(0).exists();
        for (int i = 1; i <= messages; i++) {
            long end = System.nanoTime() + PATIENCE_NANOS;
            int node = i % cluster.size();
            long begin;
            try (MailSession lmtp = MailSession.lmtp(lmtp(cluster, node))) {
                begin = System.nanoTime();
                assertThat(lmtp.deliver("ada", "Subject: news\r\n\r\nnow\r\n")).startsWith("250 ");
            }
            for (int other = 0; other < sessions.size(); other++) {
                double millis = (sessions.get(other).await(there + i, end) - begin) / 1e6;
                if (other != node) {
                    toldMillis.add(millis);
                }
            }
        }
        toldMillis.sort(null);
        System.out.printf(
                "MailClusterIT: from the begin of a delivery to EXISTS at another node: p50 %.1f ms, p99 %.1f ms, of %d%n",
                toldMillis.get(toldMillis.size() / 2), toldMillis.get(toldMillis.size() * 99 / 100), toldMillis.size());
    }

    @Test
    void theNodeThatServesAnAccountIsKilledUnderLoad() throws Exception {
        cluster.command(1, "mailbox", "create", "ada", "--password", "secret");
        List<IdleSession> idle = new ArrayList<>();
        for (int node = 0; node < cluster.size(); node++) {
            idle.add(new IdleSession(imap(cluster, node), "ada", "secret"));
        }
        tellOneByOne(cluster, idle, TOLD);
        List<MailUnderFaults> loads = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            loads.add(round(cluster, round, idle));
            tellOneByOne(cluster, idle, ONE_BY_ONE);
        }
        for (IdleSession session : idle) {
            session.close();
        }
        for (int node = 0; node < cluster.size(); node++) {
            check(cluster, node, loads);
        }
        assertThat(cluster.command(0, "mailbox", "verify", "ada", "--bodies")).containsPattern("findings\\s+none");
        assertThat(cluster.command(0, "verify")).startsWith("clean\n");
    }

    @Test
    void aModelExplainsWhatSessionsOfTwoGatewaysAreAnswered() throws Exception {
        cluster.command(0, "mailbox", "create", "bea", "--password", "secret");
        long seed = new Random().nextInt(1_000_000);
        List<MailAgreement.Gateway> gateways = new ArrayList<>();
        for (int node = 0; node < 2; node++) {
            gateways.add(new MailAgreement.Gateway(imap(cluster, node), lmtp(cluster, node)));
        }
        MailAgreement.Report report =
                new MailAgreement(gateways, "bea", cluster.data(0).toString(), seed).run(AGREEMENT_SECONDS);
        System.out.println("MailClusterIT: seed " + seed + ", " + report);
        assertThat(report.findings()).isEmpty();
        assertThat(report.commands()).isGreaterThan(report.appended());
        assertThat(report.points()).isPositive();
        assertThat(cluster.command(0, "mailbox", "verify", "bea", "--bodies")).containsPattern("findings\\s+none");
    }

    /** The sessions that idle at other nodes go on; that of the killed node is followed by another. */
    private static MailUnderFaults round(LocalCluster cluster, int round, List<IdleSession> idle) throws Exception {
        int nodes = cluster.size();
        int victim = primary(cluster, 0);
        int survivor = (victim + 1) % nodes;
        MailUnderFaults load = new MailUnderFaults("ada", "secret");
        for (int node = 0; node < nodes; node++) {
            load.deliver("lmtp-" + round + "-" + node, node, nodes, other -> lmtp(cluster, other));
            if (node != victim) {
                load.append("imap-" + round + "-" + node, imap(cluster, node));
            }
        }
        load.awaitMore(ANSWERS);
        cluster.process(victim).kill();
        load.awaitMore(ANSWERS);
        cluster.await("osd." + victim + " is missed", survivor, status -> !LocalCluster.isUp(status, victim));
        assertThat(primary(cluster, survivor)).isNotEqualTo(victim);
        cluster.begin(victim);
        cluster.await("all three again", survivor, LocalCluster::isHealthy);
        load.awaitMore(ANSWERS);
        load.end();
        System.out.println("MailClusterIT: " + load.stored().size() + " of "
                + load.tried().size() + " messages answered, " + load.flagged().size() + " flagged; else "
                + load.refusals());
        idle.get(victim).close();
        idle.set(victim, new IdleSession(imap(cluster, victim), "ada", "secret"));
        long end = System.nanoTime() + PATIENCE_NANOS;
        int there = messages(cluster, survivor, "INBOX").size();
        for (IdleSession session : idle) {
            session.await(there, end);
        }
        return load;
    }

    /** A line for each message: its flags and its id. */
    private static List<String> messages(LocalCluster cluster, int node, String mailbox) throws IOException {
        try (MailSession imap = MailSession.imap(imap(cluster, node), "ada", "secret")) {
            imap.command("EXAMINE " + mailbox);
            List<String> found = new ArrayList<>();
            for (String line : imap.command("FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")) {
                Matcher id = ID.matcher(line);
                if (line.startsWith("* ")) {
                    found.add(line + " ");
                } else if (id.matches()) {
                    found.set(found.size() - 1, MailSession.last(found) + id.group(1));
                }
            }
            return found;
        }
    }

    private static void check(LocalCluster cluster, int node, List<MailUnderFaults> loads) throws IOException {
        Set<String> there = new HashSet<>();
        Set<String> flagged = new HashSet<>();
        for (String mailbox : List.of("INBOX", "Sent")) {
            for (String message : messages(cluster, node, mailbox)) {
                String id = message.substring(message.lastIndexOf(' ') + 1);
                if (!id.isEmpty()) {
                    assertThat(there.add(id)).as("%s is there twice", id).isTrue();
                    if (message.contains("\\Flagged")) {
                        flagged.add(id);
                    }
                }
            }
        }
        Set<String> tried = new HashSet<>();
        for (MailUnderFaults load : loads) {
            assertThat(there).as("on node %d", node).containsAll(load.stored());
            assertThat(flagged).as("on node %d", node).containsAll(load.flagged());
            tried.addAll(load.tried());
        }
        assertThat(tried).containsAll(there);
    }
}
