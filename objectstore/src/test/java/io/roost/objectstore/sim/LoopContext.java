package io.roost.objectstore.sim;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import java.lang.reflect.Proxy;

/** The only thread of a simulation as the event loop of a process: what is to run on it comes in its turn. */
final class LoopContext {
    private LoopContext() {}

    /** A context that can run things on it, which is all that the way of a request needs. */
    @SuppressWarnings("unchecked")
    static Context of(Scheduler scheduler, Life life) {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("runOnContext")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    Handler<Void> action = (Handler<Void>) arguments[0];
                    scheduler.after(0, life, "on loop", () -> action.handle(null));
                    return null;
                });
    }
}
