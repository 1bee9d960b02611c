package io.roost.objectstore.sim;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.WorkCursor;
import io.roost.cluster.client.WorkPage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.store.StoreFinding;
import io.roost.cluster.store.StoreVerification;
import io.roost.objectstore.classes.AuditClass;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.StripeSet;
import io.roost.objectstore.layout.SystemNames;
import io.roost.objectstore.layout.Versioning;
import io.roost.objectstore.lifecycle.AbandonedUploads;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** What must hold in moments of quiet, and at the end when all garbage is due. */
final class Checks {
    private static final long HOUR_MILLIS = 3_600_000;

    /** Fences, tombstones and completed uploads are kept for a day. */
    private static final int HOURS = 27;

    private final Scheduler scheduler;
    private final SimCluster cluster;
    private final Gateways gateways;
    private final Workload workload;
    private final ObjectClient objects;
    private final Consumer<BooleanSupplier> drive;

    Checks(
            Scheduler scheduler,
            SimCluster cluster,
            Gateways gateways,
            Workload workload,
            ObjectClient objects,
            Consumer<BooleanSupplier> drive) {
        this.scheduler = scheduler;
        this.cluster = cluster;
        this.gateways = gateways;
        this.workload = workload;
        this.objects = objects;
        this.drive = drive;
    }

    /** Lets a worker of a gateway do something; null when it failed, which is a violation. */
    private <T> T done(Function<SimGateway, Future<T>> work) {
        List<T> results = new ArrayList<>(1);
        boolean[] ended = {false};
        SimGateway gateway = gateways.any();
        gateways.work(gateway, work.apply(gateway), result -> {
            ended[0] = true;
            results.add(result);
        });
        drive.accept(() -> ended[0]);
        if (results.get(0) == null) {
            throw new IllegalStateException("no answer although nothing is wrong");
        }
        return results.get(0);
    }

    private void whenDone(Consumer<Runnable> call) {
        boolean[] ended = {false};
        call.accept(() -> ended[0] = true);
        drive.accept(() -> ended[0]);
    }

    private CallReply call(Bytes locatorKey, ClassCall call) {
        return done(gateway -> gateway.data().call(locatorKey, call));
    }

    private BucketRecord record(String bucket) {
        CallReply reply = done(gateway -> gateway.system().call(SystemNames.BUCKETS, BucketClass.get(bucket)));
        return reply.isOk() ? BucketRecord.decode(reply.output()) : null;
    }

    /** Makes the buckets that the clients use. */
    void createBuckets(int keys, int shards) {
        BucketClient client = new BucketClient(workload);
        for (SimBucket.Kind kind : SimBucket.Kind.values()) {
            SimBucket bucket = new SimBucket(kind.name().toLowerCase(Locale.ROOT) + "-bucket", kind, keys);
            workload.buckets().add(bucket);
            whenDone(then -> client.create(bucket, shards, "hash", then));
            if (kind == SimBucket.Kind.VERSIONED) {
                enableVersioning(bucket);
            }
        }
    }

    /** There is no operation for it yet: the record first, then every shard. */
    private void enableVersioning(SimBucket bucket) {
        BucketRecord before = record(bucket.name());
        BucketClass.Parameters enabling =
                new BucketClass.Parameters(before.name(), before.id(), before.configEpoch(), Versioning.ENABLED);
        CallReply reply = done(gateway -> gateway.system().call(SystemNames.BUCKETS, enabling.setVersioning()));
        BucketRecord now = BucketRecord.decode(reply.output());
        BucketShards shards = new BucketShards(now);
        for (int shard = 0; shard < shards.count(); shard++) {
            call(shards.locatorKey(shard), new ShardClass.Parameters(ShardRef.of(now), 1).init());
        }
    }

    private void histories() {
        for (SimBucket bucket : workload.buckets()) {
            for (KeyHistory key : bucket.keys().values()) {
                key.settle();
                found(key.check());
            }
            found(bucket.existence().check());
        }
    }

    private void found(String violation) {
        if (violation != null) {
            workload.violation(violation);
        }
    }

    /** With nothing under way: histories, everything readable, verify. */
    void atRest() {
        histories();
        if (gateways.blocksOut() != 0) {
            workload.violation(gateways.blocksOut() + " buffers of bodies were not given back");
        }
        for (SimBucket bucket : workload.buckets()) {
            for (String key : bucket.keys().keySet()) {
                whenDone(then -> objects.get(bucket, key, then));
                whenDone(then -> objects.getVersion(bucket, key, then));
            }
            whenDone(then -> objects.list(bucket, then));
            rows(bucket);
        }
        histories();
        verify();
    }

    private void verify() {
        done(gateway -> gateway.housekeeping().verify())
                .findings()
                .forEach(finding -> workload.violation("verify: " + finding));
    }

    /** After days: nothing is left but what is needed. */
    void atTheEnd() {
        atRest();
        passDays();
        abortUploads();
        passDays();
        for (SimBucket bucket : workload.buckets()) {
            bucket.existence().settle();
        }
        atRest();
        Set<Bytes> needed = new TreeSet<>();
        for (SimBucket bucket : workload.buckets()) {
            needed.addAll(rows(bucket));
        }
        histories();
        leftovers(needed);
        verifyStore();
        if (cluster.osd().blocksOut() != 0) {
            workload.violation(cluster.osd().blocksOut() + " buffers were not given back");
        }
    }

    private void passDays() {
        for (int hour = 0; hour < HOURS; hour += 3) {
            scheduler.passUntil(scheduler.nowMillis() + 3 * HOUR_MILLIS);
            done(gateway -> gateway.housekeeping().round(pg -> true));
        }
    }

    private void abortUploads() {
        for (SimBucket bucket : workload.buckets()) {
            BucketRecord record = record(bucket.name());
            if (record != null) {
                done(gateway -> {
                    long nowMillis = gateway.wallClock().getAsLong();
                    return new AbandonedUploads(gateway.data())
                            .abort(record, Bytes.EMPTY, nowMillis, nowMillis)
                            .map("done");
                });
            }
        }
    }

    /** Looks at all rows of a bucket: they tell every version of its keys; answers the stripes that these need. */
    private Set<Bytes> rows(SimBucket bucket) {
        Set<Bytes> stripes = new TreeSet<>();
        Map<String, List<String>> eTags = new TreeMap<>();
        BucketRecord record = record(bucket.name());
        BucketShards shards = record == null ? null : new BucketShards(record);
        for (int shard = 0; record != null && shard < shards.count(); shard++) {
            Set<Bytes> completed = new TreeSet<>();
            for (AuditClass.Row row : rows(shards.locatorKey(shard))) {
                if (row.name().at(0) == EntryNames.KEY) {
                    Head head = Head.decode(row.attributes());
                    eTags.computeIfAbsent(EntryNames.keyOfVersion(row.name()).utf8(), key -> new ArrayList<>())
                            .add(head.isDeleteMarker() ? "" : head.eTag().text());
                    if (head.manifest() instanceof Manifest.Striped striped) {
                        addStripes(stripes, striped.set());
                    } else if (head.manifest() instanceof Manifest.Parts parts) {
                        completed.add(parts.uploadId());
                    }
                } else if (row.name().at(0) == EntryNames.PART_PAGE
                        && completed.contains(row.name().slice(1, 1 + EntryNames.ID_BYTES))) {
                    // Pages come after keys.
                    PartPage.decode(row.attributes()).parts().forEach(part -> addStripes(stripes, part.set()));
                }
            }
        }
        bucket.keys().forEach((key, history) -> {
            List<String> there = eTags.getOrDefault(key, List.of());
            history.begin("rows").saw("versions " + there, state -> isOf(state, there));
        });
        if (!bucket.keys().keySet().containsAll(eTags.keySet())) {
            workload.violation("keys of " + bucket.name() + ": " + eTags.keySet());
        }
        return stripes;
    }

    private static boolean isOf(KeyHistory.State state, List<String> eTags) {
        boolean isOf = state.versions().size() == eTags.size();
        for (int i = 0; isOf && i < eTags.size(); i++) {
            isOf = state.versions().get(i).hasETag(eTags.get(i));
        }
        return isOf;
    }

    private List<AuditClass.Row> rows(Bytes locatorKey) {
        List<AuditClass.Row> rows = new ArrayList<>();
        Bytes from = Bytes.EMPTY;
        do {
            AuditClass.Page page = AuditClass.Page.decode(
                    call(locatorKey, AuditClass.scan(from)).output());
            rows.addAll(page.rows());
            from = page.next();
        } while (!from.isEmpty());
        return rows;
    }

    private static void addStripes(Set<Bytes> stripes, StripeSet set) {
        for (int number = 0; number < set.stripeCount(); number++) {
            stripes.add(set.locatorKey(number));
        }
    }

    /** The pool has the stripes that are needed, no others, and no work is left to do. */
    private void leftovers(Set<Bytes> needed) {
        Set<Bytes> stripes = new TreeSet<>();
        int pgNum = gateways.any().data().pgNum();
        for (int pg = 0; pg < pgNum; pg++) {
            int number = pg;
            for (WorkPage.Item item : items((gateway, at) -> gateway.data().catalogue(number, at, 100))) {
                if (item.name().equals(EntryNames.STRIPE)) {
                    stripes.add(item.locatorKey());
                }
            }
            for (WorkPage.Item item : items((gateway, at) -> gateway.data().work(number, at, 100))) {
                workload.violation("left over in pg " + number + ": " + item.name());
            }
        }
        if (!stripes.equals(needed)) {
            workload.violation("stripes " + stripes + ", needed " + needed);
        }
    }

    private List<WorkPage.Item> items(BiFunction<SimGateway, WorkCursor, Future<WorkPage>> scan) {
        List<WorkPage.Item> items = new ArrayList<>();
        WorkCursor at = WorkCursor.START;
        while (at != null) {
            WorkCursor from = at;
            WorkPage page = done(gateway -> scan.apply(gateway, from));
            items.addAll(page.entries());
            at = page.next();
        }
        return items;
    }

    private void verifyStore() {
        try (StoreVerification verification = cluster.osd().store().verify()) {
            while (!verification.isDone()) {
                for (StoreFinding finding : verification.step(1000)) {
                    workload.violation("store: " + finding);
                }
            }
        }
    }
}
