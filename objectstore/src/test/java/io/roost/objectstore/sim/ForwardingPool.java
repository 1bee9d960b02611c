package io.roost.objectstore.sim;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.WorkCursor;
import io.roost.cluster.client.WorkPage;
import io.roost.cluster.object.Bytes;
import io.vertx.core.Future;
import java.time.Duration;

/** A pool that is another one, but for what is overridden. */
abstract class ForwardingPool implements IoContext {
    private final IoContext real;

    ForwardingPool(IoContext real) {
        this.real = real;
    }

    @Override
    public long pool() {
        return real.pool();
    }

    @Override
    public boolean isReplicaNear(Bytes locatorKey) {
        return real.isReplicaNear(locatorKey);
    }

    @Override
    public Future<CallReply> call(Bytes locatorKey, ClassCall call) {
        return real.call(locatorKey, call);
    }

    @Override
    public int pgNum() {
        return real.pgNum();
    }

    @Override
    public int pgOf(Bytes locatorKey) {
        return real.pgOf(locatorKey);
    }

    @Override
    public int primaryOf(int pg) {
        return real.primaryOf(pg);
    }

    @Override
    public Future<WorkPage> work(int pg, WorkCursor after, int maxEntries) {
        return real.work(pg, after, maxEntries);
    }

    @Override
    public Future<WorkPage> catalogue(int pg, WorkCursor after, int maxEntries) {
        return real.catalogue(pg, after, maxEntries);
    }

    @Override
    public Future<Watch> watch(Bytes locatorKey, Bytes name, Watcher watcher) {
        return real.watch(locatorKey, name, watcher);
    }

    @Override
    public Future<NotifyReply> notify(Bytes locatorKey, Bytes name, Bytes payload, Duration timeout) {
        return real.notify(locatorKey, name, payload, timeout);
    }
}
