package io.roost.cluster.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.wire.Frame;
import io.roost.cluster.wire.FrameDecoder;
import io.roost.cluster.wire.FrameException;
import io.roost.cluster.wire.FrameType;
import io.roost.cluster.wire.Protocol;
import io.vertx.core.Context;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A socket as frames in both directions. Everything on the socket's event loop. */
final class FramedSocket {
    /** Has the socket: first the handshake, then the connection. */
    interface Owner extends FrameDecoder.Sink {
        /** What came is malformed; nothing more comes. The owner closes the socket. */
        void onFault(String reason);

        /** There is room for more to write. */
        void onDrained();

        /** The socket is closed; with why, if it broke. */
        void onEnd(Optional<Throwable> failure);
    }

    /** A last word has so long to leave. */
    private static final long CLOSE_MILLIS = 1000;

    private final NetSocketInternal socket;
    private final Context context;
    private final FrameDecoder decoder;
    private final Counted counted = new Counted();
    private MessengerMetrics.Traffic traffic;
    private Owner owner;
    private Optional<Throwable> failure = Optional.empty();

    /** Bytes that have been read and cannot be decoded yet: their message waits for memory, or the owner has paused. */
    private ByteBuf pending;

    private boolean paused;
    private boolean feeding;
    private boolean ended;
    private boolean closing;
    private long closeTimer = -1;
    private long begunNanos;
    private long readNanos = System.nanoTime();
    private long writtenNanos = readNanos;

    /**
     * Takes a socket over; it is not read before {@link #resume}.
     *
     * @param maxBytes largest message for the time being
     */
    FramedSocket(NetSocket socket, Context context, int maxBytes, MessengerMetrics.Traffic traffic) {
        this.socket = (NetSocketInternal) socket;
        this.context = context;
        this.decoder = new FrameDecoder(maxBytes);
        this.traffic = traffic;
        this.paused = true;
        socket.pause();
        this.socket.messageHandler(message -> onBytes((ByteBuf) message));
        socket.drainHandler(v -> owner.onDrained());
        socket.exceptionHandler(broken -> failure = Optional.of(broken));
        socket.closeHandler(v -> onClosed());
    }

    /** The event loop. */
    Context context() {
        return context;
    }

    /** Where Netty's handlers are, for TLS. */
    ChannelPipeline pipeline() {
        return socket.channelHandlerContext().pipeline();
    }

    /** Address and port of the peer. */
    String remoteAddress() {
        return String.valueOf(socket.remoteAddress());
    }

    /** Gives the socket to an owner. */
    void own(Owner newOwner) {
        owner = newOwner;
    }

    /** The handshake is over: larger messages, counted elsewhere. */
    void establish(int maxBytes, MessengerMetrics.Traffic channelTraffic) {
        decoder.limit(maxBytes);
        traffic = channelTraffic;
    }

    /** True behind TLS. */
    boolean isEncrypted() {
        return pipeline().get(SslHandler.class) != null;
    }

    /** Frames that come have no checksums of their payloads any more. */
    void leaveChecksums() {
        decoder.leaveChecksums();
    }

    /** Limits what waits in the socket's own buffers. */
    void writeQueue(int bytes) {
        socket.setWriteQueueMaxSize(bytes);
    }

    /** True when the socket takes no more for now; {@link Owner#onDrained} follows. */
    boolean isFull() {
        return socket.writeQueueFull();
    }

    /** Writes a frame that is no message. */
    void write(FrameType type, Bytes payload) {
        ByteBuffer content = ByteBuffer.wrap(payload.array());
        ByteBuffer out = ByteBuffer.allocate(Frame.HEADER_BYTES + content.remaining());
        Frame.of(type, content).writeHeader(out);
        traffic.framesOut.increment();
        write(Unpooled.wrappedBuffer(out.put(content).flip()));
    }

    /** Writes frames, and releases them. */
    void write(ByteBuf frames) {
        traffic.bytesOut.add(frames.readableBytes());
        writtenNanos = System.nanoTime();
        socket.writeMessage(frames).onComplete(written -> {
            if (written.failed() && failure.isEmpty()) {
                failure = Optional.of(written.cause());
            }
        });
    }

    /** Closes the socket when what has been written is on its way, or does not get away; {@link Owner#onEnd} follows. */
    void close() {
        stopReading();
        if (!closing) {
            closing = true;
            closeTimer = context.owner().setTimer(CLOSE_MILLIS, id -> abort());
            socket.close();
        }
    }

    /** Closes the socket, whatever waits in it; {@link Owner#onEnd} follows. */
    void abort() {
        stopReading();
        // Beyond Vert.x's own handler, which would wait until all has been written.
        var unused = socket.channelHandlerContext().close();
    }

    /** Stops reading, so that the peer is told by TCP to wait. What has been read already may still be given out. */
    void pause() {
        if (!paused) {
            paused = true;
            socket.pause();
        }
    }

    /** Reads again. */
    void resume() {
        if (ended || feeding) {
            return;
        }
        paused = false;
        begunNanos = System.nanoTime();
        if (pending != null) {
            ByteBuf bytes = pending;
            pending = null;
            feed(bytes);
        }
        if (pending == null && !paused && !ended) {
            socket.resume();
        }
    }

    /** True while the peer cannot be blamed for saying nothing. */
    boolean isPaused() {
        return paused;
    }

    /** How long a message has been coming that is not complete; 0 when there is none. */
    long unfinishedNanos(long nowNanos) {
        return decoder.isIdle() ? 0 : nowNanos - begunNanos;
    }

    /** How long nothing has been read. */
    long silentNanos(long nowNanos) {
        return nowNanos - readNanos;
    }

    /** How long nothing has been written. */
    long mutedNanos(long nowNanos) {
        return nowNanos - writtenNanos;
    }

    private void onBytes(ByteBuf bytes) {
        traffic.bytesIn.add(bytes.readableBytes());
        readNanos = System.nanoTime();
        if (ended) {
            bytes.release();
        } else if (pending != null) {
            pending = Unpooled.wrappedBuffer(pending, bytes);
        } else {
            feed(bytes);
        }
    }

    private void feed(ByteBuf bytes) {
        boolean wasIdle = decoder.isIdle();
        long delivered = counted.delivered;
        ByteBuffer chunk = bytes.nioBuffer();
        try {
            decode(chunk);
        } catch (RuntimeException | Error broken) {
            // Whoever took the message failed: what has been read no longer fits what comes.
            bytes.release();
            abort();
            throw broken;
        }
        if (wasIdle || delivered != counted.delivered) {
            begunNanos = System.nanoTime();
        }
        if (chunk.hasRemaining() && !ended) {
            pending = bytes.readerIndex(bytes.writerIndex() - chunk.remaining());
            pause();
        } else {
            bytes.release();
        }
    }

    private void decode(ByteBuffer chunk) {
        feeding = true;
        try {
            decoder.feed(chunk, counted);
        } catch (FrameException | MalformedBytesException malformed) {
            if (!ended) {
                stopReading();
                owner.onFault(malformed.getMessage());
            }
        } finally {
            feeding = false;
        }
    }

    /** Of a message; an empty one takes one too. */
    private static int frames(int messageBytes) {
        return 1 + Math.max(0, messageBytes - 1) / Frame.MAX_PAYLOAD_BYTES;
    }

    private void stopReading() {
        ended = true;
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    private void onClosed() {
        stopReading();
        context.owner().cancelTimer(closeTimer);
        owner.onEnd(failure);
    }

    /** Passes on what was decoded, and nothing once the socket is being closed. */
    private final class Counted implements FrameDecoder.Sink {
        private long delivered;

        @Override
        public boolean reserve(int bytes) {
            return owner.reserve(bytes);
        }

        @Override
        public void onMessage(Protocol protocol, Bytes message) {
            delivered++;
            traffic.framesIn.add(frames(message.length()));
            if (!ended) {
                traffic.messagesIn.increment();
                owner.onMessage(protocol, message);
            }
        }

        @Override
        public void onFrame(FrameType type, Bytes payload) {
            delivered++;
            traffic.framesIn.increment();
            if (!ended) {
                owner.onFrame(type, payload);
            }
        }
    }
}
