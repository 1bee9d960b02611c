package io.roost.mailstore.lmtp;

import io.roost.cluster.object.Bytes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: carries out what its {@link LmtpSession} wants. All of it runs on the connection's event loop. No bytes
 * are taken from the client while a recipient is checked or a message delivered.
 */
final class LmtpConnection implements LmtpEffects {
    private static final Logger LOG = LoggerFactory.getLogger(LmtpConnection.class);

    private final LmtpServer server;
    private final NetSocket socket;
    private final LmtpSession session;
    private LmtpEnvelope envelope;
    private Buffer message = Buffer.buffer();
    private boolean isClosed;
    private long lastActiveNanos = System.nanoTime();

    LmtpConnection(LmtpServer server, NetSocket socket) {
        this.server = server;
        this.socket = socket;
        LmtpConfig config = server.config();
        this.session = new LmtpSession(
                config.name(),
                config.limits(),
                LmtpClient.ofPeer(
                        socket.remoteAddress().hostAddress(),
                        socket.remoteAddress().port()),
                LmtpSession.Trust.NONE,
                LmtpSession.Tls.UNAVAILABLE);
    }

    void begin() {
        socket.drainHandler(v -> flow())
                .exceptionHandler(connectionLost -> {
                    // The close handler follows.
                })
                .closeHandler(v -> {
                    isClosed = true;
                    server.remove(this);
                    session.onDisconnect(this);
                })
                .handler(bytes -> {
                    lastActiveNanos = System.nanoTime();
                    session.onBytes(bytes, this);
                    flow();
                });
        session.onConnect(this);
    }

    private void flow() {
        if (session.isWaiting() || socket.writeQueueFull()) {
            socket.pause();
        } else {
            socket.resume();
        }
    }

    /** Ends the connection of a client that keeps the server waiting. */
    void lookAfter(long nowNanos) {
        boolean isSilent = Duration.ofNanos(nowNanos - lastActiveNanos).compareTo(LmtpConfig.SILENCE) > 0;
        if (isSilent && !session.isWaiting()) {
            if (socket.writeQueueFull()) {
                socket.close();
            } else {
                end(LmtpReply.TIMED_OUT);
            }
        }
    }

    void end(LmtpReply reply) {
        session.onEnd(reply, this);
    }

    @Override
    public void send(String lines) {
        if (!isClosed) {
            socket.write(lines);
        }
    }

    @Override
    public void checkRecipient(String recipient, long sizeBytes) {
        server.delivery().recipient(recipient).onSuccess(reply -> {
            session.onRecipient(reply, this);
            flow();
        });
    }

    @Override
    public void beginMessage(LmtpEnvelope begun) {
        envelope = begun;
        message = Buffer.buffer();
    }

    @Override
    public void messageBytes(Buffer bytes) {
        message.appendBuffer(bytes);
    }

    @Override
    public void endMessage() {
        Bytes whole = Bytes.wrap(message.getBytes());
        message = Buffer.buffer();
        String id = UUID.randomUUID().toString();
        server.delivery()
                .deliver(envelope, whole, server.config().name(), id)
                .onSuccess(replies -> {
                    session.onDelivered(replies, this);
                    flow();
                })
                .onFailure(failure -> {
                    LOG.error("delivery {} has not ended", id, failure);
                    socket.close();
                });
    }

    @Override
    public void abortMessage() {
        message = Buffer.buffer();
    }

    @Override
    public void startTls() {
        throw new IllegalStateException("STARTTLS is not offered");
    }

    @Override
    public void close() {
        socket.end();
    }
}
