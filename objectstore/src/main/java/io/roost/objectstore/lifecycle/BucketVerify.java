package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectException;
import io.roost.objectstore.classes.AuditClass;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.Counters;
import io.roost.objectstore.layout.ShardHeader;
import io.roost.objectstore.layout.SystemNames;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Verifies buckets while they are in use, changing nothing: every row of every shard against the others
 * ({@link ShardAudit}), and every stripe that an object needs: that it is there, as long as it must be, and says that it is
 * that object's; and every stripe there is: that the shard it names knows of it. What may be the effect of writes during the scan is scanned again and reported only when it stays.
 */
public final class BucketVerify {
    /** Scans of a shard until what is found is believed. */
    private static final int SCANS = 4;

    private final IoContext system;
    private final IoContext data;
    private final LongFunction<IoContext> pools;
    private final Consumer<Finding> findings;
    private long shardsVerified;
    private long stripesVerified;

    /**
     * A verification.
     *
     * @param system pool of the bucket records
     * @param data pool of the shards
     * @param pools the pool of an id, for stripes
     * @param findings is given everything found wrong
     */
    public BucketVerify(IoContext system, IoContext data, LongFunction<IoContext> pools, Consumer<Finding> findings) {
        this.system = system;
        this.data = data;
        this.pools = pools;
        this.findings = findings;
    }

    /** Shards verified so far. */
    public long shardsVerified() {
        return shardsVerified;
    }

    /** Stripes verified so far. */
    public long stripesVerified() {
        return stripesVerified;
    }

    /** Verifies all buckets, then all stripes of the data pool. */
    public Future<Void> run() {
        StripeOwners owners = new StripeOwners(data, findings);
        return new AllBuckets(system).each(this::bucket).compose(done -> owners.run());
    }

    private Future<Void> bucket(BucketRecord bucket) {
        BucketShards shards = new BucketShards(bucket);
        List<Bytes> locatorKeys = new ArrayList<>(shards.count());
        for (int shard = 0; shard < shards.count(); shard++) {
            locatorKeys.add(shards.locatorKey(shard));
        }
        return Steps.each(locatorKeys, locatorKey -> shard(bucket, locatorKey));
    }

    private Future<Void> shard(BucketRecord bucket, Bytes locatorKey) {
        int[] scans = {0};
        return Steps.repeat(() -> readableAudit(bucket, locatorKey).map(found -> {
            scans[0]++;
            boolean again = !found.isEmpty() && scans[0] < SCANS;
            if (!again) {
                shardsVerified++;
                found.forEach(findings);
            }
            return again;
        }));
    }

    /** What is damaged ends the audit of its shard, not that of the others. */
    private Future<List<Finding>> readableAudit(BucketRecord bucket, Bytes locatorKey) {
        return audit(bucket, locatorKey)
                .recover(failure -> Finding.unreadable(failure, locatorKey).map(List::of));
    }

    private Future<List<Finding>> audit(BucketRecord bucket, Bytes locatorKey) {
        ShardAudit audit = new ShardAudit(locatorKey);
        Bytes[] from = {Bytes.EMPTY};
        return Steps.repeat(() -> data.call(locatorKey, AuditClass.scan(from[0]))
                        .map(reply -> {
                            AuditClass.Page page = AuditClass.Page.decode(reply.output());
                            page.rows().forEach(audit::entry);
                            from[0] = page.next();
                            return !page.next().isEmpty();
                        }))
                .compose(scanned -> header(bucket, audit))
                .compose(wrongHeader -> {
                    List<Finding> found = new ArrayList<>(audit.findings());
                    if (wrongHeader) {
                        found.add(new Finding(
                                Finding.Kind.WRONG_HEADER, locatorKey, audit.header() + " in " + bucket.name()));
                    }
                    return stripes(locatorKey, audit.stripeSets(), found).map(done -> found);
                });
    }

    /** True when a shard's header is wrong. An empty shard may lack it: its first use heals a creation cut short. */
    private Future<Boolean> header(BucketRecord bucket, ShardAudit audit) {
        ShardHeader header = audit.header();
        boolean isOpen = header == null
                ? audit.counted().equals(Counters.ZERO)
                : header.bucketId().equals(bucket.id()) && !header.isFenced();
        if (isOpen) {
            return Future.succeededFuture(false);
        }
        // Wrong only in a bucket that is not being deleted, nor was since its record was read.
        return system.call(SystemNames.BUCKETS, BucketClass.get(bucket.name())).map(reply -> {
            BucketRecord now = reply.isOk() ? BucketRecord.decode(reply.output()) : null;
            return now != null && now.id().equals(bucket.id()) && !now.isDeleting();
        });
    }

    private Future<Void> stripes(Bytes locatorKey, List<ShardAudit.StripeUse> uses, List<Finding> found) {
        return Steps.each(uses, use -> {
            if (use.use() != ShardAudit.Use.NEEDED) {
                return Future.succeededFuture();
            }
            int[] next = {0};
            return Steps.repeat(() -> next[0] == use.set().stripeCount()
                    ? Future.succeededFuture(false)
                    : stripe(locatorKey, use, next[0]++, found).map(done -> true));
        });
    }

    private Future<Void> stripe(Bytes locatorKey, ShardAudit.StripeUse use, int number, List<Finding> found) {
        IoContext pool = pools.apply(use.set().pool());
        Bytes key = use.owner().key();
        String name = "stripe " + number + " of set " + use.set().id().hex() + " of " + key;
        return pool.call(use.set().locatorKey(number), StripeClass.stat())
                .<Void>map(reply -> {
                    stripesVerified++;
                    if (!reply.isOk()) {
                        found.add(new Finding(Finding.Kind.WRONG_STRIPE, locatorKey, key, name + " is missing"));
                        return null;
                    }
                    StripeClass.StatReply stat = StripeClass.StatReply.decode(reply.output());
                    boolean isRight = stat.lengthBytes() == use.set().stripeLength(number)
                            && stat.stripe().number() == number
                            && stat.stripe().owner().equals(use.owner());
                    if (!isRight) {
                        found.add(new Finding(Finding.Kind.WRONG_STRIPE, locatorKey, key, name + " is " + stat));
                    }
                    return null;
                })
                .recover(failure -> {
                    if (failure instanceof ObjectException fault) {
                        found.add(new Finding(
                                Finding.Kind.UNREADABLE, locatorKey, key, name + ": " + fault.getMessage()));
                        return Future.succeededFuture();
                    }
                    return Future.failedFuture(failure);
                });
    }
}
