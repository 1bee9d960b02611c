package io.roost.objectstore.sim;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** The only thread of a simulation as the event loop of a process: what is to run on it comes in its turn. */
final class LoopContext implements Context {
    private final Scheduler scheduler;
    private final Life life;

    LoopContext(Scheduler scheduler, Life life) {
        this.scheduler = scheduler;
        this.life = life;
    }

    @Override
    public void runOnContext(Handler<Void> action) {
        scheduler.after(0, life, "on loop", () -> action.handle(null));
    }

    @Override
    public boolean isEventLoopContext() {
        return true;
    }

    @Override
    public boolean isWorkerContext() {
        return false;
    }

    @Override
    public ThreadingModel threadingModel() {
        return ThreadingModel.EVENT_LOOP;
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("nothing on the way of a request needs this");
    }

    @Override
    public <T> Future<T> executeBlocking(Callable<T> blocking, boolean ordered) {
        throw unused();
    }

    @Override
    public String deploymentID() {
        throw unused();
    }

    @Override
    public JsonObject config() {
        throw unused();
    }

    @Override
    public <T> T get(Object key) {
        throw unused();
    }

    @Override
    public void put(Object key, Object value) {
        throw unused();
    }

    @Override
    public boolean remove(Object key) {
        throw unused();
    }

    @Override
    public Vertx owner() {
        throw unused();
    }

    @Override
    public int getInstanceCount() {
        throw unused();
    }

    @Override
    public Context exceptionHandler(Handler<Throwable> handler) {
        throw unused();
    }

    @Override
    public Handler<Throwable> exceptionHandler() {
        throw unused();
    }

    @Override
    public <T> T getLocal(ContextLocal<T> key, AccessMode accessMode) {
        throw unused();
    }

    @Override
    public <T> T getLocal(ContextLocal<T> key, AccessMode accessMode, Supplier<? extends T> initial) {
        throw unused();
    }

    @Override
    public <T> void putLocal(ContextLocal<T> key, AccessMode accessMode, T value) {
        throw unused();
    }
}
