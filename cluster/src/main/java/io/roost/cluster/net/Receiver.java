package io.roost.cluster.net;

import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.Protocol;

/**
 * An entity of this process, as its connections see it. Called on the connection's event loop, one call at a time for each
 * connection: {@code onOpened}, messages, {@code onClosed}; or {@code onClosed} alone for one that never stood.
 */
public interface Receiver {
    /** Whether the maps know a peer. The authority's signature says that it was of the cluster once; they say that it is. */
    boolean admits(Entity peer);

    /** A connection stands, dialled by either side. */
    void onOpened(Connection connection);

    /**
     * A message has come, after all that the peer sent before it on this connection.
     *
     * @throws io.roost.cluster.object.MalformedBytesException when it is none; the connection ends
     */
    void onMessage(Connection connection, Protocol protocol, Bytes message);

    /** What waits to be sent has become little again, after {@link Connection#isWritable} was false. */
    void onWritable(Connection connection);

    /** A connection has ended; messages that were given to it may or may not have arrived. */
    void onClosed(Connection connection, CloseCause cause);
}
