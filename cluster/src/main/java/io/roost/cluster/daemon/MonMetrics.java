package io.roost.cluster.daemon;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.roost.cluster.paxos.Quorum;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** What a monitor counts; written by its thread, read when somebody scrapes. */
public final class MonMetrics {
    private final LongAdder commits = new LongAdder();
    private final LongAdder elections = new LongAdder();
    private final LongAdder persists = new LongAdder();
    private final LongAdder persistNanos = new LongAdder();
    private final LongAdder decisions = new LongAdder();
    private final LongAdder decisionNanos = new LongAdder();
    private volatile long version;
    private volatile int epoch;
    private volatile boolean leads;
    private volatile boolean isReadable;
    private volatile int quorum;
    /** When the version that this monitor is deciding was proposed; negative while it decides nothing. */
    private long proposedNanos = -1;

    /** It has written a batch. */
    void onPersisted(long nanos) {
        persists.increment();
        persistNanos.add(nanos);
    }

    /**
     * What it is now, after an input.
     *
     * @param nowMillis by the clock of the quorum
     * @param begunNanos when the input began
     */
    void onInput(Quorum now, long nowMillis, long begunNanos, long nowNanos) {
        if (epoch != 0 && now.epoch() > epoch) {
            elections.add((now.epoch() + 1) / 2 - (epoch + 1) / 2);
        }
        epoch = now.epoch();
        leads = now.role() == Quorum.Role.LEADER;
        isReadable = now.isReadable(nowMillis);
        quorum = now.members().size();
        long decided = version == 0 ? 0 : now.lastCommitted() - version;
        version = now.lastCommitted();
        commits.add(decided);
        if (leads && decided > 0) {
            decisions.increment();
            decisionNanos.add(nowNanos - (proposedNanos < 0 ? begunNanos : proposedNanos));
        }
        if (!leads || now.isProposable()) {
            proposedNanos = -1;
        } else if (decided > 0 || proposedNanos < 0) {
            proposedNanos = begunNanos;
        }
    }

    /** Registers all of them, as {@code roost.monitor...}. */
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "leads", "1 while the monitor of this node leads", one -> one.leads ? 1 : 0);
        gauge(registry, "quorum", "Monitors in the quorum of this node's, 0 outside of one", one -> one.quorum);
        gauge(registry, "readable", "1 while it may answer reads: its lease holds", one -> one.isReadable ? 1 : 0);
        gauge(registry, "version", "The newest version of the log that it knows to be decided", one -> one.version);
        gauge(registry, "election.epoch", "Epoch of the newest election; odd while one is under way", one -> one.epoch);
        counter(registry, "commits", "Versions decided since it runs", commits);
        counter(registry, "elections", "Elections since it runs", elections);
        timer(registry, "persists", "Batches that it has written", persists, persistNanos);
        timer(registry, "decisions", "Versions that it has had decided as the leader", decisions, decisionNanos);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<MonMetrics> value) {
        Gauge.builder("roost.monitor." + name, this, value)
                .description(description)
                .register(registry);
    }

    private static void counter(MeterRegistry registry, String name, String description, LongAdder count) {
        FunctionCounter.builder("roost.monitor." + name, count, LongAdder::sum)
                .description(description)
                .register(registry);
    }

    private static void timer(
            MeterRegistry registry, String name, String description, LongAdder count, LongAdder nanos) {
        FunctionTimer.builder(
                        "roost.monitor." + name, nanos, times -> count.sum(), LongAdder::sum, TimeUnit.NANOSECONDS)
                .description(description)
                .register(registry);
    }
}
