package io.roost.cluster.transport;

import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;

/** Sessions with everybody: by reference with the entities of this process, over sockets with all others. */
public final class NodeTransport implements Transport {
    private final LocalTransport local;
    private final SocketTransport sockets;

    /** A transport of both. */
    public NodeTransport(LocalTransport local, SocketTransport sockets) {
        this.local = local;
        this.sockets = sockets;
    }

    @Override
    public Attachment attach(Entity self, Party party) {
        Attachment here = local.attach(self, party);
        Attachment outside = sockets.attach(self, party);
        return new Attachment() {
            @Override
            public Entity self() {
                return self;
            }

            @Override
            public Session session(Target target, Channel channel, int loop) {
                return (local.has(target) ? here : outside).session(target, channel, loop);
            }

            @Override
            public void detach() {
                here.detach();
                outside.detach();
            }
        };
    }
}
