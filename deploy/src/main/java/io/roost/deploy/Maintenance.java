package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.Rados;
import io.roost.cluster.daemon.ClusterNode;
import io.roost.cluster.daemon.DamagedEntries;
import io.roost.cluster.daemon.OsdNode;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.store.StoreFinding;
import io.roost.cluster.store.StoreVerification;
import io.roost.objectstore.admin.ObjectNames;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.lifecycle.Finding;
import io.roost.objectstore.lifecycle.Housekeeping;
import io.roost.objectstore.lifecycle.WorkHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's background work: garbage, stale intents and cut-short deletions in turn; collection and verification when an
 * administrator asks. Work of one kind never runs twice at once.
 */
final class Maintenance {
    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final long ROUND_MILLIS = Duration.ofSeconds(30).toMillis();

    private static final int VERIFY_STEP_ROWS = 4096;

    private final Vertx vertx;
    private final Context loop;
    private final ClusterNode cluster;
    private final IoContext data;
    private final Housekeeping housekeeping;
    private final Supplier<Future<ObjectNames>> names;
    private Future<?> collecting = Future.succeededFuture();
    private Future<?> verifying = Future.succeededFuture();
    private long timer;

    /**
     * Maintenance of a node.
     *
     * @param names of the objects of the moment, for what is found
     * @param others who do pending work beside the object store
     */
    Maintenance(
            Vertx vertx,
            Context loop,
            ClusterNode cluster,
            Supplier<Future<ObjectNames>> names,
            List<WorkHandler> others) {
        this.names = names;
        this.vertx = vertx;
        this.loop = loop;
        this.cluster = cluster;
        Rados rados = cluster.rados();
        this.data = rados.pool("data");
        this.housekeeping = new Housekeeping(rados.pool("system"), data, System::currentTimeMillis, others);
    }

    void start() {
        timer = vertx.setPeriodic(
                ROUND_MILLIS,
                id -> collecting(() -> housekeeping.round(pg -> isOurs(data, pg)))
                        .onFailure(failure -> LOG.warn("background collection failed; it is tried again", failure)));
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private Future<Housekeeping.Collected> collecting(Supplier<Future<Housekeeping.Collected>> work) {
        return exclusively(() -> collecting, running -> collecting = running, work);
    }

    private boolean isOurs(IoContext pool, int pg) {
        return cluster.hasOsd(pool.primaryOf(pg));
    }

    private interface Slot {
        Future<?> running();
    }

    private interface Setter {
        void set(Future<?> running);
    }

    /** Runs work on the loop, after what runs of the same kind. */
    private <T> Future<T> exclusively(Slot slot, Setter setter, Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        loop.runOnContext(v -> {
            Future<T> next = slot.running().transform(ended -> work.get());
            setter.set(next);
            next.onComplete(promise);
        });
        return promise.future();
    }

    /**
     * Collects now.
     *
     * @param everything also what is not due: downloads and uploads under way may be cut off
     */
    Future<JsonNode> gc(boolean everything) {
        Housekeeping.Extent extent = everything ? Housekeeping.Extent.ALL : Housekeeping.Extent.DUE;
        return collecting(() -> housekeeping.collect(extent, pg -> isOurs(data, pg)))
                .map(collected -> JSON.objectNode()
                        .put("stripeSets", collected.stripeSets())
                        .put("rows", collected.rows())
                        .put("intents", collected.intents()));
    }

    /** Verifies buckets, and the stores of this node, while they are in use. */
    Future<JsonNode> verify() {
        return exclusively(
                () -> verifying,
                running -> verifying = running,
                () -> housekeeping
                        .verify()
                        .compose(buckets -> vertx.executeBlocking(this::verifyStores, false)
                                .compose(store -> report(buckets, store))));
    }

    private record StoreReport(List<StoreFinding> findings, long rows, long bodyBytes) {}

    private StoreReport verifyStores() {
        List<StoreFinding> found = new ArrayList<>();
        long rows = 0;
        long bodyBytes = 0;
        for (OsdNode osd : cluster.osds()) {
            List<StoreFinding> ofOsd = new ArrayList<>();
            long beganMillis = System.currentTimeMillis();
            try (StoreVerification verification = osd.store().verify()) {
                while (!verification.isDone()) {
                    ofOsd.addAll(verification.step(VERIFY_STEP_ROWS));
                }
                told(osd.daemon().damaged(), ofOsd, beganMillis);
                rows += verification.rowsChecked();
                bodyBytes += verification.bytesChecked();
            }
            found.addAll(ofOsd);
        }
        return new StoreReport(found, rows, bodyBytes);
    }

    /** What is damaged now is what this verification has found, and what has been met since it began. */
    private static void told(DamagedEntries damaged, List<StoreFinding> findings, long beganMillis) {
        for (StoreFinding finding : findings) {
            if (finding.kind() == StoreFinding.Kind.DAMAGED || finding.kind() == StoreFinding.Kind.MISSING) {
                Locator locator =
                        finding.entry() == null ? null : finding.entry().locator();
                Bytes name = finding.entry() == null ? null : finding.entry().name();
                String detail = finding.subject() + ": " + finding.detail();
                damaged.add(new DamagedEntries.Damage(locator, name, detail, System.currentTimeMillis()));
            }
        }
        damaged.forgetBefore(beganMillis);
    }

    private Future<JsonNode> report(Housekeeping.Verified buckets, StoreReport store) {
        ObjectNode report = JSON.objectNode();
        ArrayNode findings = report.putArray("findings");
        report.putObject("checked")
                .put("shards", buckets.shards())
                .put("stripes", buckets.stripes())
                .put("rows", store.rows())
                .put("bodyBytes", store.bodyBytes());
        if (buckets.findings().isEmpty() && store.findings().isEmpty()) {
            return Future.succeededFuture(report);
        }
        return names.get().compose(known -> {
            List<Future<?>> named = new ArrayList<>();
            for (Finding finding : buckets.findings()) {
                ObjectNode item = item(findings, finding.kind(), finding.detail());
                named.add(where(known, finding).map(where -> item.put("where", where)));
            }
            for (StoreFinding finding : store.findings()) {
                ObjectNode item = item(findings, finding.kind(), finding.detail());
                named.add(where(known, finding).map(where -> item.put("where", where)));
            }
            return Future.all(named).map(report);
        });
    }

    /** A finding, its fields in the order that is documented. */
    private static ObjectNode item(ArrayNode findings, Enum<?> kind, String detail) {
        return findings.addObject().put("kind", kind(kind)).put("where", "").put("detail", detail);
    }

    private Future<String> where(ObjectNames known, Finding finding) {
        Bytes locatorKey = finding.locatorKey();
        if (BucketShards.isShard(locatorKey)) {
            return Future.succeededFuture(
                    known.inBucket(locatorKey, finding.key()).where());
        }
        return locatorKey.isEmpty()
                ? Future.succeededFuture("pool data")
                : known.of(new Locator(data.pool(), locatorKey), null).map(ObjectNames.ObjectName::where);
    }

    private static Future<String> where(ObjectNames known, StoreFinding finding) {
        return finding.entry() == null
                ? Future.succeededFuture(finding.subject())
                : known.of(finding.entry().locator(), finding.entry().name()).map(ObjectNames.ObjectName::where);
    }

    private static String kind(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
