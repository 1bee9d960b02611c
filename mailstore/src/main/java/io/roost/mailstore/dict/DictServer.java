package io.roost.mailstore.dict;

import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.net.Acceptor;
import io.roost.mailstore.net.ClientLimits;
import io.roost.mailstore.net.Connection;
import io.roost.mailstore.net.Conversation;
import io.roost.mailstore.net.MailObserver;
import io.roost.mailstore.net.Protocol;
import io.roost.mailstore.store.MailAccounts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** The dict endpoint of one event loop, on which all of it runs. */
public final class DictServer {
    private final DictConfig config;
    private final DictStore store;
    private final MailObserver observer;
    private final Acceptor acceptor;

    /**
     * A server that does not listen yet.
     *
     * @param limits of the process
     * @param observer is told what happens
     */
    public DictServer(
            Vertx vertx,
            DictConfig config,
            ClientLimits limits,
            MailObserver observer,
            MailUsers users,
            MailAccounts accounts) {
        this.config = config;
        this.store = new DictStore(users, accounts);
        this.observer = observer;
        this.acceptor = new Acceptor(vertx, config.endpoint(), Optional.empty(), limits.addresses(), new Protocol() {
            @Override
            public Conversation begin(Connection connection) {
                return new DictConnection(DictServer.this, connection);
            }

            @Override
            public Buffer full() {
                return Buffer.buffer();
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

    /** Ends every client's connection and closes the port. On the server's loop. */
    public Future<Void> stop() {
        return acceptor.stop();
    }

    DictConfig config() {
        return config;
    }

    DictStore store() {
        return store;
    }

    MailObserver observer() {
        return observer;
    }
}
