package io.roost.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.message.Message;
import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import org.junit.jupiter.api.Test;

class LocalTransportTest extends TransportContract {
    private final LocalTransport transport = new LocalTransport(LocalTransport.Mode.REFERENCES);

    @Override
    Transport here() {
        return transport;
    }

    @Override
    Transport there() {
        return transport;
    }

    @Override
    NodeAddress address(long nonce) {
        return new NodeAddress("127.0.0.1", 0, nonce);
    }

    @Override
    void stop() {
        // Nothing runs.
    }

    @Test
    void theObjectItselfIsPassed() throws Exception {
        Noted peer = new Noted();
        transport.attach(new Entity(EntityName.osd(1), 0), peer);
        Message message = new HeartbeatMessage.Ping(1, 2);
        transport
                .attach(new Entity(EntityName.osd(2), 0), new Noted())
                .session(new Target(EntityName.osd(1), address(0)), Channel.BULK, 0)
                .send(message);
        assertThat(take(peer.messages)).isSameAs(message);
    }
}
