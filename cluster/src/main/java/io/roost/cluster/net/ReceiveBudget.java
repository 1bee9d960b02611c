package io.roost.cluster.net;

import java.util.ArrayDeque;

/**
 * The memory for messages that are being received in several frames, of all connections of a messenger together. Who gets
 * none waits, in the order of asking, so that a large message is not overtaken by small ones for ever. Safe for any thread.
 */
final class ReceiveBudget {
    /** One connection's part; it has one message at a time. */
    final class Share {
        private final Runnable onGranted;
        private int bytes;
        private boolean waits;

        private Share(Runnable onGranted) {
            this.onGranted = onGranted;
        }

        /** True when so much is the connection's; false when it waits for it. The same is asked again after the wait. */
        boolean reserve(int wanted) {
            return ReceiveBudget.this.reserve(this, wanted);
        }

        /** Gives back what it has, and waits no more. */
        void release() {
            ReceiveBudget.this.release(this);
        }
    }

    private final int totalBytes;
    private final ArrayDeque<Share> waiting = new ArrayDeque<>();
    private int freeBytes;

    /** A budget of so many bytes. */
    ReceiveBudget(int totalBytes) {
        this.totalBytes = totalBytes;
        this.freeBytes = totalBytes;
    }

    /** A connection's part, of nothing yet; {@code onGranted} runs on any thread when what was refused has been granted. */
    Share share(Runnable onGranted) {
        return new Share(onGranted);
    }

    /** Bytes that are reserved. */
    synchronized int usedBytes() {
        return totalBytes - freeBytes;
    }

    private synchronized boolean reserve(Share share, int wanted) {
        if (share.waits || share.bytes == wanted) {
            return !share.waits;
        }
        share.bytes = wanted;
        if (waiting.isEmpty() && wanted <= freeBytes) {
            freeBytes -= wanted;
            return true;
        }
        share.waits = true;
        waiting.addLast(share);
        return false;
    }

    private void release(Share share) {
        ArrayDeque<Share> granted = new ArrayDeque<>();
        synchronized (this) {
            if (share.waits) {
                waiting.remove(share);
                share.waits = false;
            } else {
                freeBytes += share.bytes;
            }
            share.bytes = 0;
            while (!waiting.isEmpty() && waiting.peekFirst().bytes <= freeBytes) {
                Share next = waiting.pollFirst();
                next.waits = false;
                freeBytes -= next.bytes;
                granted.addLast(next);
            }
        }
        granted.forEach(next -> next.onGranted.run());
    }
}
