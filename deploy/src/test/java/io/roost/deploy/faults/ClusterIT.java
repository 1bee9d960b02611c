package io.roost.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.LocalCluster;
import io.roost.deploy.MetricsPage;
import io.roost.deploy.RoostProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes as real processes, made by the commands that an operator uses: they find each other and keep three copies, miss the
 * one that is killed and go on serving, give it what it missed, and go on when it was the leader of the monitors.
 */
class ClusterIT {
    @TempDir
    private Path folder;

    @Test
    void threeNodesMissTheOneThatIsKilledAndGoOnWithoutTheirLeader() throws Exception {
        try (LocalCluster cluster = LocalCluster.three(folder)) {
            assertThat(cluster.command(1, "osd", "tree")).contains("n0", "n1", "n2", "osd.2");
            assertThat(MetricsPage.of(cluster.data(1)).value("roost_messenger_connections"))
                    .isGreaterThan(2);
            assertThat(MetricsPage.of(cluster.data(1)).value("roost_monitor_quorum"))
                    .isEqualTo(cluster.size());

            cluster.command(1, "user", "create", "alice");
            cluster.keepThreeReplicas();

            cluster.process(2).kill();
            cluster.await("osd.2 is missed", 0, status -> !LocalCluster.isUp(status, 2));
            cluster.command(1, "user", "create", "bob");
            assertThat(cluster.command(0, "user", "ls")).as("two copies serve").contains("alice", "bob");
            cluster.begin(2);
            cluster.await(
                    "osd.2 is back and has what it missed",
                    0,
                    status -> LocalCluster.isUp(status, 2) && LocalCluster.isHealthy(status));

            int leader = LocalCluster.leader(cluster.status(1));
            cluster.process(leader).kill();
            int other = (leader + 1) % cluster.size();
            cluster.await(
                    "a quorum of the others, without osd." + leader,
                    other,
                    status -> LocalCluster.quorum(status) == 2
                            && LocalCluster.leader(status) != leader
                            && !LocalCluster.isUp(status, leader));
            assertThat(cluster.printed(other, "health", "detail")).contains("OSD_DOWN", "MON_DOWN");
            cluster.begin(leader);
            cluster.await(
                    "all three again",
                    other,
                    status -> LocalCluster.quorum(status) == 3 && LocalCluster.isHealthy(status));
            assertThat(cluster.command(leader, "user", "ls")).contains("alice", "bob");
        }
    }

    @Test
    void theDataOfDevBecomesTheFirstNodeOfACluster() throws Exception {
        try (RoostProcess server = RoostProcess.on(folder.resolve("n0"), "--bucket", "kept")) {
            assertThat(server.isAlive()).isTrue();
        }
        try (LocalCluster cluster = LocalCluster.adopt(folder)) {
            assertThat(cluster.command(0, "bucket", "ls")).contains("kept");
            String token = cluster.token();
            assertThat(cluster.join(token)).contains("osd.1");
            assertThat(RoostProcess.command(
                            2,
                            "join",
                            token,
                            "--data",
                            folder.resolve("again").toString(),
                            "--name",
                            "n2",
                            "--listen",
                            LocalCluster.freeAddress()))
                    .as("a token lets in one node")
                    .contains("the join token has been used");
            assertThat(cluster.command(1, "bucket", "ls"))
                    .as("any node serves any bucket")
                    .contains("kept");
            cluster.process(0).stop();
            cluster.begin(0);
            assertThat(cluster.command(1, "bucket", "ls")).contains("kept");
        }
    }
}
