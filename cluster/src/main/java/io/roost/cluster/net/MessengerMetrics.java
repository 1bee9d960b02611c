package io.roost.cluster.net;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Refusal;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a messenger counts; safe for any thread, read when somebody scrapes. */
public final class MessengerMetrics {
    /** Of the connections of a channel. */
    static final class Traffic {
        final LongAdder bytesIn = new LongAdder();
        final LongAdder bytesOut = new LongAdder();
        final LongAdder framesIn = new LongAdder();
        final LongAdder framesOut = new LongAdder();
        final LongAdder messagesIn = new LongAdder();
        final LongAdder messagesOut = new LongAdder();
        final LongAdder dropped = new LongAdder();
        final LongAdder queuedBytes = new LongAdder();
        final LongAdder open = new LongAdder();
    }

    private final Map<Channel, Traffic> traffic = new EnumMap<>(Channel.class);
    private final Traffic handshakes = new Traffic();
    private final Map<Refusal, LongAdder> refusals = new EnumMap<>(Refusal.class);
    private final Map<CloseCause, LongAdder> closes = new EnumMap<>(CloseCause.class);
    private final LongAdder issued = new LongAdder();

    /** All counters at zero. */
    public MessengerMetrics() {
        for (Channel channel : Channel.values()) {
            traffic.put(channel, new Traffic());
        }
        for (Refusal refusal : Refusal.values()) {
            refusals.put(refusal, new LongAdder());
        }
        for (CloseCause cause : CloseCause.values()) {
            closes.put(cause, new LongAdder());
        }
    }

    Traffic of(Channel channel) {
        return traffic.get(channel);
    }

    Traffic handshakes() {
        return handshakes;
    }

    void refused(Refusal refusal) {
        refusals.get(refusal).increment();
    }

    void closed(CloseCause cause) {
        closes.get(cause).increment();
    }

    void certificateIssued() {
        issued.increment();
    }

    /** Peers turned away for a reason. */
    public long refusals(Refusal refusal) {
        return refusals.get(refusal).sum();
    }

    /** Connections that ended for a reason; those that never stood too. */
    public long closes(CloseCause cause) {
        return closes.get(cause).sum();
    }

    /** Connections of a channel that stand. */
    public long open(Channel channel) {
        return traffic.get(channel).open.sum();
    }

    /** Bytes of messages of a channel that wait to be sent. */
    public long queuedBytes(Channel channel) {
        return traffic.get(channel).queuedBytes.sum();
    }

    /** Messages of a channel that were given to a connection and not sent before it ended. */
    public long dropped(Channel channel) {
        return traffic.get(channel).dropped.sum();
    }

    /** Registers all of them, as {@code roost.messenger...}. */
    public void bindTo(MeterRegistry registry) {
        traffic.forEach((channel, counts) -> bind(registry, channel.name().toLowerCase(java.util.Locale.ROOT), counts));
        bind(registry, "handshake", handshakes);
        refusals.forEach((refusal, count) -> FunctionCounter.builder("roost.messenger.refusals", count, LongAdder::sum)
                .description("Peers that were turned away")
                .tag("cause", refusal.label())
                .register(registry));
        closes.forEach((cause, count) -> FunctionCounter.builder("roost.messenger.closes", count, LongAdder::sum)
                .description("Connections that ended")
                .tag("cause", cause.label())
                .register(registry));
        FunctionCounter.builder("roost.messenger.certificates", issued, LongAdder::sum)
                .description("Certificates issued to nodes")
                .register(registry);
    }

    private static void bind(MeterRegistry registry, String channel, Traffic counts) {
        count(registry, "bytes", "Bytes of frames", channel, "in", counts.bytesIn);
        count(registry, "bytes", "Bytes of frames", channel, "out", counts.bytesOut);
        count(registry, "frames", "Frames", channel, "in", counts.framesIn);
        count(registry, "frames", "Frames", channel, "out", counts.framesOut);
        count(registry, "messages", "Messages", channel, "in", counts.messagesIn);
        count(registry, "messages", "Messages", channel, "out", counts.messagesOut);
        FunctionCounter.builder("roost.messenger.dropped", counts.dropped, LongAdder::sum)
                .description("Messages that a connection took and had not sent when it ended")
                .tag("channel", channel)
                .register(registry);
        gauge(registry, "queued.bytes", "Bytes of messages that wait to be sent", channel, counts.queuedBytes);
        gauge(registry, "connections", "Connections that stand", channel, counts.open);
    }

    private static void count(
            MeterRegistry registry, String name, String what, String channel, String direction, LongAdder count) {
        FunctionCounter.builder("roost.messenger." + name, count, LongAdder::sum)
                .description(what)
                .tag("channel", channel)
                .tag("direction", direction)
                .register(registry);
    }

    private static void gauge(MeterRegistry registry, String name, String what, String channel, LongAdder value) {
        Gauge.builder("roost.messenger." + name, value, LongAdder::sum)
                .description(what)
                .tag("channel", channel)
                .register(registry);
    }
}
