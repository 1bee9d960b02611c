package io.roost.mailstore.store;

import io.vertx.core.Future;
import java.util.concurrent.Callable;

/** {@link BodyWork} that is done at once, by whoever asks. */
public final class HereWork implements BodyWork.Elsewhere {
    /** With memory for bodies. */
    public static BodyWork of(long budgetBytes) {
        return new BodyWork(budgetBytes, new HereWork());
    }

    @Override
    public <T> Future<T> run(Callable<T> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception failure) {
            return Future.failedFuture(failure);
        }
    }
}
