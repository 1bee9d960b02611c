package io.roost.mailstore.imap;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.command.Commands;
import io.roost.mailstore.imap.command.Done;
import io.roost.mailstore.imap.command.Told;
import io.roost.mailstore.imap.command.UserSession;
import io.roost.mailstore.imap.session.ImapEffects;
import io.roost.mailstore.imap.session.ImapSession;
import io.roost.mailstore.imap.session.LoginOutcome;
import io.roost.mailstore.imap.session.SessionSettings.TlsState;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.ResponseWriter;
import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.net.Connection;
import io.roost.mailstore.net.Conversation;
import io.roost.mailstore.net.LoginPenalties;
import io.roost.mailstore.net.MailObserver.Spoken;
import io.roost.mailstore.net.Networks;
import io.roost.mailstore.sasl.SaslStep;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's conversation: carries out what its {@link ImapSession} wants. All of it runs on the connection's event loop.
 */
final class ImapConnection implements Conversation, ImapEffects, Told {
    private static final Logger LOG = LoggerFactory.getLogger(ImapConnection.class);

    private final ImapServer server;
    private final Connection connection;
    private final Context context;
    private final ImapSession session;
    private final List<Bytes> bodies = new ArrayList<>();
    private Buffer body = Buffer.buffer();
    /** Of the memory for bodies, by the messages of a command that is coming in or being carried out. */
    private long reservedBytes;

    private final long begunNanos = System.nanoTime();
    private UserSession user;
    /** As which user this connection is counted, or null. */
    private String countedAs;

    private boolean isClosed;
    /** What a trusted proxy has said of its client's address, or null. */
    private String forwardedAddress;

    private IdleWatch idle;

    ImapConnection(ImapServer server, Connection connection) {
        this.server = server;
        this.connection = connection;
        this.context = server.vertx().getOrCreateContext();
        this.session = new ImapSession(server.settings(connection), tls(connection));
    }

    private static TlsState tls(Connection connection) {
        if (connection.isTls()) {
            return TlsState.active(connection.channelBinding().orElse(null));
        }
        return connection.canStartTls() ? TlsState.OFFERED : TlsState.UNAVAILABLE;
    }

    @Override
    public void onConnect() {
        server.observer().onConnected(Spoken.IMAP);
        session.onConnect(this);
    }

    @Override
    public void onBytes(Buffer bytes) {
        session.onBytes(bytes, this);
    }

    @Override
    public boolean isWaiting() {
        return session.isWaiting();
    }

    @Override
    public Duration patience() {
        if (session.isAuthenticated()) {
            return ImapConfig.SILENCE;
        }
        boolean isLate = Duration.ofNanos(System.nanoTime() - begunNanos).compareTo(ImapConfig.LOGIN_TIME) > 0;
        return isLate ? Duration.ZERO : ImapConfig.LOGIN_SILENCE;
    }

    @Override
    public void onSilence() {
        session.onEnd("Silent for too long", this);
    }

    @Override
    public void onShutdown() {
        session.onEnd("Server is shutting down", this);
    }

    @Override
    public void onClosed() {
        server.observer().onGone(Spoken.IMAP);
        isClosed = true;
        endIdle();
        if (countedAs != null) {
            server.limits().users().leave(countedAs);
        }
        session.onDisconnect(this);
    }

    @Override
    public void send(Bytes bytes) {
        connection.send(Buffer.buffer(bytes.array()));
    }

    @Override
    public void tell(Response response) {
        session.tell(response, this);
    }

    @Override
    public ResponseWriter writer() {
        return session.writer();
    }

    @Override
    public Future<Void> write(Bytes bytes) {
        return connection.write(Buffer.buffer(bytes.array()));
    }

    @Override
    public void checkPassword(SaslStep.Identity identity, String password) {
        login(() -> server.users().isPassword(identity.user(), password), identity, "password");
    }

    @Override
    public void findKeys(String name) {
        server.users()
                .keys(name)
                .onSuccess(keys -> session.onKeys(keys, server.users().nonce(), this))
                .onFailure(failure -> onLogin(LoginOutcome.UNAVAILABLE, failure))
                .onComplete(done -> connection.flow());
    }

    @Override
    public void authorize(SaslStep.Identity identity) {
        login(() -> Future.succeededFuture(true), identity, "SCRAM");
    }

    @Override
    public void loginFailed(SaslStep.Identity identity) {
        login(() -> Future.succeededFuture(false), identity, "SCRAM");
    }

    private void login(Supplier<Future<Boolean>> proof, SaslStep.Identity identity, String method) {
        after(server.limits().penalties().wait(penaltyKey(identity)))
                .compose(waited -> proof.get())
                .compose(isProved -> isProved
                        ? server.users().owner(identity).map(this::outcome)
                        : Future.succeededFuture(LoginOutcome.WRONG))
                .compose(outcome -> outcome == LoginOutcome.WRONG || outcome == LoginOutcome.NOT_ALLOWED
                        ? after(server.limits().penalties().failed(penaltyKey(identity)))
                                .map(outcome)
                        : Future.succeededFuture(outcome))
                .onSuccess(outcome -> {
                    LOG.info(
                            "login user={} by={} client={} tls={} method={} outcome={}",
                            logged(identity.mailboxOwner()),
                            logged(identity.user()),
                            clientAddress(),
                            connection.isTls(),
                            method,
                            outcome);
                    server.observer().onLogin(method, outcome.name());
                    onLogin(outcome, null);
                })
                .onFailure(failure -> onLogin(LoginOutcome.UNAVAILABLE, failure));
    }

    private String clientAddress() {
        return forwardedAddress == null ? connection.peerAddress() : forwardedAddress;
    }

    /** Clients of this machine may be those of a proxy, of which one must not keep the others waiting. */
    private String penaltyKey(SaslStep.Identity identity) {
        return forwardedAddress == null && connection.isLoopback()
                ? "user " + MailUser.normalized(identity.user())
                : LoginPenalties.network(clientAddress());
    }

    /** A name that nobody can have may be anything, lines of a log too. */
    private static String logged(String user) {
        String name = MailUser.normalized(user);
        return MailUser.isName(name) ? name : "-";
    }

    private LoginOutcome outcome(Optional<MailUser> owner) {
        if (owner.isEmpty()) {
            return LoginOutcome.NOT_ALLOWED;
        }
        MailUser known = owner.get();
        if (isClosed) {
            return LoginOutcome.UNAVAILABLE;
        }
        if (!server.limits().users().tryEnter(known.name())) {
            return LoginOutcome.TOO_MANY;
        }
        countedAs = known.name();
        user = new UserSession(
                server.accounts().store(known.account()),
                session,
                this,
                server.nowMillis(),
                server.config().keepExpunged().toMillis());
        return LoginOutcome.OK;
    }

    private Future<Void> after(Duration delay) {
        if (delay.isZero()) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        server.vertx().setTimer(Math.max(1, delay.toMillis()), tick -> promise.complete());
        return promise.future();
    }

    private void onLogin(LoginOutcome outcome, Throwable failure) {
        if (failure != null) {
            LOG.warn("a login from {} could not be checked", connection.peer(), failure);
        }
        session.onLogin(outcome, this);
        connection.flow();
    }

    @Override
    public void clientId(List<Command.Id.Field> fields) {
        LOG.debug("client {} is {}", connection.peer(), fields);
        if (!session.isAuthenticated() && server.config().trusted().contains(connection.peerAddress())) {
            fields.stream()
                    .filter(field -> field.name().equalsIgnoreCase("x-originating-ip"))
                    .map(Command.Id.Field::value)
                    .filter(value -> value != null && Networks.isAddress(value))
                    .findFirst()
                    .ifPresent(value -> forwardedAddress = value);
        }
    }

    @Override
    public void execute(String tag, Command command) {
        List<Bytes> taken = List.copyOf(bodies);
        bodies.clear();
        long begunNanos = System.nanoTime();
        new Commands(user).run(tag, command, taken).onComplete(result -> {
            releaseMessages();
            if (result.failed()) {
                LOG.error("a command of {} has not ended", connection.peer(), result.cause());
                connection.cut();
                return;
            }
            Done done = result.result();
            server.observer()
                    .onCommand(name(command), done.condition().name(), (System.nanoTime() - begunNanos) / 1_000);
            session.onDone(done.condition(), done.code(), done.text(), done.selection(), this);
            connection.flow();
        });
    }

    private static String name(Command command) {
        return command instanceof Command.Simple simple
                ? simple.name()
                : command.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    @Override
    public void announceMessage(Command command) {
        long bytes =
                messages(command).stream().mapToLong(Command.Message::sizeBytes).sum();
        if (bytes > Commands.MAX_MESSAGE_BYTES) {
            session.onMessageRefused(Word.TOOBIG, "The messages are too big together", this);
        } else if (!server.accounts().work().tryReserve(bytes - reservedBytes)) {
            session.onMessageRefused(Word.UNAVAILABLE, "Too much mail at the moment, try again later", this);
        } else {
            reservedBytes = bytes;
            session.onMessageAccepted(this);
        }
    }

    private static List<Command.Message> messages(Command command) {
        return command instanceof Command.Append append
                ? append.messages()
                : List.of(((Command.Replace) command).message());
    }

    @Override
    public void messageBytes(Buffer bytes) {
        body.appendBuffer(bytes);
    }

    @Override
    public void messageEnd() {
        bodies.add(Bytes.wrap(body.getBytes()));
        body = Buffer.buffer();
    }

    @Override
    public void abandonMessages() {
        bodies.clear();
        body = Buffer.buffer();
        releaseMessages();
    }

    private void releaseMessages() {
        server.accounts().work().release(reservedBytes);
        reservedBytes = 0;
    }

    @Override
    public void beginIdle() {
        if (user.selected() != null) {
            idle = new IdleWatch(server.vertx(), context, user);
            idle.begin();
        }
    }

    @Override
    public void endIdle() {
        if (idle != null) {
            idle.end();
            idle = null;
        }
    }

    @Override
    public void startTls() {
        connection.startTls(() -> session.onTls(tls(connection), this));
    }

    @Override
    public void startCompression(Buffer first) {
        connection.startCompression(first);
    }

    @Override
    public void close() {
        connection.end();
    }
}
