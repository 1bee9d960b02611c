package io.roost.cluster.daemon;

import static io.roost.cluster.daemon.LocalCluster.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.mon.Mkfs;
import io.roost.cluster.net.NodeTls;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.Quorum;
import io.roost.cluster.pg.Items;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.transport.LocalTransport;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, each with its own Vert.x and certificate, that meet only over sockets on the loopback interface. */
class SocketClusterTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final UUID FSID = SampleMaps.FSID;
    private static final int NODES = 3;

    private final CertificateAuthority authority = CertificateAuthority.create(FSID, Instant.now(), RANDOM);
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final ExecutorService starters = Executors.newFixedThreadPool(NODES);

    @TempDir
    private Path folder;

    private final class Member {
        final String name;
        final int number;
        final int port;
        Vertx vertx;
        ClusterNode node;

        Member(int number, int port) {
            this.number = number;
            this.port = port;
            this.name = Character.toString('a' + number);
        }

        MonMap.Monitor monitor() {
            return new MonMap.Monitor(name, new NodeAddress("127.0.0.1", port, 0), MonMap.Role.VOTER);
        }

        ClusterNode start(List<Integer> osds) throws Exception {
            vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
            List<Context> loops = List.of(
                    ((VertxInternal) vertx).createEventLoopContext(), ((VertxInternal) vertx).createEventLoopContext());
            NodeTls tls = new NodeTls(
                    NodeCertificate.issuedBy(
                            authority,
                            Set.of(EntityName.mon(name), EntityName.osd(number), EntityName.client(name)),
                            Instant.now(),
                            RANDOM),
                    Clock.systemUTC());
            List<MonMap.Monitor> monitors =
                    members.stream().map(Member::monitor).toList();
            Mkfs mkfs = new Mkfs(FSID, monitors, "host0", OsdInfo.NO_UUID, 0x10000, 1, 1);
            ClusterNode.Config config = new ClusterNode.Config(
                    Files.createDirectories(folder.resolve(name)),
                    new ClusterNode.Members(
                            new MonMap(1, FSID, 1, monitors),
                            Optional.of(name),
                            Optional.of(mkfs),
                            osds,
                            name,
                            newer -> {}),
                    new ClusterNode.Disks(StoreConfig.DEFAULT, RocksConfig.forCapacity(1L << 30), PgLog.Limits.DEFAULT),
                    LocalTransport.Mode.REFERENCES,
                    Optional.of(
                            new ClusterNode.Outside("127.0.0.1", port, tls, Optional.empty(), Map.of(), next -> {})),
                    Optional.of(Duration.ofSeconds(90)));
            node = ClusterNode.start(
                    vertx, config, loops, new ClassRegistry(List.of(Items.CLASS)), new BlockPool(16), failures::add);
            return node;
        }

        void stop() throws Exception {
            if (node != null) {
                node.stop();
                node = null;
            }
            if (vertx != null) {
                join(vertx.close());
                vertx = null;
            }
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(20);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        starters.shutdownNow();
        for (Member member : members) {
            member.stop();
        }
        assertThat(failures).isEmpty();
    }

    private void startAll(List<List<Integer>> osds) throws Exception {
        List<Future<ClusterNode>> started = new ArrayList<>();
        for (Member member : members) {
            Callable<ClusterNode> start = () -> member.start(osds.get(member.number));
            started.add(starters.submit(start));
        }
        for (Future<ClusterNode> one : started) {
            one.get();
        }
    }

    private MonDaemon.Standing standing(int number) {
        return members.get(number).node.monitor().orElseThrow().current();
    }

    private int leader() {
        for (Member member : members) {
            if (member.node != null
                    && member.node.monitor().orElseThrow().current().role() == Quorum.Role.LEADER) {
                return member.number;
            }
        }
        return -1;
    }

    @Test
    void monitorsFormAQuorumOsdsBootAndBothSurviveTheLossOfANode() throws Exception {
        for (int i = 0; i < NODES; i++) {
            members.add(new Member(i, freePort()));
        }
        startAll(List.of(List.of(0), List.of(), List.of()));
        await(
                "all three in the quorum",
                () -> leader() >= 0 && standing(leader()).quorum().size() == NODES);

        ClientNode client = members.get(1).node.client();
        MonCommand flag = new MonCommand.SetFlag(OsdMapFlag.NOOUT, MonCommand.Switch.ON);
        assertThat(join(client.command(flag)).outcome()).isEqualTo(MonCommand.Outcome.DONE);
        Bytes empty = Bytes.EMPTY;
        assertThat(join(client.rados().pool("data").call(Bytes.utf8("l"), ClassCall.of("items", "create", empty)))
                        .version()
                        .version())
                .as("a client of another node writes")
                .isPositive();

        int lost = leader();
        members.get(lost).stop();
        int other = (lost + 1) % NODES;
        await("another leader", () -> leader() >= 0);
        MonCommand off = new MonCommand.SetFlag(OsdMapFlag.NOOUT, MonCommand.Switch.OFF);
        assertThat(join(members.get(other).node.client().command(off)).outcome())
                .isEqualTo(MonCommand.Outcome.DONE);
        if (lost == 0) {
            await(
                    "osd.0 said goodbye",
                    () -> !members.get(other).node.client().osdMap().isUp(0));
        }
        members.get(lost).start(lost == 0 ? List.of(0) : List.of());
        await(
                "all three again",
                () -> leader() >= 0 && standing(leader()).quorum().size() == NODES);
        await("osd.0 is back", () -> members.get(other).node.client().osdMap().isUp(0));
    }
}
