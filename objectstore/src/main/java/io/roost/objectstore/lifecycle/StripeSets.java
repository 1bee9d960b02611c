package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.layout.StripeSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Calls on all stripes of a set, a few at a time. */
final class StripeSets {
    /** As many as an upload has in flight. */
    private static final int IN_FLIGHT = 4;

    private final LongFunction<IoContext> pools;

    /** Stripes of sets in the pools that the function knows. */
    StripeSets(LongFunction<IoContext> pools) {
        this.pools = pools;
    }

    /** Deletes all stripes of a set. */
    Future<Void> delete(StripeSet set) {
        return onEach(set, StripeClass.delete());
    }

    /** Deletes all stripes of a set and leaves tombstones. */
    Future<Void> bury(StripeSet set, long expiresMillis) {
        return onEach(set, StripeClass.bury(expiresMillis));
    }

    private Future<Void> onEach(StripeSet set, ClassCall call) {
        IoContext pool = pools.apply(set.pool());
        int[] next = {0};
        return Steps.repeat(() -> {
            List<Future<Void>> calls = new ArrayList<>(IN_FLIGHT);
            while (calls.size() < IN_FLIGHT && next[0] < set.stripeCount()) {
                calls.add(pool.call(set.locatorKey(next[0]), call).compose(StripeSets::expectOk));
                next[0]++;
            }
            return calls.isEmpty()
                    ? Future.succeededFuture(false)
                    : Future.join(calls).map(all -> true);
        });
    }

    /** Fails for any status but OK, of calls that know no other. */
    static Future<Void> expectOk(CallReply reply) {
        if (reply.isOk()) {
            return Future.succeededFuture();
        }
        ClassStatus status = ClassStatus.ofCode(reply.status());
        return Future.failedFuture(new ObjectException(ObjectError.INVALID_OPERATION, "answered " + status));
    }
}
