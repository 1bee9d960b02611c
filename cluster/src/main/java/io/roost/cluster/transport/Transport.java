package io.roost.cluster.transport;

import io.roost.cluster.net.handshake.Entity;

/** Where entities meet. For any thread. */
public interface Transport {
    /**
     * Makes an entity of this process known, so that others find it and it can find them.
     *
     * @throws IllegalStateException when one of its name is known already
     */
    Attachment attach(Entity self, Party party);
}
