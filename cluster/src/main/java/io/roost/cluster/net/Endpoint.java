package io.roost.cluster.net;

import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import java.util.List;

/** An entity of this process at the messenger. For any thread. */
public final class Endpoint {
    private final Messenger messenger;
    private final Entity self;
    private final Receiver receiver;

    Endpoint(Messenger messenger, Entity self, Receiver receiver) {
        this.messenger = messenger;
        this.self = self;
        this.receiver = receiver;
    }

    /** The entity. */
    public Entity self() {
        return self;
    }

    Receiver receiver() {
        return receiver;
    }

    /**
     * The connection to a peer that was dialled from here and stands or is being dialled, or else a new one. One that the
     * peer dialled is not used: each side's messages stay in order on the connection that it dialled, and answers go back on
     * the connection that a question came on.
     *
     * @param loop number of the event loop on which it lives if it is new; every loop has a connection of its own
     */
    public Connection connection(Target target, Channel channel, int loop) {
        return messenger.connection(this, target, channel, loop);
    }

    /** All its connections, dialled by either side. */
    public List<Connection> connections() {
        return messenger.connections(this);
    }

    /** Peers do not find the entity any more, and its connections are closed in good order. */
    public void close() {
        messenger.unregister(this);
    }
}
