package io.roost.cluster.net;

import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.wire.Protocol;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A receiver that keeps what it is given, for a test that waits for it. */
final class Recorder implements Receiver {
    /** Longer than anything takes; only a test that fails waits for so long. */
    private static final long PATIENCE_SECONDS = 60;

    record Message(Connection connection, Protocol protocol, Bytes content) {}

    record Closed(Connection connection, CloseCause cause) {}

    private final BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Connection> writable = new LinkedBlockingQueue<>();
    private final BlockingQueue<Closed> closed = new LinkedBlockingQueue<>();
    private volatile Predicate<Entity> admitted = peer -> true;

    /** Message that {@link #onMessage} takes for a malformed one. */
    static final Bytes MALFORMED = Bytes.utf8("malformed");

    /** Message that makes {@link #onMessage} fail as no receiver should. */
    static final Bytes BROKEN = Bytes.utf8("broken");

    void admit(Predicate<Entity> peers) {
        admitted = peers;
    }

    @Override
    public boolean admits(Entity peer) {
        return admitted.test(peer);
    }

    @Override
    public void onOpened(Connection connection) {
        opened.add(connection);
    }

    @Override
    public void onMessage(Connection connection, Protocol protocol, Bytes message) {
        if (message.equals(MALFORMED)) {
            throw new MalformedBytesException("as the test wants it");
        }
        if (message.equals(BROKEN)) {
            throw new IllegalStateException("as the test wants it");
        }
        messages.add(new Message(connection, protocol, message));
    }

    @Override
    public void onWritable(Connection connection) {
        writable.add(connection);
    }

    @Override
    public void onClosed(Connection connection, CloseCause cause) {
        closed.add(new Closed(connection, cause));
    }

    private static <T> T take(BlockingQueue<T> queue, String what) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no " + what + " in " + PATIENCE_SECONDS + " s");
        }
        return next;
    }

    Connection takeOpened() throws InterruptedException {
        return take(opened, "connection");
    }

    Message takeMessage() throws InterruptedException {
        return take(messages, "message");
    }

    Connection takeWritable() throws InterruptedException {
        return take(writable, "connection that takes more");
    }

    Closed takeClosed() throws InterruptedException {
        return take(closed, "end of a connection");
    }

    int messageCount() {
        return messages.size();
    }

    int openedCount() {
        return opened.size();
    }
}
