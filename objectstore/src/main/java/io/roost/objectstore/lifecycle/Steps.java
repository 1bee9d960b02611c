package io.roost.objectstore.lifecycle;

import io.vertx.core.Future;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asynchronous steps one after the other, without growing the stack when they complete at once. */
final class Steps {
    private Steps() {}

    /** Repeats a step until it answers false or fails. */
    static Future<Void> repeat(Supplier<Future<Boolean>> step) {
        while (true) {
            Future<Boolean> done = step.get();
            if (!done.isComplete()) {
                return done.compose(more -> more ? repeat(step) : Future.succeededFuture());
            }
            if (done.failed()) {
                return Future.failedFuture(done.cause());
            }
            if (!done.result()) {
                return Future.succeededFuture();
            }
        }
    }

    /** Takes a step for each item, in order, until one fails. */
    static <T> Future<Void> each(Iterable<T> items, Function<T, Future<Void>> step) {
        Iterator<T> left = items.iterator();
        return repeat(() -> left.hasNext() ? step.apply(left.next()).map(done -> true) : Future.succeededFuture(false));
    }
}
