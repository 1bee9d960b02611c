package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.ResponseWriter;
import io.vertx.core.Future;

/** Where the answers of commands go: the edge, or a test. */
public interface Told {
    /** Tells the client something. */
    void tell(Response response);

    /** A writer of the client's dialect; what it has written is given to {@link #write}. */
    ResponseWriter writer();

    /** Sends bytes; the future succeeds when more may come. */
    Future<Void> write(Bytes bytes);
}
