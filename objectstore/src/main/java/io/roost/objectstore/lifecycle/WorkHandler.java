package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.WorkPage;
import io.vertx.core.Future;

/** Does what a row of pending work asks for, if it is of its kind and its time has come. */
public interface WorkHandler {
    /**
     * Looks at a row. Does nothing with one of another kind, and what it does it can do again.
     *
     * @param item a row as it was when it was scanned
     */
    Future<Void> visit(WorkPage.Item item);
}
