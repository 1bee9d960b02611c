package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.WorkCursor;
import io.roost.cluster.client.WorkPage;
import io.roost.cluster.object.MalformedBytesException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Shows the pending work of a pool to its handlers. A placement group's pending work is one range of its primary's store,
 * so the cost of a round does not depend on the number of objects.
 */
public final class PendingWork {
    private static final int PAGE_ENTRIES = 256;

    /** Then it is the cluster that fails rather than a row. */
    private static final int MAX_FAILURES = 16;

    private final IoContext pool;
    private final List<WorkHandler> handlers;

    /** The pending work of a pool. */
    public PendingWork(IoContext pool, List<WorkHandler> handlers) {
        this.pool = pool;
        this.handlers = List.copyOf(handlers);
    }

    /**
     * One round. A row whose handler fails does not keep the others waiting, unless many fail.
     *
     * @param isOurs which placement groups to look at; a daemon takes those it is the primary of
     * @return completes when every row there at the beginning has been shown; fails with the first failure, after all other
     *     rows have been shown or {@value #MAX_FAILURES} have failed
     */
    public Future<Void> round(IntPredicate isOurs) {
        List<Integer> pgs = new ArrayList<>();
        for (int pg = 0; pg < pool.pgNum(); pg++) {
            if (isOurs.test(pg)) {
                pgs.add(pg);
            }
        }
        List<Throwable> failures = new ArrayList<>();
        return Steps.each(pgs, pg -> round(pg, failures))
                .compose(done -> failures.isEmpty() ? Future.succeededFuture() : Future.failedFuture(failures.get(0)));
    }

    private Future<Void> round(int pg, List<Throwable> failures) {
        WorkCursor[] at = {WorkCursor.START};
        return Steps.repeat(() -> pool.work(pg, at[0], PAGE_ENTRIES).compose(page -> {
            at[0] = page.next();
            return Steps.each(page.entries(), item -> show(item, failures)).map(done -> page.next() != null);
        }));
    }

    private Future<Void> show(WorkPage.Item item, List<Throwable> failures) {
        return Steps.each(handlers, handler -> visit(handler, item)).recover(failure -> {
            failures.add(failure);
            return failures.size() < MAX_FAILURES ? Future.succeededFuture() : Future.failedFuture(failure);
        });
    }

    private static Future<Void> visit(WorkHandler handler, WorkPage.Item item) {
        try {
            return handler.visit(item);
        } catch (MalformedBytesException | IllegalArgumentException damaged) {
            return Future.failedFuture(damaged);
        }
    }
}
