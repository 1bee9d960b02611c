package io.roost.cluster.net;

import io.roost.cluster.net.handshake.Refusal;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts peers that are turned away, and says so in the log, but not so often that they could fill it. For any thread. */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Lines in a window; the rest is counted, and told with the next window's first. */
    private static final int WINDOW_LINES = 20;

    private final MessengerMetrics metrics;
    private long windowNanos = System.nanoTime();
    private int lines;
    private long untold;

    RefusalLog(MessengerMetrics metrics) {
        this.metrics = metrics;
    }

    void refused(String peer, Refusal refusal, String reason) {
        metrics.refused(refusal);
        long missed;
        synchronized (this) {
            long now = System.nanoTime();
            if (now - windowNanos > WINDOW_NANOS) {
                windowNanos = now;
                lines = 0;
            }
            if (lines >= WINDOW_LINES) {
                untold++;
                return;
            }
            lines++;
            missed = untold;
            untold = 0;
        }
        if (missed > 0) {
            LOG.warn("{} more peers were refused", missed);
        }
        LOG.warn("refused {}: {}: {}", peer, refusal.label(), reason);
    }
}
