package io.roost.deploy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.roost.cluster.daemon.ClusterNode;
import io.roost.cluster.daemon.OsdNode;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.StoreCounters;
import io.roost.cluster.store.rocksdb.RocksKeyValue;
import io.roost.objectstore.http.BodyBudget;
import io.roost.objectstore.object.ListingCounters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The meters of a node beside those of its requests. Nearly all are read from counters that are kept anyway, when somebody
 * scrapes; the paths of requests do nothing for them. Names are Micrometer's, {@code roost.store.seeks}, which Prometheus
 * shows as {@code roost_store_seeks_total}.
 */
final class NodeMetrics {
    /** How often an event loop's delay is measured; seldom enough not to be seen on an idle node. */
    private static final long PROBE_MILLIS = 100;

    /** A slice of an event loop that is longer makes every other request of the loop wait: a fault worth a metric. */
    private static final long SLOW_SLICE_NANOS = 5_000_000;

    private final MeterRegistry registry;
    private final Vertx vertx;

    /** Meters in a registry. */
    NodeMetrics(MeterRegistry registry, Vertx vertx) {
        this.registry = registry;
        this.vertx = vertx;
    }

    /** Registers what the OSDs, their stores and their key-value stores count, each with the OSD's id. */
    void ofCluster(ClusterNode cluster) {
        gauge("roost.blocks.out", "Buffers of 64 KiB that hold bodies", cluster.blocks(), BlockPool::out);
        cluster.osds().forEach(this::ofOsd);
        cluster.messenger().ifPresent(messenger -> messenger.metrics().bindTo(registry));
        cluster.monitor().ifPresent(monitor -> monitor.metrics().bindTo(registry));
    }

    private void ofOsd(OsdNode osd) {
        Tags tags = Tags.of("osd", Integer.toString(osd.osd()));
        StoreCounters store = osd.store().counters();
        counter("roost.store.gets", "Rows looked up by key", tags, store, StoreCounters::gets);
        counter("roost.store.seeks", "Cursors placed", tags, store, StoreCounters::seeks);
        counter("roost.store.steps", "Entries stepped to by cursors", tags, store, StoreCounters::steps);
        counter("roost.store.read.bytes", "Bytes of bodies read", tags, store, StoreCounters::bodyBytesRead);
        counter("roost.store.written.bytes", "Bytes of bodies committed", tags, store, StoreCounters::bodyBytesWritten);
        counter("roost.store.checksum.failures", "Bodies found damaged", tags, store, StoreCounters::checksumFailures);
        counter("roost.store.groups", "Groups of transactions, one sync each", tags, store, StoreCounters::groups);
        counter("roost.store.transactions", "Transactions committed", tags, store, StoreCounters::transactions);
        counter("roost.store.refused", "Transactions refused", tags, store, StoreCounters::refused);
        counter("roost.store.file.syncs", "Syncs of data files", tags, store, StoreCounters::fileSyncs);
        gauge(
                "roost.osd.transactions.inflight",
                "Transactions on their way to the disk",
                tags,
                osd,
                one -> one.daemon().transactionsInFlight());
        osd.bindTo(registry);
        ofRocks(tags, osd.keyValue());
    }

    private void ofRocks(Tags tags, RocksKeyValue rocks) {
        counter(
                "roost.rocksdb.misses",
                "Reads on an event loop that needed the disk",
                tags,
                rocks,
                RocksKeyValue::misses);
        gauge("roost.rocksdb.cache.bytes", "Bytes in the block cache", tags, rocks, RocksKeyValue::cacheBytes);
        for (Family family : Family.values()) {
            Tags ofFamily = tags.and("family", family.name().toLowerCase(Locale.ROOT));
            rocks(rocks, family, ofFamily, "memtable.bytes", "Bytes in memtables", "rocksdb.cur-size-all-mem-tables");
            rocks(rocks, family, ofFamily, "table.bytes", "Bytes in live tables", "rocksdb.live-sst-files-size");
            rocks(rocks, family, ofFamily, "keys", "Rows, by an estimate", "rocksdb.estimate-num-keys");
            rocks(
                    rocks,
                    family,
                    ofFamily,
                    "compaction.pending.bytes",
                    "Bytes that compactions have to rewrite, by an estimate",
                    "rocksdb.estimate-pending-compaction-bytes");
        }
    }

    private void rocks(
            RocksKeyValue rocks, Family family, Tags tags, String name, String description, String property) {
        Gauge.builder("roost.rocksdb." + name, rocks, kv -> kv.property(family, property))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** Registers what the S3 gateway counts beside requests. */
    void ofGateway(BodyBudget budget, BodyBudget answers, ListingCounters listings) {
        gauge("roost.s3.body.reserved.bytes", "Memory reserved by request bodies", budget, BodyBudget::reservedBytes);
        gauge("roost.s3.answer.reserved.bytes", "Memory reserved by answers", answers, BodyBudget::reservedBytes);
        counter("roost.s3.listing.pages", "Pages of listings", listings, ListingCounters::pages);
        counter("roost.s3.listing.shards", "Shards that pages concerned", listings, ListingCounters::shards);
        counter("roost.s3.listing.calls", "Calls to shards for pages", listings, ListingCounters::calls);
    }

    /**
     * Measures now and then how late each event loop runs a timer: {@code roost.loop.delay}, of which those over 5 ms are
     * counted in {@code roost.loop.slow}. A sample, because what runs on a loop is not seen from outside.
     */
    void watch(List<Context> loops) {
        for (int i = 0; i < loops.size(); i++) {
            String loop = Integer.toString(i);
            Timer delays = Timer.builder("roost.loop.delay")
                    .description("How late an event loop runs a timer")
                    .tag("loop", loop)
                    .register(registry);
            Counter slow = Counter.builder("roost.loop.slow")
                    .description("Timers that an event loop ran more than 5 ms late")
                    .tag("loop", loop)
                    .register(registry);
            loops.get(i).runOnContext(v -> probe(delays, slow));
        }
    }

    /** On the loop: it ends when Vert.x closes, which forgets its timers. */
    private void probe(Timer delays, Counter slow) {
        long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PROBE_MILLIS);
        vertx.setTimer(PROBE_MILLIS, id -> {
            long late = Math.max(0, System.nanoTime() - due);
            delays.record(late, TimeUnit.NANOSECONDS);
            if (late > SLOW_SLICE_NANOS) {
                slow.increment();
            }
            probe(delays, slow);
        });
    }

    private <T> void counter(String name, String description, T source, ToDoubleFunction<T> value) {
        counter(name, description, Tags.empty(), source, value);
    }

    private <T> void counter(String name, String description, Tags tags, T source, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, source, value)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private <T> void gauge(String name, String description, T source, ToDoubleFunction<T> value) {
        gauge(name, description, Tags.empty(), source, value);
    }

    private <T> void gauge(String name, String description, Tags tags, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(description).tags(tags).register(registry);
    }
}
