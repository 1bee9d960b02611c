package io.roost.deploy;

import io.roost.objectstore.auth.AuthenticationRules;
import io.roost.objectstore.http.S3Config;
import io.roost.objectstore.http.S3Gateway;
import io.roost.objectstore.http.S3Server;
import io.roost.objectstore.http.SelfSignedCertificate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The S3 servers of a node: one on every event loop, all on one port. Stopping may be called on any thread. */
final class S3Servers {
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);
    private static final int FREE_PORT_TRIES = 10;

    private final Vertx vertx;
    private final NodeConfig.S3 config;
    private final S3Config.Tls tls;
    private final List<S3Server> servers = new ArrayList<>();
    private int port;

    S3Servers(Vertx vertx, NodeConfig.S3 config, S3Config.Tls tls) {
        this.vertx = vertx;
        this.config = config;
        this.tls = tls;
        this.port = config.port();
    }

    /** What the configuration says of TLS; a certificate that it asks for is made when there is none. */
    static S3Config.Tls tls(NodeConfig.S3 s3, NodeFolder folder, SecureRandom random) {
        if (s3.tls() instanceof NodeConfig.Tls.SelfSigned) {
            SelfSignedCertificate made = NodeCertificate.of(folder, Instant.now(), random);
            return new S3Config.Tls.Pem(Buffer.buffer(made.certificatePem()), Buffer.buffer(made.keyPem()));
        }
        if (s3.tls() instanceof NodeConfig.Tls.Files files) {
            return new S3Config.Tls.Pem(
                    Node.pem(files.certificate(), "CERTIFICATE-----"), Node.pem(files.key(), "PRIVATE KEY-----"));
        }
        return new S3Config.Tls.Off();
    }

    /** Starts a server on every loop; all listen on the port of the first. */
    void start(List<Context> loops, AuthenticationRules rules, S3Gateway gateway) {
        for (Context loop : loops) {
            port = listen(loop, rules, gateway);
        }
    }

    private int listen(Context loop, AuthenticationRules rules, S3Gateway gateway) {
        for (int tries = 1; ; tries++) {
            // Servers share a port when they name it, so a free one is looked for first; somebody else may take it.
            int tried = port == 0 ? Node.freePort(config.host()) : port;
            S3Config serverConfig = new S3Config(
                    config.host(), tried, tls, rules, config.bodyBudgetBytes(), config.bodyPatience(), IDLE_TIMEOUT);
            S3Server server = new S3Server(vertx, serverConfig, gateway);
            try {
                int listening = Node.await("listen on " + config.host() + ":" + tried, Node.on(loop, server::start));
                synchronized (servers) {
                    servers.add(server);
                }
                return listening;
            } catch (CommandFailure taken) {
                if (port != 0) {
                    throw inUse(taken, "--s3-port");
                }
                if (tries == FREE_PORT_TRIES) {
                    throw taken;
                }
            }
        }
    }

    /** A failure to listen, with what to do when the port is taken. */
    static CommandFailure inUse(CommandFailure failure, String option) {
        return failure.getMessage().endsWith("Address already in use")
                ? new CommandFailure(
                        failure.exitCode(),
                        failure.getMessage() + " by another program; choose another port with " + option
                                + ", 0 for a free one")
                : failure;
    }

    /** The port that all listen on. */
    int port() {
        return port;
    }

    /** The certificate that they show. */
    S3Config.Tls tls() {
        return tls;
    }

    /** Closes the port and every connection; does not wait. */
    Future<Void> stop() {
        return ofServers(S3Server::stop);
    }

    /** Closes the port, and every connection when its request under way is answered. */
    Future<Void> finish(Duration patience) {
        return ofServers(server -> server.finish(patience));
    }

    private Future<Void> ofServers(Function<S3Server, Future<Void>> step) {
        List<Future<Void>> stopped = new ArrayList<>();
        synchronized (servers) {
            servers.forEach(server -> stopped.add(step.apply(server)));
            servers.clear();
        }
        return Future.join(stopped).mapEmpty();
    }
}
