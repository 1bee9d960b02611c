package io.roost.mailstore.lmtp;

import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.store.MailAccounts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The LMTP endpoint of one event loop: create and start one in each verticle instance, so that every loop accepts
 * connections of the same port. All of it runs on that loop.
 */
public final class LmtpServer {
    /** How often connections are looked after. */
    private static final long LOOK_MILLIS = 10_000;

    private final Vertx vertx;
    private final LmtpConfig config;
    private final LmtpDelivery delivery;
    private final Set<LmtpConnection> connections = new HashSet<>();
    private NetServer server;
    private long lookTimer;

    /** A server that does not listen yet. */
    public LmtpServer(Vertx vertx, LmtpConfig config, MailUsers users, MailAccounts accounts, LongSupplier nowMillis) {
        this.vertx = vertx;
        this.config = config;
        this.delivery = new LmtpDelivery(users, accounts, nowMillis);
    }

    /**
     * Listens.
     *
     * @return the port listened on; fails when it cannot be had
     */
    public Future<Integer> start() {
        NetServerOptions options = new NetServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setTcpNoDelay(true);
        server = vertx.createNetServer(options).connectHandler(this::onSocket);
        lookTimer = vertx.setPeriodic(LOOK_MILLIS, tick -> {
            long now = System.nanoTime();
            List.copyOf(connections).forEach(each -> each.lookAfter(now));
        });
        return server.listen().map(NetServer::actualPort);
    }

    private void onSocket(NetSocket socket) {
        if (connections.size() == LmtpConfig.MAX_CONNECTIONS) {
            socket.write("421 4.3.2 " + config.name() + " Too many connections\r\n");
            socket.end();
            return;
        }
        LmtpConnection connection = new LmtpConnection(this, socket);
        connections.add(connection);
        connection.begin();
    }

    void remove(LmtpConnection connection) {
        connections.remove(connection);
    }

    /** Says goodbye to every client and closes the port. On the server's loop. */
    public Future<Void> stop() {
        vertx.cancelTimer(lookTimer);
        List.copyOf(connections).forEach(each -> each.end(LmtpReply.SHUTTING_DOWN));
        return server == null ? Future.succeededFuture() : server.close();
    }

    LmtpConfig config() {
        return config;
    }

    LmtpDelivery delivery() {
        return delivery;
    }
}
