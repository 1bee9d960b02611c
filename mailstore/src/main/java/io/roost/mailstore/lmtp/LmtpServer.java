package io.roost.mailstore.lmtp;

import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.net.Acceptor;
import io.roost.mailstore.net.Certificate;
import io.roost.mailstore.net.ClientLimits;
import io.roost.mailstore.net.Connection;
import io.roost.mailstore.net.Conversation;
import io.roost.mailstore.net.MailObserver;
import io.roost.mailstore.net.Protocol;
import io.roost.mailstore.store.BodyWork;
import io.roost.mailstore.store.MailAccounts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The LMTP endpoint of one event loop: create and start one in each verticle instance, so that every loop accepts
 * connections of the same port. All of it runs on that loop.
 */
public final class LmtpServer {
    private final LmtpConfig config;
    private final LmtpDelivery delivery;
    private final BodyWork work;
    private final MailObserver observer;
    private final Acceptor acceptor;

    /**
     * A server that does not listen yet.
     *
     * @param certificate for TLS, which is not offered without
     * @param limits of the process
     * @param observer is told what happens
     */
    public LmtpServer(
            Vertx vertx,
            LmtpConfig config,
            Optional<Certificate> certificate,
            ClientLimits limits,
            MailObserver observer,
            MailUsers users,
            MailAccounts accounts,
            LongSupplier nowMillis) {
        this.config = config;
        this.work = accounts.work();
        this.observer = observer;
        this.delivery = new LmtpDelivery(users, accounts, observer, nowMillis);
        this.acceptor = new Acceptor(vertx, config.endpoint(), certificate, limits.addresses(), new Protocol() {
            @Override
            public Conversation begin(Connection connection) {
                return new LmtpConnection(LmtpServer.this, connection);
            }

            @Override
            public Buffer full() {
                return Buffer.buffer("421 4.3.2 " + config.name() + " Too many connections\r\n");
            }
        });
    }

    /**
     * Listens.
     *
     * @return the port listened on; fails when it cannot be had
     */
    public Future<Integer> start() {
        return acceptor.start();
    }

    /** Shows another certificate to those who connect from now on. On the server's loop. */
    public Future<Void> certificate(Certificate changed) {
        return acceptor.certificate(changed);
    }

    /** Says goodbye to every client and closes the port. On the server's loop. */
    public Future<Void> stop() {
        return acceptor.stop();
    }

    LmtpConfig config() {
        return config;
    }

    MailObserver observer() {
        return observer;
    }

    BodyWork work() {
        return work;
    }

    LmtpDelivery delivery() {
        return delivery;
    }
}
