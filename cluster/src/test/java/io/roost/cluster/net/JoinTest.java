package io.roost.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.ClusterTrust;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.JoinToken;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.net.handshake.Refusal;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.Protocol;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JoinTest {
    private static final EntityName MON = EntityName.mon("a");
    private static final EntityName NODE_B = EntityName.node("b");
    private static final EntityName NODE_C = EntityName.node("c");

    /** A registry as the monitors' store has it, in memory. */
    private final class Registry implements NodeRegistry {
        private record Spent(EntityName node, Bytes keyHash) {}

        private final Map<Bytes, Instant> tokens = new TreeMap<>();
        private final Map<Bytes, Spent> spent = new TreeMap<>();
        private final Map<EntityName, Set<EntityName>> members = new TreeMap<>();
        private final Set<EntityName> monitors = new TreeSet<>();

        synchronized void add(JoinToken token) {
            tokens.put(token.secretHash(), token.expires());
        }

        @Override
        public synchronized Future<Spending> spend(Bytes secretHash, EntityName node, Bytes keyHash) {
            Instant expires = tokens.get(secretHash);
            Spent before = spent.get(secretHash);
            if (expires == null) {
                return Future.succeededFuture(Spending.UNKNOWN);
            } else if (nodes.now.isAfter(expires)) {
                return Future.succeededFuture(Spending.EXPIRED);
            } else if (before != null) {
                return Future.succeededFuture(
                        before.equals(new Spent(node, keyHash)) ? Spending.ACCEPTED : Spending.USED);
            } else if (members.containsKey(node)) {
                return Future.succeededFuture(Spending.NAME_TAKEN);
            }
            spent.put(secretHash, new Spent(node, keyHash));
            members.put(node, new TreeSet<>(Set.of(node)));
            return Future.succeededFuture(Spending.ACCEPTED);
        }

        @Override
        public synchronized Future<Set<EntityName>> entities(EntityName node) {
            return Future.succeededFuture(members.getOrDefault(node, Set.of()));
        }

        @Override
        public synchronized boolean hasMonitor(EntityName node) {
            return monitors.contains(node);
        }
    }

    private final TestNodes nodes = new TestNodes();
    private final Registry registry = new Registry();
    private TestNodes.Node monitor;
    private TestNodes.Node client;

    @BeforeEach
    void start() throws Exception {
        CertificateIssuer issuer = new CertificateIssuer(nodes.authority, registry, nodes.clock(), TestNodes.RANDOM);
        monitor = nodes.node(MON, 0, MessengerConfig.DEFAULT, nodes.tls(MON), Optional.of(issuer))
                .listen();
        client = nodes.node(EntityName.client("test"), 1, MessengerConfig.DEFAULT);
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }

    private CertificateClient joining() {
        return new CertificateClient(
                client.vertx, client.loops.get(0), MessengerConfig.DEFAULT, nodes.clock(), TestNodes.RANDOM);
    }

    private JoinToken token() throws Exception {
        return token(monitor.target().address());
    }

    private JoinToken token(NodeAddress... monitors) throws Exception {
        Bytes fingerprint = ClusterTrust.fingerprint(nodes.authority.trust().ca());
        JoinToken token = JoinToken.create(List.of(monitors), fingerprint, nodes.now, TestNodes.RANDOM);
        registry.add(token);
        return token;
    }

    private static void assertRefused(Refusal refusal, Future<?> answer) {
        assertThatThrownBy(() -> TestNodes.join(answer))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
    }

    @Test
    void aNodeJoinsWithATokenAndIsThenAPeer() throws Exception {
        JoinToken token = JoinToken.parse(token().text());
        CertificateClient.Joined answer = TestNodes.join(joining().join(token, NODE_B));
        assertThat(answer.monitor()).isEqualTo(monitor.target());
        NodeCertificate certificate = answer.certificate();
        assertThat(certificate.peer().entities()).containsExactly(NODE_B);
        assertThat(certificate.peer().fsid()).isEqualTo(nodes.fsid);

        TestNodes.Node joined = nodes.node(NODE_B, 1, MessengerConfig.DEFAULT, new NodeTls(certificate, nodes.clock()));
        joined.endpoint.connection(monitor.target(), Channel.CONTROL, 0).send(Protocol.MONITOR, Bytes.utf8("hello"));
        assertThat(monitor.recorder.takeMessage().connection().peer()).isEqualTo(joined.self);
    }

    @Test
    void aTokenLetsInOneNodeOnce() throws Exception {
        JoinToken token = token();
        TestNodes.join(joining().join(token, NODE_B));
        assertRefused(Refusal.TOKEN_USED, joining().join(token, NODE_B));
        assertRefused(Refusal.TOKEN_USED, joining().join(token, NODE_C));
        assertThat(monitor.refusals(Refusal.TOKEN_USED)).isEqualTo(2);
    }

    @Test
    void anExpiredTokenIsOfNoUse() throws Exception {
        JoinToken token = token();
        nodes.now = nodes.now.plus(JoinToken.VALIDITY).plusSeconds(1);
        assertRefused(Refusal.TOKEN_EXPIRED, joining().join(token, NODE_B));
        assertThat(monitor.refusals(Refusal.TOKEN_EXPIRED)).isEqualTo(1);
        assertThat(registry.members).isEmpty();
    }

    @Test
    void aGuessedSecretIsOfNoUse() throws Exception {
        JoinToken real = token();
        JoinToken guess = JoinToken.create(real.monitors(), real.fingerprint(), nodes.now, TestNodes.RANDOM);
        assertRefused(Refusal.TOKEN_UNKNOWN, joining().join(guess, NODE_B));
        assertThat(monitor.refusals(Refusal.TOKEN_UNKNOWN)).isEqualTo(1);
    }

    @Test
    void twoNodesCannotHaveOneName() throws Exception {
        TestNodes.join(joining().join(token(), NODE_B));
        JoinToken second = token();
        assertRefused(Refusal.NAME_TAKEN, joining().join(second, NODE_B));
        TestNodes.join(joining().join(second, NODE_C));
    }

    @Test
    void onlyNodesJoin() throws Exception {
        assertRefused(Refusal.UNEXPECTED, joining().join(token(), EntityName.osd(0)));
    }

    /** Somebody who answers at the monitor's address without being of the token's cluster does not get the secret. */
    @Test
    void theSecretIsToldToNobodyButTheTokensCluster() throws Exception {
        try (TestNodes others = new TestNodes()) {
            TestNodes.Node impostor =
                    others.node(MON, 0, MessengerConfig.DEFAULT).listen();
            assertRefused(
                    Refusal.FOREIGN_CERTIFICATE,
                    joining().join(token(impostor.target().address()), NODE_B));
        }
    }

    /** A node of the cluster is not to be trusted with others' tokens either. */
    @Test
    void theSecretIsToldToNobodyButAMonitor() throws Exception {
        TestNodes.Node osd =
                nodes.node(EntityName.osd(1), 1, MessengerConfig.DEFAULT).listen();
        assertRefused(
                Refusal.FOREIGN_CERTIFICATE, joining().join(token(osd.target().address()), NODE_B));
    }

    @Test
    void monitorsAreAskedOneAfterTheOther() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        NodeAddress nobody = new NodeAddress(TestNodes.LOOPBACK, port, 0);
        assertThat(TestNodes.join(joining().join(token(nobody, monitor.target().address()), NODE_B))
                        .certificate()
                        .peer()
                        .entities())
                .containsExactly(NODE_B);
        assertThatThrownBy(() -> TestNodes.join(joining().join(token(nobody), NODE_C)))
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aMonitorThatLetsNobodyInSaysSo() throws Exception {
        TestNodes.Node other =
                nodes.node(EntityName.mon("b"), 0, MessengerConfig.DEFAULT).listen();
        assertThatThrownBy(
                        () -> TestNodes.join(joining().join(token(other.target().address()), NODE_B)))
                .isInstanceOf(ExecutionException.class);
        TestNodes.await("a refusal", () -> other.refusals(Refusal.NO_CERTIFICATE) == 1);
    }

    @Test
    void aCertificateIsRenewedWithWhatTheNodeMaySpeakForNow() throws Exception {
        NodeCertificate first = TestNodes.join(joining().join(token(), NODE_B)).certificate();
        registry.members.get(NODE_B).add(EntityName.osd(5));
        nodes.now = first.renewAfter();
        NodeTls tls = new NodeTls(first, nodes.clock());
        CertificateClient.Renewed renewed = TestNodes.join(joining().renew(tls, List.of(monitor.target())));
        NodeCertificate next = renewed.certificate();
        assertThat(renewed.authority()).as("it has no monitor").isEmpty();
        assertThat(next.peer().entities()).containsExactlyInAnyOrder(NODE_B, EntityName.osd(5));
        assertThat(next.peer().notAfter()).isEqualTo(nodes.now.plus(Duration.ofDays(365)));
        assertThat(next.privateKey()).isNotEqualTo(first.privateKey());
        tls.reload(next);
        assertThat(tls.certificate()).isSameAs(next);
    }

    /** So that a cluster grows also when the node that made it is lost. */
    @Test
    void aNodeWithAMonitorGetsTheAuthorityAndLetsOthersIn() throws Exception {
        EntityName second = EntityName.mon("b");
        NodeCertificate first = TestNodes.join(joining().join(token(), NODE_B)).certificate();
        registry.members.get(NODE_B).add(second);
        registry.monitors.add(NODE_B);
        CertificateClient.Renewed renewed =
                TestNodes.join(joining().renew(new NodeTls(first, nodes.clock()), List.of(monitor.target())));
        assertThat(renewed.authority().orElseThrow().certificatePem()).isEqualTo(nodes.authority.certificatePem());
        assertThat(renewed.toString()).doesNotContain("PRIVATE");

        CertificateIssuer issuer =
                new CertificateIssuer(renewed.authority().orElseThrow(), registry, nodes.clock(), TestNodes.RANDOM);
        TestNodes.Node other = nodes.node(
                        second,
                        0,
                        MessengerConfig.DEFAULT,
                        new NodeTls(renewed.certificate(), nodes.clock()),
                        Optional.of(issuer))
                .listen();
        JoinToken token = token(monitor.target().address(), other.target().address());
        TestNodes.join(monitor.messenger.close());
        assertThat(TestNodes.join(joining().join(token, NODE_C)).monitor()).isEqualTo(other.target());
    }

    private CertificateRenewal renewal(NodeTls tls, List<Target> monitors, Consumer<CertificateClient.Renewed> keep) {
        return new CertificateRenewal(client.vertx, tls, joining(), () -> monitors, keep);
    }

    @Test
    void aRunningNodeRenewsItsCertificateInTime() throws Exception {
        NodeCertificate first = TestNodes.join(joining().join(token(), NODE_B)).certificate();
        NodeTls tls = new NodeTls(first, nodes.clock());
        List<NodeCertificate> kept = new CopyOnWriteArrayList<>();
        CertificateRenewal renewal = renewal(tls, List.of(monitor.target()), next -> kept.add(next.certificate()));
        assertThat(TestNodes.join(renewal.look())).as("it is not time yet").isFalse();
        nodes.now = first.renewAfter();
        assertThat(TestNodes.join(renewal.look())).isTrue();
        assertThat(tls.certificate().peer().notAfter()).isAfter(first.peer().notAfter());
        assertThat(kept).containsExactly(tls.certificate());
        assertThat(TestNodes.join(renewal.look())).as("it has been done").isFalse();
    }

    @Test
    void aCertificateThatIsNotRenewedNowIsRenewedLater() throws Exception {
        NodeCertificate first = TestNodes.join(joining().join(token(), NODE_B)).certificate();
        nodes.now = first.renewAfter();
        NodeTls tls = new NodeTls(first, nodes.clock());
        List<Target> monitors = new CopyOnWriteArrayList<>();
        CertificateRenewal renewal = renewal(tls, monitors, next -> {});
        assertThatThrownBy(() -> TestNodes.join(renewal.look())).hasCauseInstanceOf(IOException.class);
        assertThat(tls.certificate()).isSameAs(first);
        monitors.add(monitor.target());
        assertThat(TestNodes.join(renewal.look())).isTrue();
    }

    @Test
    void aCertificateThatCannotBeKeptIsNotShown() throws Exception {
        NodeCertificate first = TestNodes.join(joining().join(token(), NODE_B)).certificate();
        nodes.now = first.renewAfter();
        NodeTls tls = new NodeTls(first, nodes.clock());
        CertificateRenewal renewal = renewal(tls, List.of(monitor.target()), next -> {
            throw new IllegalStateException("the disk is full");
        });
        assertThatThrownBy(() -> TestNodes.join(renewal.look())).hasStackTraceContaining("the disk is full");
        assertThat(tls.certificate()).isSameAs(first);
    }

    @Test
    void whoDoesNotBelongToTheClusterAnyMoreGetsNoNewCertificate() throws Exception {
        NodeCertificate first = TestNodes.join(joining().join(token(), NODE_B)).certificate();
        registry.members.remove(NODE_B);
        assertRefused(
                Refusal.NOT_A_MEMBER, joining().renew(new NodeTls(first, nodes.clock()), List.of(monitor.target())));
    }

    @Test
    void certificatesOfNoNodeAreNotRenewed() throws Exception {
        NodeTls osd = nodes.tls(EntityName.osd(1));
        assertThatThrownBy(() -> TestNodes.join(joining().renew(osd, List.of(monitor.target()))))
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    /** A peer that is in cannot use a token for somebody else, and one without certificate cannot renew. */
    @Test
    void wishesThatDoNotFitThePeerAreRefused() throws Exception {
        NodeCertificate certificate =
                NodeCertificate.issuedBy(nodes.authority, Set.of(NODE_C), nodes.now, TestNodes.RANDOM);
        Bytes nonsense = Bytes.wrap(new byte[16]);
        try (RawPeer peer = RawPeer.showing(monitor.port, certificate)) {
            peer.readHandshake();
            peer.write(new HandshakeMessage.Join(token().secret(), NODE_B, nonsense));
            assertThat(((HandshakeMessage.Refused) peer.readHandshake()).refusal())
                    .isEqualTo(Refusal.UNEXPECTED);
        }
        try (RawPeer peer = RawPeer.anonymous(monitor.port, "TLSv1.3")) {
            peer.write(new HandshakeMessage.Renew(nonsense, nonsense));
            assertThat(peer.readToEnd()).isZero();
        }
        try (RawPeer peer = RawPeer.anonymous(monitor.port, "TLSv1.3")) {
            peer.write(new HandshakeMessage.Join(token().secret(), NODE_B, nonsense));
            assertThat(((HandshakeMessage.Refused) peer.readHandshake()).refusal())
                    .isEqualTo(Refusal.MALFORMED);
        }
        assertThat(registry.members).isEmpty();
        assertThat(registry.spent).isEmpty();
    }

    @Test
    void theAuthorityIsTheOneOfTheToken() throws Exception {
        X509Certificate other = CertificateAuthority.create(nodes.fsid, nodes.now, TestNodes.RANDOM)
                .trust()
                .ca();
        JoinToken wrong = JoinToken.create(
                List.of(monitor.target().address()), ClusterTrust.fingerprint(other), nodes.now, TestNodes.RANDOM);
        registry.add(wrong);
        assertRefused(Refusal.FOREIGN_CERTIFICATE, joining().join(wrong, NODE_B));
        assertThat(registry.spent).isEmpty();
    }
}
