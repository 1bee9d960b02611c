package io.roost.deploy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.roost.mailstore.net.MailObserver;
import io.roost.mailstore.store.BodyWork;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what the mail servers do: {@code roost.mail.connections} by protocol, {@code roost.imap.commands} by command and
 * outcome and {@code roost.lmtp.deliveries} by reply, with their time, {@code roost.lmtp.received.bytes} of what was
 * delivered, {@code roost.mail.logins} by method and outcome, {@code roost.mail.body.reserved.bytes}. Safe for any thread.
 */
final class MeteredMail implements MailObserver {
    private final MeterRegistry registry;
    private final Counter received;
    private final Map<Spoken, AtomicInteger> connections = new EnumMap<>(Spoken.class);

    /** Registers its meters. */
    MeteredMail(MeterRegistry registry, BodyWork work) {
        this.registry = registry;
        this.received = registry.counter("roost.lmtp.received.bytes");
        for (Spoken spoken : Spoken.values()) {
            AtomicInteger count = new AtomicInteger();
            connections.put(spoken, count);
            Gauge.builder("roost.mail.connections", count, AtomicInteger::get)
                    .description("Connections of clients")
                    .tag("protocol", spoken.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("roost.mail.body.reserved.bytes", work, BodyWork::reservedBytes)
                .description("Memory reserved by bodies of messages")
                .register(registry);
    }

    @Override
    public void onConnected(Spoken spoken) {
        connections.get(spoken).incrementAndGet();
    }

    @Override
    public void onGone(Spoken spoken) {
        connections.get(spoken).decrementAndGet();
    }

    @Override
    public void onCommand(String command, String outcome, long micros) {
        Timer.builder("roost.imap.commands")
                .tag("command", command)
                .tag("outcome", outcome)
                .register(registry)
                .record(micros, TimeUnit.MICROSECONDS);
    }

    @Override
    public void onLogin(String method, String outcome) {
        registry.counter("roost.mail.logins", "method", method, "outcome", outcome)
                .increment();
    }

    @Override
    public void onDelivery(String reply, long bytes, long micros) {
        Timer.builder("roost.lmtp.deliveries")
                .tag("reply", reply)
                .register(registry)
                .record(micros, TimeUnit.MICROSECONDS);
        if (reply.equals("DELIVERED")) {
            received.increment((double) bytes);
        }
    }
}
