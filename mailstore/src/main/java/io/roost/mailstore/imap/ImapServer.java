package io.roost.mailstore.imap;

import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.imap.command.Commands;
import io.roost.mailstore.imap.session.SessionSettings;
import io.roost.mailstore.imap.session.SessionSettings.Passwords;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.ImapLimits;
import io.roost.mailstore.net.Acceptor;
import io.roost.mailstore.net.Certificate;
import io.roost.mailstore.net.ClientLimits;
import io.roost.mailstore.net.Connection;
import io.roost.mailstore.net.Conversation;
import io.roost.mailstore.net.MailObserver;
import io.roost.mailstore.net.Protocol;
import io.roost.mailstore.store.MailAccounts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The IMAP endpoint of one event loop: create and start one in each verticle instance, so that every loop accepts
 * connections of the same port. All of it runs on that loop.
 */
public final class ImapServer {
    /** What a user's session can do beside IMAP4rev1, each with a test that cites it. */
    static final List<String> CAPABILITIES = List.of(
            "IMAP4rev2",
            "LITERAL+",
            "ENABLE",
            "ID",
            "IDLE",
            "NAMESPACE",
            "UNSELECT",
            "UIDPLUS",
            "MOVE",
            "MULTIAPPEND",
            "BINARY",
            "CHILDREN",
            "SPECIAL-USE",
            "CREATE-SPECIAL-USE",
            "LIST-EXTENDED",
            "LIST-STATUS",
            "STATUS=SIZE",
            "CONDSTORE",
            "QRESYNC",
            "ESEARCH",
            "SEARCHRES",
            "WITHIN",
            "PARTIAL",
            "SORT",
            "SORT=DISPLAY",
            "ESORT",
            "REPLACE",
            "COMPRESS=DEFLATE",
            "OBJECTID",
            "SAVEDATE",
            "PREVIEW",
            "APPENDLIMIT=" + Commands.MAX_MESSAGE_BYTES,
            "QUOTA",
            "QUOTA=RES-STORAGE",
            "QUOTA=RES-MESSAGE");

    /** Of a message that is refused and comes all the same. */
    private static final long SKIPPED_BYTES = 32L * 1024 * 1024;

    private final Vertx vertx;
    private final ImapConfig config;
    private final ClientLimits limits;
    private final MailObserver observer;
    private final MailUsers users;
    private final MailAccounts accounts;
    private final LongSupplier nowMillis;
    private final Acceptor acceptor;

    /**
     * A server that does not listen yet.
     *
     * @param certificate for TLS, which is not offered without
     * @param limits of the process
     * @param observer is told what happens
     */
    public ImapServer(
            Vertx vertx,
            ImapConfig config,
            Optional<Certificate> certificate,
            ClientLimits limits,
            MailObserver observer,
            MailUsers users,
            MailAccounts accounts,
            LongSupplier nowMillis) {
        this.vertx = vertx;
        this.config = config;
        this.limits = limits;
        this.observer = observer;
        this.users = users;
        this.accounts = accounts;
        this.nowMillis = nowMillis;
        this.acceptor = new Acceptor(vertx, config.endpoint(), certificate, limits.addresses(), new Protocol() {
            @Override
            public Conversation begin(Connection connection) {
                return new ImapConnection(ImapServer.this, connection);
            }

            @Override
            public Buffer full() {
                return Buffer.buffer("* BYE Too many connections\r\n");
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

    /** Passwords may come in clear over the loopback interface only (RFC 9051 11.3). */
    SessionSettings settings(Connection connection) {
        return new SessionSettings(
                CAPABILITIES,
                List.of(new Command.Id.Field("name", "Roost")),
                new ImapLimits(ImapLimits.AFTER_LOGIN.commandBytes(), Commands.MAX_MESSAGE_BYTES, SKIPPED_BYTES),
                connection.isLoopback() ? Passwords.ANYWHERE : Passwords.UNDER_TLS);
    }

    /** Shows another certificate to those who connect from now on. On the server's loop. */
    public Future<Void> certificate(Certificate changed) {
        return acceptor.certificate(changed);
    }

    /** Says goodbye to every client and closes the port. On the server's loop. */
    public Future<Void> stop() {
        return acceptor.stop();
    }

    Vertx vertx() {
        return vertx;
    }

    ImapConfig config() {
        return config;
    }

    MailObserver observer() {
        return observer;
    }

    ClientLimits limits() {
        return limits;
    }

    MailUsers users() {
        return users;
    }

    MailAccounts accounts() {
        return accounts;
    }

    LongSupplier nowMillis() {
        return nowMillis;
    }
}
