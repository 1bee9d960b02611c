package io.roost.mailstore.lmtp;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.net.Connection;
import io.roost.mailstore.net.Conversation;
import io.roost.mailstore.net.MailObserver.Spoken;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Collections;
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
    private long reservedBytes;
    private boolean hasRoom;

    LmtpConnection(LmtpServer server, Connection connection) {
        this.server = server;
        this.connection = connection;
        LmtpConfig config = server.config();
        this.session = new LmtpSession(
                config.name(),
                config.limits(),
                LmtpClient.ofPeer(connection.peerAddress(), connection.peerPort()),
                config.trusted().contains(connection.peerAddress()) ? LmtpSession.Trust.PROXY : LmtpSession.Trust.NONE,
                connection.canStartTls() ? LmtpSession.Tls.OFFERED : LmtpSession.Tls.UNAVAILABLE);
    }

    @Override
    public void onConnect() {
        server.observer().onConnected(Spoken.LMTP);
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
        server.observer().onGone(Spoken.LMTP);
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
        hasRoom = true;
    }

    @Override
    public void messageBytes(Buffer bytes) {
        // What is given away grows with what has come: a client that only announces takes nothing.
        hasRoom = hasRoom && server.work().tryReserve(bytes.length());
        if (hasRoom) {
            reservedBytes += bytes.length();
            message.appendBuffer(bytes);
        } else {
            release();
        }
    }

    private void release() {
        message = Buffer.buffer();
        server.work().release(reservedBytes);
        reservedBytes = 0;
    }

    @Override
    public void endMessage() {
        if (!hasRoom) {
            LOG.warn("a message from {} has found no memory", connection.peer());
            session.onDelivered(Collections.nCopies(envelope.recipients().size(), LmtpReply.STORE_FULL), this);
            return;
        }
        Bytes whole = Bytes.wrap(message.getBytes());
        message = Buffer.buffer();
        String id = UUID.randomUUID().toString();
        server.delivery()
                .deliver(envelope, whole, server.config().name(), id)
                .onComplete(done -> release())
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
        release();
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
