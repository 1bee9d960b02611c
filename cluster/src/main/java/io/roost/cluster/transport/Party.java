package io.roost.cluster.transport;

import io.roost.cluster.message.Message;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.handshake.Entity;

/**
 * An entity as its sessions see it. Called on any thread: on the event loop of a session over sockets, on the sender's
 * thread within a process, where messages that several threads send in one session come on these. None of it blocks.
 */
public interface Party {
    /** Whether the maps know a peer. */
    boolean admits(Entity peer);

    /** A session stands, begun by either side. */
    void onOpened(Session session);

    /**
     * A message has come.
     *
     * @throws io.roost.cluster.object.MalformedBytesException when it is none that this peer may send; the session ends
     */
    void onMessage(Session session, Message message);

    /** A session has ended, or never stood; what was sent in it may or may not have arrived. */
    void onClosed(Session session, CloseCause cause);
}
