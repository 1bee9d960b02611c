package io.roost.mailstore.store;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.WorkCursor;
import io.roost.cluster.client.WorkPage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.mailstore.classes.MailClasses;
import io.roost.objectstore.classes.ModelLocator;
import io.roost.objectstore.classes.S3Classes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A pool in memory with the mail store's classes: calls are evaluated at once, and counted. */
public final class MemoryCluster implements IoContext {
    private final TreeMap<Bytes, ModelLocator> locators = new TreeMap<>();
    private final Map<String, Runnable> beforeNext = new HashMap<>();
    private final Map<String, ObjectError> failNext = new HashMap<>();
    private final List<Watched> watchers = new ArrayList<>();
    private int calls;

    /** Lets something else happen before the next call of a method. */
    public void beforeNext(String method, Runnable what) {
        beforeNext.put(method, what);
    }

    /** Lets the next call of a method fail. */
    public void failNext(String method) {
        failNext(method, ObjectError.TIMED_OUT);
    }

    /** Lets the next call of a method fail with this. */
    public void failNext(String method, ObjectError error) {
        failNext.put(method, error);
    }

    /** The locator of a key. */
    public ModelLocator locator(Bytes key) {
        List<ObjectClass> classes = new ArrayList<>(S3Classes.all());
        classes.addAll(MailClasses.all());
        return locators.computeIfAbsent(
                key, unused -> new ModelLocator(new Locator(pool(), key), new ClassRegistry(classes), null));
    }

    /** The keys of all locators that were asked for. */
    public List<Bytes> locators() {
        return List.copyOf(locators.keySet());
    }

    /** Calls made since the last time this was asked. */
    public int takeCalls() {
        int taken = calls;
        calls = 0;
        return taken;
    }

    @Override
    public long pool() {
        return 2;
    }

    @Override
    public Future<CallReply> call(Bytes locatorKey, ClassCall call) {
        Runnable first = beforeNext.remove(call.method());
        if (first != null) {
            first.run();
        }
        calls++;
        ObjectError failure = failNext.remove(call.method());
        if (failure != null) {
            return Future.failedFuture(new ObjectException(failure, "as the test wants it"));
        }
        return Future.succeededFuture(locator(locatorKey).call(call));
    }

    @Override
    public int pgNum() {
        return 1;
    }

    @Override
    public int pgOf(Bytes locatorKey) {
        return 0;
    }

    @Override
    public int primaryOf(int pg) {
        return 0;
    }

    private static <T> Future<T> unsupported() {
        return Future.failedFuture(new ObjectException(ObjectError.INVALID_OPERATION, "not in memory"));
    }

    @Override
    public Future<WorkPage> work(int pg, WorkCursor after, int maxEntries) {
        return unsupported();
    }

    @Override
    public Future<WorkPage> catalogue(int pg, WorkCursor after, int maxEntries) {
        return unsupported();
    }

    @Override
    public Future<Watch> watch(Bytes locatorKey, Bytes name, Watcher watcher) {
        Watched watched = new Watched(locatorKey, name, watcher);
        watchers.add(watched);
        watcher.onHeld();
        return Future.succeededFuture(() -> {
            watchers.remove(watched);
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<NotifyReply> notify(Bytes locatorKey, Bytes name, Bytes payload, Duration timeout) {
        List<Watched> told = watchers.stream()
                .filter(each -> each.locatorKey.equals(locatorKey) && each.name.equals(name))
                .toList();
        told.forEach(each -> each.watcher.onNotification(payload));
        return Future.succeededFuture(new NotifyReply(told.size(), 0));
    }

    private record Watched(Bytes locatorKey, Bytes name, Watcher watcher) {}

    /** Watches that hold. */
    public int watches() {
        return watchers.size();
    }
}
