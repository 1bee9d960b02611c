package io.roost.cluster.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.roost.cluster.wire.Frame;
import io.roost.cluster.wire.Payload;
import io.roost.cluster.wire.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits to be sent on a connection. Any thread puts messages in; the connection's event loop takes frames out, some
 * small messages together, large ones piece by piece. Frames are copied into one direct buffer, which TLS takes as it is: it
 * would copy scattered pieces itself, record by record. A message is released when all of it has been copied, or when it is
 * thrown away.
 */
final class Outbox {
    /** Small messages leave together up to this size, with bodies of 16 KiB among them: one system call for many. */
    private static final int COALESCED_BYTES = 64 * 1024;

    /** What a message costs in memory besides its bytes, so that a queue of empty ones has an end too. */
    private static final int MESSAGE_OVERHEAD_BYTES = 64;

    private record Message(Protocol protocol, Payload content) {
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

    private boolean isChecked = true;

    Outbox(MessengerMetrics.Traffic traffic) {
        this.traffic = traffic;
    }

    /** Frames have no checksums of their payloads from now on; on the event loop. */
    void leaveChecksums() {
        isChecked = false;
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

    /** The next frames, at most one of them large, to be released; null when there is nothing. On the event loop. */
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
        ByteBuf frames = ByteBufAllocator.DEFAULT.directBuffer(bytes);
        for (; count > 0; count--) {
            Message message = messages.element();
            write(message, 0, message.content.length(), frames);
            sent(message);
        }
        return frames;
    }

    private ByteBuf piece(Message message) {
        int length = Math.min(message.content.length() - taken, Frame.MAX_PAYLOAD_BYTES);
        ByteBuf frame = ByteBufAllocator.DEFAULT.directBuffer(Frame.HEADER_BYTES + length);
        write(message, taken, taken + length, frame);
        taken += length;
        if (taken < message.content.length()) {
            traffic.framesOut.increment();
        } else {
            taken = 0;
            sent(message);
        }
        return frame;
    }

    /** Appends a frame with the bytes {@code [begin, end)} of a message. */
    private void write(Message message, int begin, int end, ByteBuf frames) {
        int frameBytes = Frame.HEADER_BYTES + end - begin;
        int rest = message.content.length() - end;
        ByteBuffer frame =
                frames.internalNioBuffer(frames.writerIndex(), frameBytes).slice();
        frame.position(Frame.HEADER_BYTES);
        message.content.slice(begin, end).forEach(frame::put);
        ByteBuffer payload = frame.flip().slice(Frame.HEADER_BYTES, end - begin);
        Frame header = isChecked
                ? Frame.ofMessage(message.protocol, List.of(payload), rest)
                : Frame.unchecked(message.protocol, end - begin, rest);
        header.writeHeader(frame);
        frames.writerIndex(frames.writerIndex() + frameBytes);
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
        message.content.release();
    }

    /** Throws everything away; on any thread, when nothing is taken out any more. */
    void drop() {
        for (Message message = messages.poll(); message != null; message = messages.poll()) {
            remove(message);
            traffic.dropped.increment();
        }
    }
}
