package io.roost.cluster.net;

import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.net.handshake.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Nodes of one cluster, each with its own Vert.x, for tests of the messenger. */
final class TestNodes implements AutoCloseable {
    static final String LOOPBACK = "127.0.0.1";
    static final SecureRandom RANDOM = new SecureRandom();

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    final UUID fsid = UUID.randomUUID();
    final CertificateAuthority authority = CertificateAuthority.create(fsid, Instant.now(), RANDOM);
    private final List<Node> nodes = new ArrayList<>();

    /** The time by which certificates are judged. */
    volatile Instant now = Instant.now();

    /** A node with one entity. */
    static final class Node {
        final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        final List<Context> loops = List.of(
                ((VertxInternal) vertx).createEventLoopContext(), ((VertxInternal) vertx).createEventLoopContext());
        final Recorder recorder = new Recorder();
        final Entity self;
        final NodeTls tls;
        final Messenger messenger;
        final Endpoint endpoint;
        int port;

        private Node(Entity self, MessengerConfig config, NodeTls tls, Optional<CertificateIssuer> issuer) {
            this.self = self;
            this.tls = tls;
            messenger = new Messenger(vertx, loops, config, tls, issuer, RANDOM);
            endpoint = messenger.register(self, recorder);
        }

        Node listen() throws Exception {
            port = join(messenger.listen(LOOPBACK, 0));
            return this;
        }

        /** Its address, in its present life. */
        Target target() {
            return target(port);
        }

        /** Itself by way of another port. */
        Target target(int otherPort) {
            return new Target(self.name(), new NodeAddress(LOOPBACK, otherPort, self.nonce()));
        }

        long refusals(Refusal refusal) {
            return messenger.metrics().refusals(refusal);
        }

        void stop() throws Exception {
            join(messenger.close());
            join(vertx.close());
        }
    }

    InstantSource clock() {
        return () -> now;
    }

    NodeTls tls(EntityName... entities) {
        return new NodeTls(NodeCertificate.issuedBy(authority, Set.of(entities), now, RANDOM), clock());
    }

    Node node(EntityName name, long nonce, MessengerConfig config) {
        return node(name, nonce, config, tls(name));
    }

    Node node(EntityName name, long nonce, MessengerConfig config, NodeTls tls) {
        return node(name, nonce, config, tls, Optional.empty());
    }

    Node node(EntityName name, long nonce, MessengerConfig config, NodeTls tls, Optional<CertificateIssuer> issuer) {
        Node node = new Node(new Entity(name, nonce), config, tls, issuer);
        nodes.add(node);
        return node;
    }

    /** The default with other times: handshake and dial, message, keepalive, idle. */
    static MessengerConfig times(Duration handshake, Duration message, Duration keepalive, Duration idle) {
        MessengerConfig.Times usual = MessengerConfig.DEFAULT.times();
        return new MessengerConfig(
                new MessengerConfig.Times(
                        handshake,
                        handshake,
                        keepalive,
                        idle,
                        message,
                        usual.stall(),
                        usual.close(),
                        usual.minBackoff(),
                        usual.maxBackoff()),
                MessengerConfig.DEFAULT.sizes());
    }

    /** The default with other sizes: message, receive, queues. */
    static MessengerConfig sizes(int message, int receive, int queue) {
        return new MessengerConfig(
                MessengerConfig.DEFAULT.times(),
                new MessengerConfig.Sizes(message, receive, queue, queue, 100, 20, 10));
    }

    static <T> T join(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Waits until something is so. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not so in time: " + what);
            }
            Thread.sleep(5);
        }
    }

    @Override
    public void close() {
        for (Node node : nodes) {
            try {
                node.stop();
            } catch (Exception failure) {
                throw new AssertionError(node.self + " does not stop", failure);
            }
        }
    }
}
