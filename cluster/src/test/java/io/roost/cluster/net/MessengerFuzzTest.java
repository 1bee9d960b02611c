package io.roost.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.FuzzRounds;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.FrameType;
import io.roost.cluster.wire.Frames;
import io.roost.cluster.wire.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Garbage of all kinds on real sockets, at every stage of a connection: plain, inside of TLS before the handshake, and after
 * it. It costs the connection; a good peer is served all the time, and nothing is left behind.
 */
class MessengerFuzzTest {
    private static final EntityName OSD_1 = EntityName.osd(1);
    private static final EntityName OSD_2 = EntityName.osd(2);
    private static final int ROUNDS_BETWEEN_CHECKS = 20;

    @Test
    void garbageAtEveryStageCostsItsConnectionOnly() throws Exception {
        try (TestNodes nodes = new TestNodes()) {
            MessengerConfig config = TestNodes.times(
                    Duration.ofSeconds(3), Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(9));
            TestNodes.Node node = nodes.node(OSD_2, 7, config).listen();
            NodeCertificate certificate =
                    NodeCertificate.issuedBy(nodes.authority, Set.of(OSD_1), nodes.now, TestNodes.RANDOM);
            TestNodes.Node good = nodes.node(EntityName.osd(4), 1, config);
            Connection connection = good.endpoint.connection(node.target(), Channel.CONTROL, 0);
            int[] rounds = new int[1];
            FuzzRounds.run(60, random -> {
                attack(nodes, node, certificate, random);
                if (++rounds[0] % ROUNDS_BETWEEN_CHECKS == 0) {
                    check(node, connection);
                }
            });
            check(node, connection);
            TestNodes.await(
                    "nothing but the good connection",
                    () -> node.endpoint.connections().size() == 1);
            TestNodes.await("no memory held", () -> node.messenger.receivingBytes() == 0);
            assertThat(connection.isUsable()).isTrue();
        }
    }

    /** Takes what garbage may have made of messages, until the good peer's comes. */
    private static void check(TestNodes.Node node, Connection connection) throws Exception {
        Bytes sign = Bytes.utf8("a good peer's");
        connection.send(Protocol.MONITOR, sign);
        Recorder.Message message = node.recorder.takeMessage();
        while (!message.content().equals(sign)) {
            message = node.recorder.takeMessage();
        }
    }

    private static void attack(TestNodes nodes, TestNodes.Node node, NodeCertificate certificate, Random random)
            throws Exception {
        int stage = random.nextInt(3);
        try (RawPeer peer = stage == 0 ? RawPeer.plain(node.port) : RawPeer.showing(node.port, certificate)) {
            HandshakeMessage.Hello hello = null;
            if (stage > 0) {
                HandshakeMessage.Challenge challenge = (HandshakeMessage.Challenge) peer.readHandshake();
                hello = RawPeer.hello(nodes.fsid, OSD_1, node.self, challenge.nonce());
            }
            if (stage == 2) {
                peer.write(hello);
            }
            peer.write(garbage(random, stage));
            if (random.nextInt(4) == 0) {
                peer.readToEnd();
            }
        } catch (IOException refused) {
            // It was closed before all was written.
            assertThat(refused).isNotNull();
        }
    }

    private static Bytes garbage(Random random, int stage) {
        byte[] noise = new byte[1 + random.nextInt(3000)];
        random.nextBytes(noise);
        if (stage == 0 && random.nextBoolean()) {
            // Begins as a record of TLS.
            System.arraycopy(new byte[] {0x16, 0x03, 0x03}, 0, noise, 0, Math.min(3, noise.length));
        }
        ByteWriter out = new ByteWriter();
        switch (random.nextInt(4)) {
            case 0 -> out.raw(Frames.frame(FrameType.HANDSHAKE, Bytes.wrap(noise)));
            case 1 -> out.raw(Frames.message(Protocol.OSD, Bytes.wrap(noise)));
            case 2 -> {
                // A good frame with one damaged bit.
                byte[] frame = Frames.message(Protocol.OSD, Bytes.wrap(noise)).array();
                frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
                out.raw(Bytes.wrap(frame));
            }
            default ->
                out.raw(Frames.message(Protocol.OSD, Bytes.wrap(new byte[1 << 20]))
                        .slice(0, 600_000));
        }
        return out.raw(Bytes.wrap(noise)).toBytes();
    }
}
