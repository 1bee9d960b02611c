package io.roost.deploy;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.daemon.ClientNode;
import io.roost.cluster.daemon.ClusterNode;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.JoinToken;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.net.CertificateClient;
import io.roost.cluster.net.MessengerConfig;
import io.roost.cluster.net.NodeTls;
import io.roost.cluster.net.Target;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreFailedException;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.transport.LocalTransport;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * A machine becomes a node: it gets a certificate, is given an OSD and a place among the monitors, and gets a certificate that
 * names them. Each step may be made again, so that a join that was cut off is begun again with the same folder and token.
 */
final class Joining implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
    private static final String OSD_UUID = "osd-uuid";

    private final Path data;
    private final EntityName node;
    private final HostPort address;
    private final SecureRandom random = new SecureRandom();
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context loop;
    private NodeFolder folder;
    private ClusterNode cluster;

    Joining(Path data, EntityName node, HostPort address) {
        this.data = data;
        this.node = node;
        this.address = address;
        Promise<Context> deployed = Promise.promise();
        VerticleBase holder = new VerticleBase() {
            @Override
            public Future<?> start() {
                deployed.complete(context);
                return Future.succeededFuture();
            }
        };
        Node.await("start an event loop", vertx.deployVerticle(holder, new DeploymentOptions()));
        loop = Node.await("start an event loop", deployed.future());
    }

    /**
     * Joins.
     *
     * @param weight 16.16, of the OSD
     * @return the OSD's id
     */
    int join(JoinToken token, boolean withMonitor, int weight) {
        CertificateClient certificates =
                new CertificateClient(vertx, loop, MessengerConfig.DEFAULT, Clock.systemUTC(), random);
        if (!beganBefore()) {
            begin(Node.await("join", certificates.join(token, node)));
        }
        ClusterFiles files = new ClusterFiles(folder);
        NodeTls tls = new NodeTls(files.certificate(), Clock.systemUTC());
        int osd = enter(files, tls, withMonitor, weight);
        files.write(whole(certificates, tls, files, osd, withMonitor));
        String runs = withMonitor ? node.id() : "off";
        folder.write(ClusterFiles.CONFIG, NodeNames.yaml(node.id(), address, runs, List.of(osd)));
        return osd;
    }

    /**
     * What the node is to have of the monitors: a certificate that names its OSD, and with a monitor the authority's key. The
     * monitor that is asked may hear a moment later than the leader that they are there.
     */
    private static CertificateClient.Renewed whole(
            CertificateClient certificates, NodeTls tls, ClusterFiles files, int osd, boolean withMonitor) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            CertificateClient.Renewed now =
                    Node.await("get a certificate for osd." + osd, renewed(certificates, tls, files));
            boolean namesOsd = now.certificate().peer().entities().contains(EntityName.osd(osd));
            if (namesOsd && (!withMonitor || now.authority().isPresent())) {
                return now;
            }
            if (System.nanoTime() > end) {
                throw new CommandFailure(
                        CommandFailure.FAILED,
                        namesOsd
                                ? "the monitors do not give the authority's key"
                                : "the certificate does not name osd." + osd + ": " + now.certificate());
            }
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
    }

    /** Of the first monitor that issues certificates: one that has just joined does not yet. */
    private static Future<CertificateClient.Renewed> renewed(
            CertificateClient certificates, NodeTls tls, ClusterFiles files) {
        Future<CertificateClient.Renewed> answer = Future.failedFuture(new IOException("no monitor is known"));
        for (MonMap.Monitor monitor : files.monitors().monitors()) {
            Target target = new Target(EntityName.mon(monitor.name()), monitor.address());
            answer = answer.recover(refused -> certificates.renew(tls, List.of(target)));
        }
        return answer;
    }

    /** True when a join with this folder got a certificate and was cut off then: the token lets nobody else in. */
    private boolean beganBefore() {
        if (!data.resolve("format").toFile().exists()) {
            return false;
        }
        folder = NodeFolder.open(data);
        if (folder.read(ClusterFiles.CONFIG) != null) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "there is a node in " + data + " already");
        }
        ClusterFiles files = new ClusterFiles(folder);
        return files.exist() && files.certificate().peer().entities().contains(node);
    }

    private void begin(CertificateClient.Joined joined) {
        UUID fsid = joined.certificate().trust().fsid();
        if (folder == null) {
            folder = NodeFolder.openOf(data, fsid);
        } else if (!folder.fsid().equals(fsid)) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, data + " has the data of another cluster");
        }
        ClusterFiles files = new ClusterFiles(folder);
        MonMap.Monitor issuer = new MonMap.Monitor(
                joined.monitor().name().id(), joined.monitor().address(), MonMap.Role.VOTER);
        files.write(new MonMap(1, fsid, 0, List.of(issuer)));
        files.write(joined.certificate());
    }

    private int enter(ClusterFiles files, NodeTls tls, boolean withMonitor, int weight) {
        try {
            ClusterNode.Members members = new ClusterNode.Members(
                    files.monitors(), Optional.empty(), Optional.empty(), List.of(), node.id(), files::write);
            ClusterNode.Config config = new ClusterNode.Config(
                    data,
                    members,
                    new ClusterNode.Disks(StoreConfig.DEFAULT, RocksConfig.forCapacity(1L << 30), PgLog.Limits.DEFAULT),
                    LocalTransport.Mode.REFERENCES,
                    Optional.of(new ClusterNode.Outside(
                            address.host(), address.port(), tls, Optional.empty(), Map.of(), files::write)),
                    Optional.of(PATIENCE));
            cluster = ClusterNode.start(
                    vertx, config, List.of(loop), new ClassRegistry(List.of()), new BlockPool(0), failure -> {
                        throw new IllegalStateException(failure);
                    });
            int osd = osd(weight);
            if (withMonitor) {
                NodeAddress listens = new NodeAddress(address.host(), address.port(), 0);
                command(new MonCommand.AddMonitor(node.id(), listens));
            }
            cluster.stop();
            cluster = null;
            return osd;
        } catch (IOException | StoreFailedException failure) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "cannot join: " + failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "interrupted");
        }
    }

    private int osd(int weight) throws IOException {
        if (folder.read(OSD_UUID) == null) {
            folder.write(OSD_UUID, UUID.randomUUID() + "\n");
        }
        UUID uuid = UUID.fromString(folder.read(OSD_UUID).strip());
        MonMessage.CommandReply reply = command(new MonCommand.CreateOsd(uuid, node.id(), weight, ""));
        ClientNode client = cluster.client();
        Node.await("get the map of epoch " + reply.epoch(), client.known(reply.epoch()));
        OsdMap map = client.osdMap();
        int osd = map.osds().stream()
                .filter(info -> info.uuid().equals(uuid))
                .mapToInt(OsdInfo::id)
                .findFirst()
                .orElseThrow(() -> new CommandFailure(CommandFailure.FAILED, "the map has no OSD with store " + uuid));
        ClusterNode.makeOsd(data, folder.fsid(), osd, uuid);
        return osd;
    }

    private MonMessage.CommandReply command(MonCommand command) {
        MonMessage.CommandReply reply =
                Node.await("ask the monitors", cluster.client().command(command));
        if (reply.outcome() != MonCommand.Outcome.DONE) {
            throw new CommandFailure(CommandFailure.FAILED, "the monitors refuse: " + reply.text());
        }
        return reply;
    }

    @Override
    public void close() {
        try {
            if (cluster != null) {
                cluster.stop();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            Node.await("stop the event loops", vertx.close());
            if (folder != null) {
                folder.close();
            }
        }
    }
}
