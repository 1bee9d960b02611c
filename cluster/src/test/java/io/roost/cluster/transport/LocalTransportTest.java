package io.roost.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.message.Message;
import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import org.junit.jupiter.api.Test;

class LocalTransportTest extends LocalTransportContract {
    LocalTransportTest() {
        super(LocalTransport.Mode.REFERENCES);
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
