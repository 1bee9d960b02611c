package io.roost.mailstore.lmtp;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.net.Connection;
import io.roost.mailstore.net.Conversation;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's conversation: carries out what its {@link LmtpSession} wants. All of it runs on the connection's event loop.
 */
final class LmtpConnection implements Conversation, LmtpEffects {
    private static final Logger LOG = LoggerFactory.getLogger(LmtpConnection.class);

    private final LmtpServer server;
    private final Connection connection;
    private final LmtpSession session;
    private LmtpEnvelope envelope;
    private Buffer message = Buffer.buffer();

    LmtpConnection(LmtpServer server, Connection connection) {
        this.server = server;
        this.connection = connection;
        LmtpConfig config = server.config();
        this.session = new LmtpSession(
                config.name(),
                config.limits(),
                LmtpClient.ofPeer(connection.peerAddress(), connection.peerPort()),
                LmtpSession.Trust.NONE,
                connection.canStartTls() ? LmtpSession.Tls.OFFERED : LmtpSession.Tls.UNAVAILABLE);
    }

    @Override
    public void onConnect() {
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
        return LmtpConfig.SILENCE;
    }

    @Override
    public void onSilence() {
        session.onEnd(LmtpReply.TIMED_OUT, this);
    }

    @Override
    public void onShutdown() {
        session.onEnd(LmtpReply.SHUTTING_DOWN, this);
    }

    @Override
    public void onClosed() {
        session.onDisconnect(this);
    }

    @Override
    public void send(String lines) {
        connection.send(Buffer.buffer(lines));
    }

    @Override
    public void checkRecipient(String recipient, long sizeBytes) {
        server.delivery().recipient(recipient).onSuccess(reply -> {
            session.onRecipient(reply, this);
            connection.flow();
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
                    connection.flow();
                })
                .onFailure(failure -> {
                    LOG.error("delivery {} has not ended", id, failure);
                    connection.cut();
                });
    }

    @Override
    public void abortMessage() {
        message = Buffer.buffer();
    }

    @Override
    public void startTls() {
        connection.startTls(() -> session.onTls(this));
    }

    @Override
    public void close() {
        connection.end();
    }
}
