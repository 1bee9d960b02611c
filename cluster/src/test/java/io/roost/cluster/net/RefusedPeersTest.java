package io.roost.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.net.handshake.Refusal;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.wire.Frame;
import io.roost.cluster.wire.FrameType;
import io.roost.cluster.wire.Frames;
import io.roost.cluster.wire.Protocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that break the rules get nothing but the end of their connection, are counted, and disturb nobody else. */
class RefusedPeersTest {
    private static final EntityName OSD_1 = EntityName.osd(1);
    private static final EntityName OSD_2 = EntityName.osd(2);
    private static final Duration SHORT = Duration.ofMillis(400);

    /** TLS says that a handshake has failed, and that it closes, in so many bytes; they tell nothing else. */
    private static final int ALERTS_BYTES = 14;

    private final TestNodes nodes = new TestNodes();
    private TestNodes.Node node;

    @BeforeEach
    void start() throws Exception {
        MessengerConfig config = TestNodes.times(Duration.ofSeconds(10), SHORT, SHORT, Duration.ofSeconds(20));
        node = nodes.node(OSD_2, 7, config).listen();
    }

    /** Whatever was refused, a good peer is still served. */
    @AfterEach
    void stop() throws Exception {
        TestNodes.Node good = nodes.node(EntityName.osd(4), 1, MessengerConfig.DEFAULT);
        Connection connection = good.endpoint.connection(node.target(), Channel.CONTROL, 0);
        connection.send(Protocol.OSD, Bytes.utf8("good"));
        assertThat(node.recorder.takeMessage().content()).isEqualTo(Bytes.utf8("good"));
        assertThat(node.messenger.receivingBytes()).isZero();
        nodes.close();
    }

    private void assertCounted(Refusal refusal, int count) throws InterruptedException {
        TestNodes.await(count + " refusals as " + refusal, () -> node.refusals(refusal) >= count);
        for (Refusal other : Refusal.values()) {
            assertThat(node.refusals(other)).as("refusals as %s", other).isEqualTo(other == refusal ? count : 0);
        }
        assertThat(node.recorder.openedCount()).isZero();
    }

    private NodeCertificate certificate(EntityName... entities) {
        return NodeCertificate.issuedBy(nodes.authority, Set.of(entities), Instant.now(), TestNodes.RANDOM);
    }

    @Test
    void aPeerWithoutCertificateGetsNothing() throws Exception {
        try (RawPeer peer = RawPeer.anonymous(node.port, "TLSv1.3")) {
            assertThat(peer.readToEnd()).isZero();
        }
        assertCounted(Refusal.NO_CERTIFICATE, 1);
    }

    @Test
    void aPeerWithAnotherClustersCertificateGetsNothing() throws Exception {
        CertificateAuthority other =
                CertificateAuthority.create(java.util.UUID.randomUUID(), Instant.now(), TestNodes.RANDOM);
        try (RawPeer peer = RawPeer.showing(
                node.port, NodeCertificate.issuedBy(other, Set.of(OSD_1), Instant.now(), TestNodes.RANDOM))) {
            assertThat(peer.readToEnd()).isZero();
        }
        assertCounted(Refusal.FOREIGN_CERTIFICATE, 1);
    }

    @Test
    void aPeerWithAForgedAuthorityOfTheSameNameGetsNothing() throws Exception {
        CertificateAuthority forged = CertificateAuthority.create(nodes.fsid, Instant.now(), TestNodes.RANDOM);
        try (RawPeer peer = RawPeer.showing(
                node.port, NodeCertificate.issuedBy(forged, Set.of(OSD_1), Instant.now(), TestNodes.RANDOM))) {
            assertThat(peer.readToEnd()).isZero();
        }
        assertCounted(Refusal.FOREIGN_CERTIFICATE, 1);
    }

    @Test
    void aPeerWithAnExpiredCertificateGetsNothing() throws Exception {
        Instant past = Instant.now().minus(Duration.ofDays(366));
        NodeCertificate expired = NodeCertificate.issuedBy(nodes.authority, Set.of(OSD_1), past, TestNodes.RANDOM);
        try (RawPeer peer = RawPeer.showing(node.port, expired)) {
            assertThat(peer.readToEnd()).isZero();
        }
        assertCounted(Refusal.FOREIGN_CERTIFICATE, 1);
    }

    @Test
    void olderVersionsOfTlsAreRefused() throws Exception {
        assertThatThrownBy(() -> RawPeer.anonymous(node.port, "TLSv1.2")).isInstanceOf(SSLException.class);
        assertCounted(Refusal.TLS, 1);
    }

    @Test
    void aPeerThatSpeaksPlainTextGetsNothingOfUse() throws Exception {
        try (RawPeer peer = RawPeer.plain(node.port)) {
            peer.write(Bytes.utf8("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            assertThat(peer.readToEnd()).isLessThanOrEqualTo(ALERTS_BYTES);
        }
        assertCounted(Refusal.PLAIN_TEXT, 1);
    }

    @Test
    void framesInPlainTextAreRefused() throws Exception {
        try (RawPeer peer = RawPeer.plain(node.port)) {
            peer.write(Frames.message(Protocol.OSD, Bytes.utf8("hello")));
            assertThat(peer.readToEnd()).isLessThanOrEqualTo(ALERTS_BYTES);
        }
        assertCounted(Refusal.PLAIN_TEXT, 1);
    }

    @Test
    void peersThatStopHalfwayAreRefusedAtTheDeadline() throws Exception {
        MessengerConfig hasty = TestNodes.times(SHORT, SHORT, SHORT, Duration.ofSeconds(20));
        TestNodes.Node impatient = nodes.node(EntityName.osd(3), 7, hasty).listen();
        try (RawPeer silent = RawPeer.plain(impatient.port);
                RawPeer begun = RawPeer.plain(impatient.port);
                RawPeer certified = RawPeer.showing(impatient.port, certificate(OSD_1))) {
            // The first bytes of a client's first message, which then says no more.
            begun.write(Bytes.of(0x16, 0x03, 0x01, 0x02));
            assertThat(silent.readToEnd()).isLessThanOrEqualTo(ALERTS_BYTES);
            assertThat(begun.readToEnd()).isLessThanOrEqualTo(ALERTS_BYTES);
            assertThat(certified.readHandshake()).isInstanceOf(HandshakeMessage.Challenge.class);
            certified.readToEnd();
        }
        TestNodes.await("refusals", () -> impatient.refusals(Refusal.TIMEOUT) == 3);
    }

    @Test
    void aHandshakeThatWasRecordedIsRefused() throws Exception {
        byte[] recorded;
        try (CuttableProxy proxy = new CuttableProxy(node.port)) {
            TestNodes.Node good = nodes.node(OSD_1, 1, MessengerConfig.DEFAULT);
            good.endpoint
                    .connection(node.target(proxy.port()), Channel.CONTROL, 0)
                    .send(Protocol.OSD, Bytes.EMPTY);
            node.recorder.takeMessage();
            recorded = proxy.fromClient();
            good.endpoint.close();
            node.recorder.takeClosed();
        }
        node.recorder.takeOpened();
        try (RawPeer peer = RawPeer.plain(node.port)) {
            peer.write(Bytes.wrap(recorded));
            peer.readToEnd();
        }
        assertCounted(Refusal.TLS, 1);
    }

    @Test
    void aHelloToAnotherChallengeIsRefused() throws Exception {
        HandshakeMessage.Hello recorded;
        try (RawPeer first = RawPeer.showing(node.port, certificate(OSD_1))) {
            HandshakeMessage.Challenge challenge = (HandshakeMessage.Challenge) first.readHandshake();
            recorded = RawPeer.hello(nodes.fsid, OSD_1, node.self, challenge.nonce());
            first.write(recorded);
            assertThat(first.readHandshake()).isInstanceOf(HandshakeMessage.Welcome.class);
        }
        node.recorder.takeOpened();
        try (RawPeer second = RawPeer.showing(node.port, certificate(OSD_1))) {
            assertThat(second.readHandshake()).isInstanceOf(HandshakeMessage.Challenge.class);
            second.write(recorded);
            assertThat(second.readHandshake())
                    .isEqualTo(new HandshakeMessage.Refused(Refusal.REPLAYED, "it answers another challenge"));
            assertThat(second.readFrame()).isNull();
        }
        assertCounted(Refusal.REPLAYED, 1);
    }

    @Test
    void aMessageBeforeTheHandshakeIsRefused() throws Exception {
        try (RawPeer peer = RawPeer.showing(node.port, certificate(OSD_1))) {
            peer.readHandshake();
            peer.write(Frames.message(Protocol.OSD, Bytes.utf8("hello")));
            assertThat(peer.readFrame()).isNull();
        }
        assertCounted(Refusal.UNEXPECTED, 1);
    }

    @Test
    void aHandshakeMessageThatIsNoneIsRefused() throws Exception {
        try (RawPeer peer = RawPeer.showing(node.port, certificate(OSD_1))) {
            peer.readHandshake();
            peer.write(Frames.frame(FrameType.HANDSHAKE, Bytes.utf8("hello")));
            assertThat(peer.readFrame()).isNull();
        }
        assertCounted(Refusal.MALFORMED, 1);
    }

    private static Bytes header(int length, int rest) {
        ByteBuffer out = ByteBuffer.allocate(Frame.HEADER_BYTES);
        out.putInt(length).putInt(rest).put(new byte[] {2, 1, 1, 0}).putInt(0);
        out.putInt(Data.crc32c(out.duplicate().flip()));
        return Bytes.wrap(out.array());
    }

    @Test
    void hugeLengthsAreRefusedBeforeAndAfterTheHandshake() throws Exception {
        List<Bytes> huge = List.of(
                header(Integer.MAX_VALUE, 0), header(-1, 0), header(Frame.MAX_PAYLOAD_BYTES, Integer.MAX_VALUE));
        for (Bytes frame : huge) {
            try (RawPeer peer = RawPeer.showing(node.port, certificate(OSD_1))) {
                peer.readHandshake();
                peer.write(frame);
                assertThat(peer.readFrame()).isNull();
            }
        }
        assertCounted(Refusal.MALFORMED, huge.size());
        for (Bytes frame : huge) {
            try (RawPeer peer = established()) {
                peer.write(frame);
                readAllFrames(peer);
                assertThat(node.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
            }
        }
        assertCounted(Refusal.MALFORMED, 2 * huge.size());
    }

    private RawPeer established() throws Exception {
        RawPeer peer = RawPeer.showing(node.port, certificate(OSD_1));
        HandshakeMessage.Challenge challenge = (HandshakeMessage.Challenge) peer.readHandshake();
        peer.write(RawPeer.hello(nodes.fsid, OSD_1, node.self, challenge.nonce()));
        assertThat(peer.readHandshake()).isInstanceOf(HandshakeMessage.Welcome.class);
        node.recorder.takeOpened();
        return peer;
    }

    /** Signs of life may still come before the end. */
    private static void readAllFrames(RawPeer peer) throws Exception {
        Bytes frame = Bytes.EMPTY;
        while (frame != null) {
            assertThat(frame.isEmpty()).isTrue();
            frame = peer.readFrame();
        }
    }

    @Test
    void aPeerThatTricklesIsRefused() throws Exception {
        Bytes message = Frames.message(Protocol.OSD, Bytes.wrap(new byte[100_000]));
        try (RawPeer peer = established()) {
            int sent = 0;
            try {
                for (; sent < message.length(); sent++) {
                    peer.write(message.slice(sent, sent + 1));
                    Thread.sleep(5);
                }
            } catch (java.io.IOException closed) {
                assertThat(sent).isPositive();
            }
            assertThat(sent).isLessThan(message.length());
        }
        assertThat(node.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
        assertCounted(Refusal.TRICKLE, 1);
    }

    @Test
    void memoryOfAMessageThatNeverEndsIsGivenBack() throws Exception {
        Bytes large = Frames.message(Protocol.OSD, Bytes.wrap(new byte[2_000_000]));
        try (RawPeer peer = established()) {
            peer.write(large.slice(0, 1_500_000));
            TestNodes.await("memory taken", () -> node.messenger.receivingBytes() == 2_000_000);
            assertThat(node.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
        }
        TestNodes.await("memory given back", () -> node.messenger.receivingBytes() == 0);
        assertCounted(Refusal.TRICKLE, 1);
    }

    @Test
    void memoryOfAPeerThatGoesAwayIsGivenBack() throws Exception {
        Bytes large = Frames.message(Protocol.OSD, Bytes.wrap(new byte[2_000_000]));
        node = nodes.node(EntityName.osd(3), 7, MessengerConfig.DEFAULT).listen();
        try (RawPeer peer = established()) {
            peer.write(large.slice(0, 1_500_000));
            TestNodes.await("memory taken", () -> node.messenger.receivingBytes() == 2_000_000);
        }
        assertThat(node.recorder.takeClosed().cause()).isEqualTo(CloseCause.RESET);
        TestNodes.await("memory given back", () -> node.messenger.receivingBytes() == 0);
    }

    @Test
    void damageOnAConnectionThatStandsEndsIt() throws Exception {
        byte[] damaged =
                Frames.message(Protocol.OSD, Bytes.utf8("hello")).array().clone();
        damaged[damaged.length - 1] ^= 1;
        try (RawPeer peer = established()) {
            peer.write(Frames.message(Protocol.OSD, Bytes.utf8("first")).concat(Bytes.wrap(damaged)));
            readAllFrames(peer);
        }
        assertThat(node.recorder.takeMessage().content()).isEqualTo(Bytes.utf8("first"));
        assertThat(node.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
        assertCounted(Refusal.MALFORMED, 1);
    }

    @Test
    void aHandshakeOnAConnectionThatStandsEndsIt() throws Exception {
        try (RawPeer peer = established()) {
            peer.write(RawPeer.hello(nodes.fsid, OSD_1, node.self, Bytes.wrap(new byte[16])));
            readAllFrames(peer);
        }
        assertThat(node.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
        assertCounted(Refusal.UNEXPECTED, 1);
    }

    @Test
    void aHostThatOnlyKnocksDoesNotKeepOthersOut() throws Exception {
        MessengerConfig few = new MessengerConfig(
                TestNodes.times(Duration.ofSeconds(2), SHORT, SHORT, Duration.ofSeconds(20))
                        .times(),
                new MessengerConfig.Sizes(1 << 20, 1 << 20, 1 << 20, 1 << 20, 100, 20, 5));
        TestNodes.Node small = nodes.node(EntityName.osd(3), 7, few).listen();
        List<RawPeer> knocking = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            knocking.add(RawPeer.plain(small.port));
        }
        for (RawPeer peer : knocking) {
            assertThat(peer.readToEnd()).isLessThanOrEqualTo(ALERTS_BYTES);
            peer.close();
        }
        TestNodes.await("all refused", () -> small.refusals(Refusal.TOO_MANY) + small.refusals(Refusal.TIMEOUT) == 8);
        assertThat(small.refusals(Refusal.TOO_MANY)).isPositive();
        TestNodes.Node good = nodes.node(OSD_1, 1, MessengerConfig.DEFAULT);
        good.endpoint.connection(small.target(), Channel.CONTROL, 0);
        good.recorder.takeOpened();
    }
}
