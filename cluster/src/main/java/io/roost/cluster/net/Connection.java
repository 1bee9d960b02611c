package io.roost.cluster.net;

import io.netty.buffer.ByteBuf;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.net.handshake.Handshake;
import io.roost.cluster.net.handshake.Refusal;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.FrameType;
import io.roost.cluster.wire.Payload;
import io.roost.cluster.wire.Protocol;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A session with an entity: messages arrive in the order in which they were sent, each at most once, and none after a gap.
 * When the connection ends, what was on its way is lost, and nothing is sent again: the next connection is another session,
 * and the machines above know what to repeat. It belongs to one event loop; the public methods are for any thread.
 */
public final class Connection {
    /** What all connections of a messenger share. */
    record Shared(MessengerConfig config, MessengerMetrics metrics, ReceiveBudget budget, RefusalLog refusals) {}

    private enum State {
        DIALLING,
        OPEN,
        CLOSING,
        ENDED
    }

    /** What may wait in the socket itself: two frames, so that there is always one to send. */
    private static final int SOCKET_QUEUE_BYTES = 512 * 1024;

    /** Sent before others have their turn on the event loop: a millisecond's work. */
    private static final int TURN_BYTES = 1 << 20;

    /** The part of the queue's limit from which on senders that can wait should. */
    private static final int WRITABLE_PART = 4;

    private static final long MAX_TICK_MILLIS = 1000;

    private final long session;
    private final Entity self;
    private final Channel channel;
    private final Receiver receiver;
    private final Shared shared;
    private final Context context;
    private final Runnable onForgotten;
    private final MessengerMetrics.Traffic traffic;
    private final Outbox outbox;
    private final int queueBytes;
    private final AtomicBoolean pumpIsDue = new AtomicBoolean();
    private final Promise<Void> ended = Promise.promise();
    private volatile State state = State.DIALLING;
    private volatile Entity peer;
    private volatile boolean senderWaits;
    private volatile boolean overflows;
    private volatile boolean closes;
    private volatile String remoteAddress = "";

    // On the event loop only.
    private FramedSocket socket;
    private ReceiveBudget.Share share;
    private boolean receiverWaits;
    private boolean awaitsMemory;
    private boolean hasMemory;
    private boolean peerCloses;
    private long progressNanos;
    private long features;
    private long ticker = -1;
    private long closeTimer = -1;

    /**
     * A connection without a socket yet.
     *
     * @param session its number, unique in the process
     * @param context of its event loop
     * @param onForgotten runs when it has ended
     */
    Connection(
            long session,
            Handshake.Agreement wanted,
            Receiver receiver,
            Shared shared,
            Context context,
            Runnable onForgotten) {
        this.session = session;
        this.self = wanted.self();
        this.peer = wanted.peer();
        this.channel = wanted.channel();
        this.receiver = receiver;
        this.shared = shared;
        this.context = context;
        this.onForgotten = onForgotten;
        this.traffic = shared.metrics().of(channel);
        this.outbox = new Outbox(traffic);
        this.queueBytes = shared.config().sizes().queueBytes(channel);
    }

    /** Its number, unique in the process: what machines know it by. */
    public long session() {
        return session;
    }

    /** Our entity. */
    public Entity self() {
        return self;
    }

    /** The other entity; its nonce may be 0 until the connection stands. */
    public Entity peer() {
        return peer;
    }

    /** What it is for. */
    public Channel channel() {
        return channel;
    }

    /** Features that both sides have, a bit each; on its event loop, when it stands. */
    public long features() {
        return features;
    }

    /** The context of its event loop. */
    public Context context() {
        return context;
    }

    /** True until it has ended or is being closed. */
    public boolean isUsable() {
        return !overflows && !closes && (state == State.DIALLING || state == State.OPEN);
    }

    /**
     * Sends a message, or drops it when the connection has ended. It waits while the connection is being dialled or the peer
     * is slow; when more waits than the channel's limit, the peer is given up and the connection ends.
     *
     * @throws IllegalArgumentException when the message exceeds the limit of messages
     */
    public void send(Protocol protocol, Bytes message) {
        send(protocol, Payload.of(message));
    }

    /** Sends a message in pieces, as {@link #send(Protocol, Bytes)}, and releases it in any case, once. */
    public void send(Protocol protocol, Payload message) {
        if (closes) {
            message.release();
            return;
        }
        if (message.length() > shared.config().sizes().messageBytes()) {
            message.release();
            throw new IllegalArgumentException("a message of " + message.length() + " bytes for " + peer);
        }
        long waits = outbox.add(protocol, message) - message.length();
        if (!isUsable()) {
            outbox.drop();
        } else if (waits > queueBytes) {
            // At once, for a sender may be faster than the event loop comes to ending the connection.
            overflows = true;
            context.runOnContext(v -> refuse(Refusal.SLOW_READER, outbox.queuedBytes() + " bytes wait for " + peer));
        } else {
            pumpSoon();
        }
    }

    /** False when a sender that can wait should; {@link Receiver#onWritable} follows. */
    public boolean isWritable() {
        if (outbox.queuedBytes() < queueBytes / WRITABLE_PART) {
            return true;
        }
        senderWaits = true;
        pumpSoon();
        return false;
    }

    /** Takes no more messages from the peer, which is told by TCP to wait; what has been read still comes. */
    public void pause() {
        onLoop(() -> {
            receiverWaits = true;
            if (socket != null) {
                socket.pause();
            }
        });
    }

    /** Takes messages again. */
    public void resume() {
        onLoop(() -> {
            receiverWaits = false;
            resumeSocket();
        });
    }

    /** Closes it in good order: what waits is sent, then the peer is told. Completes when it has ended. */
    public Future<Void> close() {
        // Whoever wants a session from here on gets another one.
        closes = true;
        onLoop(this::closeOnLoop);
        return ended.future();
    }

    private void onLoop(Runnable task) {
        context.runOnContext(v -> {
            if (state != State.ENDED) {
                task.run();
            }
        });
    }

    private void closeOnLoop() {
        if (state == State.DIALLING) {
            end(CloseCause.CLOSED);
        } else if (state == State.OPEN) {
            state = State.CLOSING;
            closeTimer =
                    context.owner().setTimer(shared.config().times().close().toMillis(), id -> end(CloseCause.CLOSED));
            pump();
        }
    }

    private void pumpSoon() {
        if (pumpIsDue.compareAndSet(false, true)) {
            context.runOnContext(v -> {
                pumpIsDue.set(false);
                pump();
            });
        }
    }

    /** Gives the socket what it takes. */
    private void pump() {
        if (socket == null || state == State.ENDED) {
            return;
        }
        long turnBytes = 0;
        while (!socket.isFull() && turnBytes < TURN_BYTES) {
            ByteBuf next = outbox.next();
            if (next == null) {
                break;
            }
            turnBytes += next.readableBytes();
            socket.write(next);
            progressNanos = System.nanoTime();
        }
        if (turnBytes >= TURN_BYTES) {
            pumpSoon();
        }
        if (state == State.CLOSING && outbox.isEmpty()) {
            socket.write(FrameType.BYE, Bytes.EMPTY);
            socket.close();
        } else if (senderWaits && outbox.queuedBytes() < queueBytes / WRITABLE_PART / 2) {
            senderWaits = false;
            receiver.onWritable(this);
        }
    }

    /** It stands; on its event loop. */
    void open(FramedSocket newSocket, Handshake.Agreement agreement) {
        if (state != State.DIALLING) {
            newSocket.close();
            return;
        }
        socket = newSocket;
        socket.own(new SocketOwner());
        remoteAddress = socket.remoteAddress();
        socket.establish(shared.config().sizes().messageBytes(), traffic);
        socket.writeQueue(SOCKET_QUEUE_BYTES);
        share = shared.budget().share(() -> onLoop(this::onMemory));
        peer = agreement.peer();
        features = agreement.features();
        if ((features & Messenger.UNCHECKED_PAYLOADS) != 0 && socket.isEncrypted()) {
            socket.leaveChecksums();
            outbox.leaveChecksums();
        }
        state = State.OPEN;
        traffic.open.increment();
        progressNanos = System.nanoTime();
        long tickMillis = Math.max(
                1, Math.min(MAX_TICK_MILLIS, shared.config().times().keepalive().toMillis() / 2));
        ticker = context.owner().setPeriodic(tickMillis, id -> onTick());
        receiver.onOpened(this);
        pump();
    }

    private void onMemory() {
        awaitsMemory = false;
        resumeSocket();
    }

    private void resumeSocket() {
        if (socket != null && !receiverWaits && !awaitsMemory) {
            socket.resume();
        }
    }

    private void onTick() {
        long now = System.nanoTime();
        MessengerConfig.Times times = shared.config().times();
        if (!socket.isPaused() && socket.silentNanos(now) > times.idle().toNanos()) {
            end(CloseCause.IDLE);
        } else if (!socket.isPaused()
                && socket.unfinishedNanos(now) > times.message().toNanos()) {
            refuse(Refusal.TRICKLE, "a message is not complete after " + times.message());
        } else if (socket.isFull() && now - progressNanos > times.stall().toNanos()) {
            refuse(Refusal.SLOW_READER, "nothing has been taken for " + times.stall());
        } else if (!socket.isFull()
                && socket.mutedNanos(now) > times.keepalive().toNanos()) {
            socket.write(FrameType.KEEPALIVE, Bytes.EMPTY);
        }
    }

    private void refuse(Refusal refusal, String reason) {
        if (state != State.ENDED) {
            shared.refusals().refused(peer + " at " + remoteAddress, refusal, reason);
            end(CloseCause.REFUSED);
        }
    }

    /** It has ended, or never stood; on its event loop. */
    void end(CloseCause cause) {
        if (state == State.ENDED) {
            return;
        }
        boolean stood = socket != null;
        state = State.ENDED;
        outbox.drop();
        if (stood) {
            context.owner().cancelTimer(ticker);
            context.owner().cancelTimer(closeTimer);
            share.release();
            socket.abort();
            traffic.open.decrement();
        }
        shared.metrics().closed(cause);
        onForgotten.run();
        receiver.onClosed(this, cause);
        ended.complete();
    }

    /** Session, entities and channel, for logs. */
    @Override
    public String toString() {
        return "connection " + session + " of " + self + " with " + peer + " (" + channel + ")";
    }

    private final class SocketOwner implements FramedSocket.Owner {
        @Override
        public boolean reserve(int bytes) {
            hasMemory = share.reserve(bytes);
            awaitsMemory = !hasMemory;
            if (awaitsMemory) {
                socket.pause();
            }
            return hasMemory;
        }

        @Override
        public void onMessage(Protocol protocol, Bytes message) {
            try {
                receiver.onMessage(Connection.this, protocol, message);
            } finally {
                if (hasMemory) {
                    hasMemory = false;
                    share.release();
                }
            }
        }

        @Override
        public void onFrame(FrameType type, Bytes payload) {
            if (type == FrameType.BYE) {
                peerCloses = true;
                socket.close();
            } else if (type != FrameType.KEEPALIVE) {
                refuse(Refusal.UNEXPECTED, "a frame of type " + type);
            }
        }

        @Override
        public void onFault(String reason) {
            refuse(Refusal.MALFORMED, reason);
        }

        @Override
        public void onDrained() {
            progressNanos = System.nanoTime();
            pump();
        }

        @Override
        public void onEnd(Optional<Throwable> failure) {
            if (state == State.CLOSING) {
                end(CloseCause.CLOSED);
            } else {
                end(peerCloses ? CloseCause.PEER_CLOSED : CloseCause.RESET);
            }
        }
    }
}
