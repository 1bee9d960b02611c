package io.roost.deploy.lab;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One direction of a connection: what one node says is passed on to the other, late, or when the way is free. */
final class Wire {
    /** Held for a way that is blocked; then its speaker waits, as with a full socket. */
    private static final int MAX_HELD_BYTES = 256 << 10;

    /** Something to pass on: bytes, or nothing for the end. */
    private record Piece(Optional<Buffer> bytes, long dueMillis) {}

    private final Vertx vertx;
    private final Links links;
    private final Links.Way way;
    private final NetSocket from;
    private final NetSocket to;
    private final Runnable listener = this::passOn;
    private final ArrayDeque<Piece> held = new ArrayDeque<>();
    private long heldBytes;
    private boolean isWaiting;

    Wire(Vertx vertx, Links links, Links.Way way, NetSocket from, NetSocket to) {
        this.vertx = vertx;
        this.links = links;
        this.way = way;
        this.from = from;
        this.to = to;
    }

    /** Begins to pass on what a socket says that was paused. */
    void begin() {
        links.onChange(listener);
        from.handler(bytes -> hold(Optional.of(bytes)));
        to.drainHandler(drained -> passOn());
        from.resume();
    }

    /** It will say nothing more: the other hears of it after all that was said. */
    void end() {
        hold(Optional.empty());
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void hold(Optional<Buffer> bytes) {
        held.add(new Piece(bytes, nowMillis() + links.delayMillis()));
        heldBytes += bytes.map(Buffer::length).orElse(0);
        passOn();
    }

    private void passOn() {
        while (!held.isEmpty() && !links.isBlocked(way) && !to.writeQueueFull() && isDue(held.peek())) {
            Piece piece = held.remove();
            if (piece.bytes().isEmpty()) {
                links.forget(listener);
                to.close();
                return;
            }
            heldBytes -= piece.bytes().get().length();
            to.write(piece.bytes().get());
        }
        if (heldBytes > MAX_HELD_BYTES) {
            from.pause();
        } else {
            from.resume();
        }
    }

    private boolean isDue(Piece piece) {
        long left = piece.dueMillis() - nowMillis();
        if (left > 0 && !isWaiting) {
            isWaiting = true;
            vertx.setTimer(left, id -> {
                isWaiting = false;
                passOn();
            });
        }
        return left <= 0;
    }
}
