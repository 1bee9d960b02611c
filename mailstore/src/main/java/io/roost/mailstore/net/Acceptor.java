package io.roost.mailstore.net;

import io.roost.mailstore.net.Endpoint.Encryption;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Accepts the connections of one event loop, looks after them and ends them. All of it runs on that loop. */
public final class Acceptor {
    /** How often connections are looked after. */
    private static final long LOOK_MILLIS = 10_000;

    private final Vertx vertx;
    private final Endpoint endpoint;
    private final Occupancy addresses;
    private final Protocol protocol;
    private final Set<Connection> connections = new HashSet<>();
    private Optional<Certificate> certificate;
    private NetServer server;
    private long lookTimer;

    /**
     * One that does not listen yet.
     *
     * @param addresses of the process; those of this machine do not count, because a proxy may be there
     */
    public Acceptor(
            Vertx vertx, Endpoint endpoint, Optional<Certificate> certificate, Occupancy addresses, Protocol protocol) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.certificate = certificate;
        this.addresses = addresses;
        this.protocol = protocol;
    }

    /**
     * Listens.
     *
     * @return the port listened on; fails when it cannot be had
     */
    public Future<Integer> start() {
        NetServerOptions options = new NetServerOptions()
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setTcpNoDelay(true);
        if (endpoint.encryption() == Encryption.ALWAYS) {
            options.setSsl(true).setKeyCertOptions(certificate.orElseThrow().pem());
        }
        server = vertx.createNetServer(options).connectHandler(this::onSocket);
        lookTimer = vertx.setPeriodic(LOOK_MILLIS, tick -> lookAfter(System.nanoTime()));
        return endpoint.isSocketFile()
                ? server.listen(SocketAddress.domainSocketAddress(endpoint.host()))
                        .map(0)
                : server.listen().map(NetServer::actualPort);
    }

    private void onSocket(NetSocket socket) {
        Connection connection = new Connection(socket, this);
        boolean isCounted = !connection.isLoopback();
        if (connections.size() == endpoint.maxConnections()
                || (isCounted && !addresses.tryEnter(connection.peerAddress()))) {
            socket.end(protocol.full());
            return;
        }
        connections.add(connection);
        connection.begin(protocol.begin(connection), closed -> {
            connections.remove(closed);
            if (isCounted) {
                addresses.leave(closed.peerAddress());
            }
        });
    }

    void lookAfter(long nowNanos) {
        List.copyOf(connections).forEach(each -> each.lookAfter(nowNanos));
    }

    /** Shows another certificate to those who connect from now on. */
    public Future<Void> certificate(Certificate changed) {
        certificate = Optional.of(changed);
        return server != null && endpoint.encryption() == Encryption.ALWAYS
                ? server.updateSSLOptions(changed.options()).mapEmpty()
                : Future.succeededFuture();
    }

    /** How TLS begins on demand, empty where it cannot. */
    Optional<ServerSSLOptions> onDemand() {
        return certificate.map(Certificate::options);
    }

    /** Says goodbye to every client and closes the port. */
    public Future<Void> stop() {
        vertx.cancelTimer(lookTimer);
        List.copyOf(connections).forEach(Connection::shutDown);
        return server == null ? Future.succeededFuture() : server.close();
    }
}
