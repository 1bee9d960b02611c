package io.roost.cluster.transport;

import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;

/** An entity's place in a transport. For any thread. */
public interface Attachment {
    /** The entity. */
    Entity self();

    /**
     * The session that this side began with a peer, or a new one when there is none that is usable. What must stay in
     * order goes into sessions of one channel and loop; answers go back in the session that the question came in.
     *
     * @param loop number of the event loop that it belongs to
     */
    Session session(Target target, Channel channel, int loop);

    /** Nobody finds the entity any more, and its sessions end. */
    void detach();
}
