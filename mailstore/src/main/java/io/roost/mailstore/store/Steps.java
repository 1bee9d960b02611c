package io.roost.mailstore.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * Asynchronous steps one after the other, thousands of them: neither the stack nor a chain of futures grows with their
 * number.
 */
public final class Steps {
    private Steps() {}

    /** Repeats a step until it answers false or fails. */
    public static Future<Void> repeat(Supplier<Future<Boolean>> step) {
        Promise<Void> done = Promise.promise();
        next(step, done);
        return done.future();
    }

    private static void next(Supplier<Future<Boolean>> step, Promise<Void> done) {
        while (true) {
            Future<Boolean> taken;
            try {
                taken = step.get();
            } catch (RuntimeException failure) {
                done.fail(failure);
                return;
            }
            if (!taken.isComplete()) {
                taken.onComplete(result -> {
                    if (result.failed()) {
                        done.fail(result.cause());
                    } else if (result.result()) {
                        next(step, done);
                    } else {
                        done.complete();
                    }
                });
                return;
            }
            if (taken.failed()) {
                done.fail(taken.cause());
                return;
            }
            if (!taken.result()) {
                done.complete();
                return;
            }
        }
    }
}
