package io.roost.cluster.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.roost.cluster.wire.Frame;
import io.roost.cluster.wire.Payload;
import io.roost.cluster.wire.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits to be sent on a connection. Any thread puts messages in; the connection's event loop takes frames out, some
 * small messages together, large ones piece by piece without copying them. A message is released when it has been taken out
 * or thrown away, and nothing of it is in the socket any more.
 */
final class Outbox {
    /** Small messages are copied together up to this size: one write, one system call, one TLS record for many. */
    private static final int COALESCED_BYTES = 16 * 1024;

    /** What a message costs in memory besides its bytes, so that a queue of empty ones has an end too. */
    private static final int MESSAGE_OVERHEAD_BYTES = 64;

    /**
     * Frames to write.
     *
     * @param bytes of the frames
     * @param onWritten to be run when they have been written, or failed to be
     */
    record Frames(ByteBuf bytes, Runnable onWritten) {}

    private static final class Message {
        private final Protocol protocol;
        private final Payload content;

        /** The queue, and pieces in the socket. */
        private final AtomicInteger users = new AtomicInteger(1);

        Message(Protocol protocol, Payload content) {
            this.protocol = protocol;
            this.content = content;
        }

        int cost() {
            return content.length() + MESSAGE_OVERHEAD_BYTES;
        }

        int framedBytes() {
            return content.length() + Frame.HEADER_BYTES;
        }

        void leave() {
            if (users.decrementAndGet() == 0) {
                content.release();
            }
        }
    }

    private final MessengerMetrics.Traffic traffic;
    private final ConcurrentLinkedQueue<Message> messages = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();

    /** Bytes of the first message that have been taken out. */
    private int taken;

    Outbox(MessengerMetrics.Traffic traffic) {
        this.traffic = traffic;
    }

    /** Puts a message in. Returns the bytes that wait then. */
    long add(Protocol protocol, Payload content) {
        Message message = new Message(protocol, content);
        traffic.queuedBytes.add(message.cost());
        long total = queuedBytes.addAndGet(message.cost());
        messages.add(message);
        return total;
    }

    /** Bytes that wait. */
    long queuedBytes() {
        return queuedBytes.get();
    }

    /** True when there is nothing to take out. */
    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** The next frames, at most one of them large; null when there is nothing. On the event loop. */
    Frames next() {
        Message first = messages.peek();
        if (first == null) {
            return null;
        }
        return first.framedBytes() > COALESCED_BYTES ? piece(first) : coalesced();
    }

    private Frames coalesced() {
        int count = 0;
        int bytes = 0;
        for (Message message : messages) {
            if (bytes + message.framedBytes() > COALESCED_BYTES) {
                break;
            }
            bytes += message.framedBytes();
            count++;
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        for (; count > 0; count--) {
            Message message = messages.element();
            List<ByteBuffer> content = message.content.slice(0, message.content.length());
            Frame.ofMessage(message.protocol, content, 0).writeHeader(out);
            content.forEach(out::put);
            sent(message);
        }
        return new Frames(Unpooled.wrappedBuffer(out.flip()), () -> {});
    }

    private Frames piece(Message message) {
        int length = Math.min(message.content.length() - taken, Frame.MAX_PAYLOAD_BYTES);
        int rest = message.content.length() - taken - length;
        List<ByteBuffer> content = message.content.slice(taken, taken + length);
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
        Frame.ofMessage(message.protocol, content, rest).writeHeader(header);
        content.add(0, header.flip());
        ByteBuf bytes = Unpooled.wrappedBuffer(content.size(), content.toArray(new ByteBuffer[0]));
        message.users.incrementAndGet();
        if (rest > 0) {
            taken += length;
            traffic.framesOut.increment();
        } else {
            taken = 0;
            sent(message);
        }
        return new Frames(bytes, message::leave);
    }

    private void sent(Message message) {
        remove(message);
        messages.remove();
        traffic.messagesOut.increment();
        traffic.framesOut.increment();
    }

    private void remove(Message message) {
        queuedBytes.addAndGet(-message.cost());
        traffic.queuedBytes.add(-message.cost());
        message.leave();
    }

    /** Throws everything away; on any thread, when nothing is taken out any more. */
    void drop() {
        for (Message message = messages.poll(); message != null; message = messages.poll()) {
            remove(message);
            traffic.dropped.increment();
        }
    }
}
