package io.roost.objectstore.classes;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.WorkCursor;
import io.roost.cluster.client.WorkPage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A pool in memory: calls are evaluated at once. Calls can be made to fail, before or after they were carried out. */
public final class ModelCluster implements IoContext {
    private static final int PGS = 8;

    private final long pool;
    private final TreeMap<Bytes, ModelLocator> locators = new TreeMap<>();
    private int callsLeft = Integer.MAX_VALUE;

    /** An empty pool. */
    public ModelCluster(long pool) {
        this.pool = pool;
    }

    /** Lets so many calls succeed; the next is carried out but its reply is lost, and those after it fail. */
    public void failAfter(int calls) {
        callsLeft = calls;
    }

    /** Lets all calls succeed again. */
    public void heal() {
        callsLeft = Integer.MAX_VALUE;
    }

    /** True when a call has failed since {@link #failAfter}. */
    public boolean hasFailed() {
        return callsLeft < 0;
    }

    /** A locator, made when it is first named. */
    public ModelLocator locator(Bytes key) {
        return locators.computeIfAbsent(
                key, unused -> new ModelLocator(new Locator(pool, key), new ClassRegistry(S3Classes.all()), null));
    }

    /** Keys of the locators that have entries. */
    public List<Bytes> locatorKeys() {
        List<Bytes> keys = new ArrayList<>();
        locators.forEach((key, locator) -> {
            if (!locator.names().isEmpty()) {
                keys.add(key);
            }
        });
        return keys;
    }

    @Override
    public long pool() {
        return pool;
    }

    @Override
    public Future<CallReply> call(Bytes locatorKey, ClassCall call) {
        callsLeft--;
        if (callsLeft < -1) {
            return Future.failedFuture(new ObjectException(ObjectError.TIMED_OUT, "not carried out"));
        }
        CallReply reply = locator(locatorKey).call(call);
        return callsLeft == -1
                ? Future.failedFuture(new ObjectException(ObjectError.TIMED_OUT, "carried out"))
                : Future.succeededFuture(reply);
    }

    @Override
    public int pgNum() {
        return PGS;
    }

    @Override
    public int pgOf(Bytes locatorKey) {
        return Math.floorMod(locatorKey.hashCode(), PGS);
    }

    @Override
    public int primaryOf(int pg) {
        return 0;
    }

    @Override
    public Future<WorkPage> work(int pg, WorkCursor after, int maxEntries) {
        return page(pg, name -> name.at(0) >= 0x80, after, maxEntries);
    }

    @Override
    public Future<WorkPage> catalogue(int pg, WorkCursor after, int maxEntries) {
        return page(pg, name -> name.at(0) < 0x80, after, maxEntries);
    }

    private Future<WorkPage> page(int pg, Predicate<Bytes> isScanned, WorkCursor after, int maxEntries) {
        List<WorkPage.Item> items = new ArrayList<>();
        for (Bytes key : new ArrayList<>(locators.keySet())) {
            if (pgOf(key) != pg) {
                continue;
            }
            for (Bytes name : locators.get(key).names()) {
                if (!isScanned.test(name) || position(key, name).compareTo(after.position()) <= 0) {
                    continue;
                }
                // Small pages, so that rounds take several.
                if (items.size() == Math.min(3, maxEntries)) {
                    WorkPage.Item last = items.get(items.size() - 1);
                    return Future.succeededFuture(
                            new WorkPage(items, new WorkCursor(position(last.locatorKey(), last.name()))));
                }
                items.add(new WorkPage.Item(key, name, locators.get(key).entry(name)));
            }
        }
        return Future.succeededFuture(new WorkPage(items, null));
    }

    /** Positions are ordered as (locator, name) because no locator key of these tests is a prefix of another. */
    private static Bytes position(Bytes key, Bytes name) {
        Bytes position = new ByteWriter().raw(key).raw(name).toBytes();
        return new ByteReader(position).rest();
    }

    @Override
    public Future<Watch> watch(Bytes locatorKey, Bytes name, Watcher watcher) {
        watcher.onHeld();
        return Future.succeededFuture(Future::succeededFuture);
    }

    /** Every notification is lost. */
    @Override
    public Future<NotifyReply> notify(Bytes locatorKey, Bytes name, Bytes payload, Duration timeout) {
        return Future.succeededFuture(new NotifyReply(0, 0));
    }
}
