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
import io.roost.mailstore.sasl.SaslStep;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: carries out what its {@link ImapSession} wants. All of it runs on the connection's event loop. No bytes
 * are taken from the client while a command is carried out, or while the client does not take what it is sent.
 */
final class ImapConnection implements ImapEffects, Told {
    private static final Logger LOG = LoggerFactory.getLogger(ImapConnection.class);

    /** Bytes written that a client has not taken until it is waited for: the answer to FETCH of a message or two. */
    private static final int WRITE_QUEUE_BYTES = 256 * 1024;

    private final ImapServer server;
    private final NetSocket socket;
    private final Context context;
    private final ImapSession session;
    private final String peer;
    private final List<Bytes> bodies = new ArrayList<>();
    private Buffer body = Buffer.buffer();
    private UserSession user;
    private IdleWatch idle;
    private Promise<Void> drained;
    private boolean isClosed;
    private long lastActiveNanos = System.nanoTime();

    ImapConnection(ImapServer server, NetSocket socket) {
        this.server = server;
        this.socket = socket;
        this.context = server.vertx().getOrCreateContext();
        this.session = new ImapSession(server.settings(socket), TlsState.UNAVAILABLE);
        this.peer = socket.remoteAddress().toString();
    }

    void begin() {
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .drainHandler(v -> onDrained())
                .exceptionHandler(connectionLost -> {
                    // The close handler follows.
                })
                .closeHandler(v -> onClosed())
                .handler(bytes -> {
                    lastActiveNanos = System.nanoTime();
                    session.onBytes(bytes, this);
                    flow();
                });
        session.onConnect(this);
    }

    /** Takes bytes only when there is something to do with them. */
    private void flow() {
        if (session.isWaiting() || socket.writeQueueFull()) {
            socket.pause();
        } else {
            socket.resume();
        }
    }

    private void onDrained() {
        lastActiveNanos = System.nanoTime();
        if (drained != null) {
            Promise<Void> waiting = drained;
            drained = null;
            waiting.complete();
        }
        flow();
    }

    private void onClosed() {
        isClosed = true;
        server.remove(this);
        endIdle();
        session.onDisconnect(this);
        if (drained != null) {
            drained.fail("the client is gone");
            drained = null;
        }
    }

    /** Ends the connection of a client that keeps the server waiting. */
    void lookAfter(long nowNanos) {
        Duration silent = Duration.ofNanos(nowNanos - lastActiveNanos);
        if (socket.writeQueueFull()) {
            if (silent.compareTo(ImapConfig.STALL) > 0) {
                socket.close();
            }
        } else if (!session.isWaiting()
                && silent.compareTo(session.isAuthenticated() ? ImapConfig.SILENCE : ImapConfig.LOGIN_TIME) > 0) {
            end("Silent for too long");
        }
    }

    void end(String reason) {
        session.onEnd(reason, this);
    }

    @Override
    public void send(Bytes bytes) {
        if (!isClosed) {
            socket.write(Buffer.buffer(bytes.array()));
        }
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
        if (isClosed) {
            return Future.failedFuture("the client is gone");
        }
        send(bytes);
        if (!socket.writeQueueFull()) {
            return Future.succeededFuture();
        }
        drained = Promise.promise();
        return drained.future();
    }

    @Override
    public void checkPassword(SaslStep.Identity identity, String password) {
        login(server.users().authenticated(identity.user(), password), identity, "password");
    }

    @Override
    public void findKeys(String name) {
        server.users()
                .keys(name)
                .onSuccess(keys -> session.onKeys(keys, server.users().nonce(), this))
                .onFailure(failure -> onLogin(LoginOutcome.UNAVAILABLE, failure))
                .onComplete(done -> flow());
    }

    @Override
    public void authorize(SaslStep.Identity identity) {
        login(server.users().find(identity.user()), identity, "SCRAM");
    }

    private void login(Future<Optional<MailUser>> proved, SaslStep.Identity identity, String method) {
        proved.map(found -> outcome(found, identity))
                .compose(outcome -> outcome == LoginOutcome.OK ? Future.succeededFuture(outcome) : delayed(outcome))
                .onSuccess(outcome -> {
                    LOG.info(
                            "login user={} from={} method={} outcome={}",
                            MailUser.normalized(identity.user()),
                            peer,
                            method,
                            outcome);
                    onLogin(outcome, null);
                })
                .onFailure(failure -> onLogin(LoginOutcome.UNAVAILABLE, failure));
    }

    private LoginOutcome outcome(Optional<MailUser> found, SaslStep.Identity identity) {
        if (found.isEmpty()) {
            return LoginOutcome.WRONG;
        }
        MailUser known = found.get();
        if (!MailUser.normalized(identity.mailboxOwner()).equals(known.name())) {
            return LoginOutcome.NOT_ALLOWED;
        }
        user = new UserSession(
                server.accounts().store(known.account()),
                session,
                this,
                server.nowMillis(),
                server.config().keepExpunged().toMillis());
        return LoginOutcome.OK;
    }

    private Future<LoginOutcome> delayed(LoginOutcome outcome) {
        Promise<LoginOutcome> promise = Promise.promise();
        long millis = Math.max(1, server.config().loginDelay().toMillis());
        server.vertx().setTimer(millis, tick -> promise.complete(outcome));
        return promise.future();
    }

    private void onLogin(LoginOutcome outcome, Throwable failure) {
        if (failure != null) {
            LOG.warn("a login from {} could not be checked", peer, failure);
        }
        session.onLogin(outcome, this);
        flow();
    }

    @Override
    public void clientId(List<Command.Id.Field> fields) {
        LOG.debug("client {} is {}", peer, fields);
    }

    @Override
    public void execute(String tag, Command command) {
        List<Bytes> taken = List.copyOf(bodies);
        bodies.clear();
        new Commands(user).run(tag, command, taken).onComplete(result -> {
            if (result.failed()) {
                LOG.error("a command of {} has not ended", peer, result.cause());
                socket.close();
                return;
            }
            Done done = result.result();
            session.onDone(done.condition(), done.code(), done.text(), done.selection(), this);
            flow();
        });
    }

    @Override
    public void announceMessage(Command command) {
        long bytes = command instanceof Command.Append append
                ? append.messages().stream()
                        .mapToLong(Command.Message::sizeBytes)
                        .sum()
                : 0;
        if (bytes > Commands.MAX_MESSAGE_BYTES) {
            session.onMessageRefused(Word.TOOBIG, "The messages are too big together", this);
        } else {
            session.onMessageAccepted(this);
        }
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
        throw new IllegalStateException("STARTTLS is not offered");
    }

    @Override
    public void startCompression(Buffer first) {
        throw new IllegalStateException("COMPRESS is not offered");
    }

    @Override
    public void close() {
        socket.end();
    }
}
