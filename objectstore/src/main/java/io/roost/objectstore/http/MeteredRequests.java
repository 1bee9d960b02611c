package io.roost.objectstore.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.roost.objectstore.S3Operation;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts requests in a meter registry: {@code roost.s3.requests} by operation and status with their time,
 * {@code roost.s3.received} and {@code roost.s3.sent} in bytes. Safe for use from any thread.
 */
public final class MeteredRequests implements RequestObserver {
    private final MeterRegistry registry;
    private final Counter received;
    private final Counter sent;
    private final ConcurrentMap<Outcome, Timer> timers = new ConcurrentHashMap<>();

    /** What requests are counted by; no operation when they named none. */
    private record Outcome(S3Operation operation, int status) {}

    /** Registers its meters. */
    public MeteredRequests(MeterRegistry registry) {
        this.registry = registry;
        this.received = registry.counter("roost.s3.received");
        this.sent = registry.counter("roost.s3.sent");
    }

    @Override
    public void onAnswered(S3Operation operation, int status, long receivedBytes, long sentBytes, long micros) {
        timers.computeIfAbsent(new Outcome(operation, status), this::timer).record(micros, TimeUnit.MICROSECONDS);
        received.increment((double) receivedBytes);
        sent.increment((double) sentBytes);
    }

    private Timer timer(Outcome outcome) {
        S3Operation operation = outcome.operation();
        return Timer.builder("roost.s3.requests")
                .tag("operation", operation == null ? "none" : operation.apiName())
                .tag("status", Integer.toString(outcome.status()))
                .register(registry);
    }
}
