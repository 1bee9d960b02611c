package io.roost.mailstore.net;

import io.vertx.core.buffer.Buffer;

/** What a server speaks with its clients. */
public interface Protocol {
    /** A client has connected: who talks with it. {@link Conversation#onConnect} follows. */
    Conversation begin(Connection connection);

    /** What a client is told that finds the server full. */
    Buffer full();
}
