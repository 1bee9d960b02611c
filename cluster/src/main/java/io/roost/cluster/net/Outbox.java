package io.roost.cluster.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.Frame;
import io.roost.cluster.wire.Protocol;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits to be sent on a connection. Any thread puts messages in; the connection's event loop takes frames out, some
 * small messages together, large ones piece by piece without copying them.
 */
final class Outbox {
    /** Small messages are copied together up to this size: one write, one system call, one TLS record for many. */
    private static final int COALESCED_BYTES = 16 * 1024;

    /** What a message costs in memory besides its bytes, so that a queue of empty ones has an end too. */
    private static final int MESSAGE_OVERHEAD_BYTES = 64;

    private record Message(Protocol protocol, Bytes content) {
        int cost() {
            return content.length() + MESSAGE_OVERHEAD_BYTES;
        }

        int framedBytes() {
            return content.length() + Frame.HEADER_BYTES;
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
    long add(Protocol protocol, Bytes content) {
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
    ByteBuf next() {
        Message first = messages.peek();
        if (first == null) {
            return null;
        }
        return first.framedBytes() > COALESCED_BYTES ? piece(first) : coalesced();
    }

    private ByteBuf coalesced() {
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
            ByteBuffer content = ByteBuffer.wrap(message.content().array());
            Frame.ofMessage(message.protocol(), content, 0).writeHeader(out);
            out.put(content);
            sent(message);
        }
        return Unpooled.wrappedBuffer(out.flip());
    }

    private ByteBuf piece(Message message) {
        byte[] content = message.content().array();
        int length = Math.min(content.length - taken, Frame.MAX_PAYLOAD_BYTES);
        int rest = content.length - taken - length;
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
        Frame.ofMessage(message.protocol(), ByteBuffer.wrap(content, taken, length), rest)
                .writeHeader(header);
        ByteBuf piece = Unpooled.wrappedBuffer(
                Unpooled.wrappedBuffer(header.flip()), Unpooled.wrappedBuffer(content, taken, length));
        taken += length;
        if (rest == 0) {
            taken = 0;
            sent(message);
        } else {
            traffic.framesOut.increment();
        }
        return piece;
    }

    private void sent(Message message) {
        messages.remove();
        queuedBytes.addAndGet(-message.cost());
        traffic.queuedBytes.add(-message.cost());
        traffic.messagesOut.increment();
        traffic.framesOut.increment();
    }

    /** Throws everything away; on any thread, when nothing is taken out any more. */
    void drop() {
        for (Message message = messages.poll(); message != null; message = messages.poll()) {
            queuedBytes.addAndGet(-message.cost());
            traffic.queuedBytes.add(-message.cost());
            traffic.dropped.increment();
        }
    }
}
