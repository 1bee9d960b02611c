package io.roost.cluster.daemon;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.osd.PgReport;
import io.roost.cluster.pg.ScrubResult;
import java.time.Duration;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/** What an OSD counts beside its store; safe for any thread, read when somebody scrapes. */
public final class OsdMetrics {
    /** Bounds of the latencies that are counted, from what a cache answers to what a client gives up. */
    private static final Duration[] BOUNDS = {
        Duration.ofNanos(100_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final LongAdder pushedEntries = new LongAdder();
    private final LongAdder pushedBytes = new LongAdder();
    private final LongAdder replicatedMessages = new LongAdder();
    private final LongAdder scrubs = new LongAdder();
    private final LongAdder scrubErrors = new LongAdder();
    private final LongAdder scrubRepaired = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();
    private long toldCommits;
    private long toldCommitNanos;
    private long toldCommitMicros;
    private volatile PgReport report = new PgReport(new TreeMap<>(), 0, 0);
    /** Null until somebody wants to know. */
    private volatile Timer reads;

    private volatile Timer replicaReads;
    private volatile Timer writes;
    private volatile Timer commitTimes;

    /** An operation of a client was answered. */
    void onOperation(OperationTimes.Kind kind, long nanos) {
        Timer timer = switch (kind) {
            case READ -> reads;
            case REPLICA_READ -> replicaReads;
            case WRITE -> writes;
        };
        if (timer != null) {
            timer.record(Duration.ofNanos(nanos));
        }
    }

    /** A group of transactions is on disk. */
    void onCommit(long nanos) {
        commits.increment();
        commitNanos.add(nanos);
        Timer timer = commitTimes;
        if (timer != null) {
            timer.record(Duration.ofNanos(nanos));
        }
    }

    /** Something is said to another OSD. */
    void onSend(PeerMessage message) {
        if (message instanceof ReplicationMessage.Push push) {
            pushedEntries.increment();
            pushedBytes.add(push.content() == null ? 0 : push.content().sizeBytes());
        } else if (message instanceof ReplicationMessage.Replicate) {
            replicatedMessages.increment();
        }
    }

    /** The copies of a placement group that it leads were compared to the end. */
    void onScrubbed(ScrubResult result) {
        scrubs.increment();
        scrubErrors.add(result.found());
        scrubRepaired.add(result.found() - result.unresolved());
    }

    /** How the placement groups are. */
    void onReport(PgReport newer) {
        report = newer;
    }

    /** How long a commit has taken since this was asked last; as before when there was none. Called by one thread. */
    long commitMicros() {
        long count = commits.sum() - toldCommits;
        long nanos = commitNanos.sum() - toldCommitNanos;
        if (count > 0) {
            toldCommits += count;
            toldCommitNanos += nanos;
            toldCommitMicros = Math.max(0, nanos / count / 1000);
        }
        return toldCommitMicros;
    }

    /** Registers all of them, as {@code roost.osd...}. */
    void bindTo(MeterRegistry registry, Tags tags) {
        reads = operations(registry, tags.and("kind", "read"));
        replicaReads = operations(registry, tags.and("kind", "replica_read"));
        writes = operations(registry, tags.and("kind", "write"));
        commitTimes = timer(registry, "roost.osd.commits", "Groups of transactions made durable", tags);
        counter(registry, "pushed.entries", "Entries sent to recover or fill a copy", tags, pushedEntries);
        counter(registry, "pushed.bytes", "Bytes of those entries", tags, pushedBytes);
        counter(registry, "replicated", "Transactions sent to replicas", tags, replicatedMessages);
        counter(registry, "scrubs", "Placement groups whose copies were compared to the end", tags, scrubs);
        counter(registry, "scrub.errors", "Entries that differed between copies or were damaged", tags, scrubErrors);
        counter(registry, "scrub.repaired", "Those of them that were repaired", tags, scrubRepaired);
        for (PgState state : PgState.values()) {
            led(
                    registry,
                    "pgs",
                    "Placement groups that the OSD leads, by what their state is made of",
                    tags.and("state", state.name().toLowerCase(Locale.ROOT)),
                    stat -> stat.states().contains(state) ? 1 : 0);
        }
        led(registry, "pgs.led", "Placement groups that the OSD leads", tags, stat -> 1);
        led(registry, "entries", "Entries of the placement groups that it leads", tags, PgStat::objects);
        led(registry, "entries.bytes", "Bytes of those entries", tags, PgStat::bytes);
        led(registry, "degraded", "Replicas of those entries that are missing", tags, PgStat::degraded);
        led(registry, "misplaced", "Replicas that are elsewhere than placement says", tags, PgStat::misplaced);
        led(registry, "unfound", "Entries that no OSD that is up has", tags, PgStat::unfound);
        led(
                registry,
                "inconsistent",
                "Entries that the newest scrubs could not repair",
                tags,
                stat -> stat.scrubs().errors());
    }

    private static Timer operations(MeterRegistry registry, Tags tags) {
        return timer(registry, "roost.osd.operations", "Operations of clients answered", tags);
    }

    private static Timer timer(MeterRegistry registry, String name, String description, Tags tags) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    private static void counter(MeterRegistry registry, String name, String description, Tags tags, LongAdder counter) {
        FunctionCounter.builder("roost.osd." + name, counter, LongAdder::sum)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void led(MeterRegistry registry, String name, String description, Tags tags, ToLongFunction<PgStat> value) {
        Gauge.builder(
                        "roost.osd." + name,
                        this,
                        metrics -> metrics.report.led().values().stream()
                                .mapToLong(value)
                                .sum())
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
