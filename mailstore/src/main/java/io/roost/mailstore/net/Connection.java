package io.roost.mailstore.net;

import io.roost.cluster.object.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;

/**
 * A client's connection. No bytes are taken from it while its {@link Conversation} has something to answer, or while the
 * client does not take what it is sent: so a slow client holds what one answer takes. All of it runs on the event loop that
 * accepted it.
 */
public final class Connection {
    /** Bytes written that a client has not taken until it is waited for: the answer to FETCH of a message or two. */
    private static final int WRITE_QUEUE_BYTES = 256 * 1024;

    /** How long a client may take nothing of what is sent to it. */
    private static final Duration STALL = Duration.ofMinutes(5);

    private final NetSocket socket;
    private final Acceptor acceptor;
    private Conversation conversation;
    private Promise<Void> drained;
    private boolean isClosed;
    private boolean isTlsBeginning;
    /** Null while nothing is compressed. */
    private Deflation deflation;

    private boolean isInflating;
    private long lastActiveNanos = System.nanoTime();

    Connection(NetSocket socket, Acceptor acceptor) {
        this.socket = socket;
        this.acceptor = acceptor;
    }

    void begin(Conversation begun, Consumer<Connection> closed) {
        conversation = begun;
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .drainHandler(v -> onDrained())
                .exceptionHandler(connectionLost -> {
                    // The close handler follows.
                })
                .closeHandler(v -> {
                    closed.accept(this);
                    onClosed();
                })
                .handler(this::onBytes);
        conversation.onConnect();
    }

    private void onBytes(Buffer bytes) {
        lastActiveNanos = System.nanoTime();
        if (isTlsBeginning) {
            // Sent in clear, by whoever: what is said under TLS does not begin with it (RFC 3207 6, RFC 9051 11.1).
            return;
        }
        if (deflation == null) {
            conversation.onBytes(bytes);
        } else {
            deflation.offer(bytes);
        }
        flow();
    }

    /** What a client has compressed comes to the conversation in pieces, none of them while it has something to answer. */
    private void inflate() {
        if (deflation == null || isInflating) {
            return;
        }
        isInflating = true;
        try {
            while (!isClosed && !conversation.isWaiting() && !socket.writeQueueFull()) {
                Buffer piece = deflation.next();
                if (piece == null) {
                    break;
                }
                conversation.onBytes(piece);
            }
        } catch (DataFormatException malformed) {
            cut();
        } finally {
            isInflating = false;
        }
    }

    /** Takes bytes only when there is something to do with them: to be called when something was answered. */
    public void flow() {
        if (isTlsBeginning) {
            return;
        }
        inflate();
        if (conversation.isWaiting() || socket.writeQueueFull()) {
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
        conversation.onClosed();
        if (deflation != null) {
            deflation.close();
        }
        if (drained != null) {
            drained.fail("the client is gone");
            drained = null;
        }
    }

    /** Ends the connection of a client that keeps the server waiting. */
    void lookAfter(long nowNanos) {
        Duration silent = Duration.ofNanos(nowNanos - lastActiveNanos);
        if (socket.writeQueueFull()) {
            if (silent.compareTo(STALL) > 0) {
                cut();
            }
        } else if (!conversation.isWaiting() && silent.compareTo(conversation.patience()) > 0) {
            conversation.onSilence();
        }
    }

    void shutDown() {
        conversation.onShutdown();
    }

    /** Sends bytes; to a client that is gone, nothing. */
    public void send(Buffer bytes) {
        if (!isClosed) {
            socket.write(deflation == null ? bytes : deflation.deflated(bytes));
        }
    }

    /** Sends bytes and waits until the client has taken enough of them for more to be sent. */
    public Future<Void> write(Buffer bytes) {
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

    /** Closes it when what was sent is out. */
    public void end() {
        socket.end();
    }

    /** Closes it at once. */
    public void cut() {
        socket.close();
    }

    /** True under TLS. */
    public boolean isTls() {
        return socket.isSsl();
    }

    /** True when {@link #startTls} may be called. */
    public boolean canStartTls() {
        return !socket.isSsl() && acceptor.onDemand().isPresent();
    }

    /**
     * Begins TLS when what was sent is out. Bytes that have come in clear and that nobody has taken are thrown away. A
     * connection whose client does not manage it is closed.
     *
     * @param begun called when it is active
     */
    public void startTls(Runnable begun) {
        isTlsBeginning = true;
        // Bytes that wait must not wait until they seem to have come under TLS.
        socket.resume();
        socket.upgradeToSsl(acceptor.onDemand().orElseThrow())
                .onSuccess(active -> {
                    isTlsBeginning = false;
                    lastActiveNanos = System.nanoTime();
                    begun.run();
                    flow();
                })
                .onFailure(failure -> cut());
    }

    /**
     * Compresses what is sent from now on, and takes what comes as compressed.
     *
     * @param first bytes that have come, compressed, and been given to the conversation
     */
    public void startCompression(Buffer first) {
        deflation = new Deflation();
        deflation.offer(first);
    }

    /** What a client may bind its login to (RFC 5929), under TLS; empty where the certificate has none. */
    public Optional<Bytes> channelBinding() {
        return socket.isSsl() ? ChannelBinding.of(socket.sslSession()) : Optional.empty();
    }

    /** The client's address, in figures. */
    public String peerAddress() {
        return socket.remoteAddress().hostAddress();
    }

    /** The client's port. */
    public int peerPort() {
        return socket.remoteAddress().port();
    }

    /** Address and port of the client, for logs. */
    public String peer() {
        return String.valueOf(socket.remoteAddress());
    }

    /** True when the client is on this machine. */
    public boolean isLoopback() {
        if (socket.remoteAddress() == null || socket.remoteAddress().isDomainSocket()) {
            return true;
        }
        try {
            // An address in figures is not looked up.
            return InetAddress.getByName(peerAddress()).isLoopbackAddress();
        } catch (UnknownHostException noAddress) {
            return false;
        }
    }
}
