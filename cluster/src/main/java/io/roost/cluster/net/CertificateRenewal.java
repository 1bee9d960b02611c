package io.roost.cluster.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a running node's certificate new: looks every hour, and when it is time gets the next one, long before the present
 * one ends. What cannot be had now is tried again at the next look. For any thread.
 */
public final class CertificateRenewal {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

    private final Vertx vertx;
    private final NodeTls tls;
    private final CertificateClient client;
    private final Supplier<List<Target>> monitors;
    private final Consumer<CertificateClient.Renewed> keep;
    private final AtomicBoolean isRenewing = new AtomicBoolean();
    private long timer = -1;

    /**
     * A renewal that has not started.
     *
     * @param monitors where certificates may be had at the moment
     * @param keep stores what it has brought for the next start, on a thread that may wait; before it is shown to anybody
     */
    public CertificateRenewal(
            Vertx vertx,
            NodeTls tls,
            CertificateClient client,
            Supplier<List<Target>> monitors,
            Consumer<CertificateClient.Renewed> keep) {
        this.vertx = vertx;
        this.tls = tls;
        this.client = client;
        this.monitors = monitors;
        this.keep = keep;
    }

    /** Looks now, and then again and again. */
    public void start() {
        timer = vertx.setPeriodic(0, BETWEEN_LOOKS.toMillis(), tick -> look().onFailure(this::warn));
    }

    /** Looks no more. */
    public Future<Void> stop() {
        vertx.cancelTimer(timer);
        return client.close();
    }

    /** Completes with true when there is a new certificate, with false when it is not time yet. */
    Future<Boolean> look() {
        boolean isTime = !tls.clock().instant().isBefore(tls.certificate().renewAfter());
        if (!isTime || !isRenewing.compareAndSet(false, true)) {
            return Future.succeededFuture(false);
        }
        return client.renew(tls, monitors.get())
                .compose(this::kept)
                .map(CertificateClient.Renewed::certificate)
                .map(next -> {
                    tls.reload(next);
                    LOG.info(
                            "the node's certificate is renewed and ends on {}",
                            next.peer().notAfter());
                    return true;
                })
                .onComplete(done -> isRenewing.set(false));
    }

    private Future<CertificateClient.Renewed> kept(CertificateClient.Renewed next) {
        return vertx.executeBlocking(() -> {
            keep.accept(next);
            return next;
        });
    }

    private void warn(Throwable reason) {
        Instant end = tls.certificate().peer().notAfter();
        LOG.warn("the node's certificate, which ends on {}, is not renewed yet: {}", end, reason.getMessage());
    }
}
