package io.roost.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.net.handshake.Refusal;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.wire.Frame;
import io.roost.cluster.wire.Payload;
import io.roost.cluster.wire.Protocol;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessengerTest {
    private static final EntityName OSD_1 = EntityName.osd(1);
    private static final EntityName OSD_2 = EntityName.osd(2);

    private final TestNodes nodes = new TestNodes();

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }

    private TestNodes.Node node(EntityName name) throws Exception {
        return node(name, MessengerConfig.DEFAULT);
    }

    private TestNodes.Node node(EntityName name, MessengerConfig config) throws Exception {
        return nodes.node(name, 7, config).listen();
    }

    private static Bytes random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static Bytes number(int number) {
        return new ByteWriter().u32(number).toBytes();
    }

    private static int number(Bytes message) {
        return new ByteReader(message).u32();
    }

    @ParameterizedTest
    @EnumSource(Channel.class)
    void messagesArriveInTheirOrderAndAnswersGoBackOnTheirConnection(Channel channel) throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        Connection connection = a.endpoint.connection(b.target(), channel, 0);
        List<Bytes> sent = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            int length = i % 50 == 0 ? random.nextInt(4 * Frame.MAX_PAYLOAD_BYTES) : random.nextInt(500);
            sent.add(random(length, i));
            connection.send(i % 2 == 0 ? Protocol.OSD : Protocol.MONITOR, sent.get(i));
        }
        for (int i = 0; i < sent.size(); i++) {
            Recorder.Message message = b.recorder.takeMessage();
            assertThat(message.content()).as("message %d", i).isEqualTo(sent.get(i));
            assertThat(message.protocol()).isEqualTo(i % 2 == 0 ? Protocol.OSD : Protocol.MONITOR);
            message.connection().send(message.protocol(), number(i));
        }
        for (int i = 0; i < sent.size(); i++) {
            Recorder.Message answer = a.recorder.takeMessage();
            assertThat(number(answer.content())).isEqualTo(i);
            assertThat(answer.connection()).isSameAs(connection);
        }
        Connection accepted = b.recorder.takeOpened();
        assertThat(accepted.peer()).isEqualTo(a.self);
        assertThat(accepted.channel()).isEqualTo(channel);
        assertThat(connection.peer()).isEqualTo(b.self);
        assertThat(a.endpoint.connection(b.target(), channel, 0)).isSameAs(connection);
        assertThat(b.messenger.connection(accepted.session())).containsSame(accepted);
        assertThat(b.messenger.receivingBytes()).isZero();
    }

    /** Who gives a session up and wants one again at once would get the one that ends, and hear of its end. */
    @Test
    void connectionThatIsBeingClosedIsNotTheNextOne() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        Connection before = a.endpoint.connection(b.target(), Channel.CONTROL, 0);
        before.send(Protocol.OSD, number(1));
        before.close();
        before.send(Protocol.OSD, number(2));
        Connection after = a.endpoint.connection(b.target(), Channel.CONTROL, 0);
        assertThat(after).isNotSameAs(before);
        after.send(Protocol.OSD, number(3));
        Recorder.Message last = b.recorder.takeMessage();
        while (number(last.content()) == 1) {
            // Whether it still arrives depends on how far the dial was.
            last = b.recorder.takeMessage();
        }
        assertThat(number(last.content())).isEqualTo(3);
    }

    @Test
    void everyChannelAndLoopHasAConnectionOfItsOwn() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        Set<Connection> connections = Set.of(
                a.endpoint.connection(b.target(), Channel.CONTROL, 0),
                a.endpoint.connection(b.target(), Channel.CONTROL, 1),
                a.endpoint.connection(b.target(), Channel.BULK, 0),
                a.endpoint.connection(b.target(), Channel.BULK, 1));
        for (int i = 0; i < 4; i++) {
            a.recorder.takeOpened();
            b.recorder.takeOpened();
        }
        assertThat(a.endpoint.connections()).hasSameElementsAs(connections);
        assertThat(a.messenger.metrics().open(Channel.BULK)).isEqualTo(2);
    }

    @Test
    void messagesOfManyThreadsArriveOnceEachInTheThreadsOrder() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        int threadCount = 4;
        int messageCount = 5000;
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < threadCount; t++) {
            int base = t * messageCount;
            threads.add(new Thread(() -> {
                for (int i = 0; i < messageCount; i++) {
                    a.endpoint.connection(b.target(), Channel.CONTROL, 0).send(Protocol.OSD, number(base + i));
                }
            }));
        }
        threads.forEach(Thread::start);
        int[] next = new int[threadCount];
        for (int i = 0; i < threadCount * messageCount; i++) {
            int number = number(b.recorder.takeMessage().content());
            assertThat(number % messageCount).isEqualTo(next[number / messageCount]++);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(b.recorder.openedCount()).isEqualTo(1);
        assertThat(a.messenger.metrics().queuedBytes(Channel.CONTROL)).isZero();
    }

    @Test
    void aConnectionThatBreaksEndsItsSessionAndTheNextIsAnother() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        try (CuttableProxy proxy = new CuttableProxy(b.port)) {
            Target target = b.target(proxy.port());
            int next = 0;
            TreeMap<Long, List<Integer>> sent = new TreeMap<>();
            for (int round = 0; round < 5; round++) {
                Connection connection = a.endpoint.connection(target, Channel.BULK, 0);
                for (int i = 0; i < 200; i++) {
                    connection.send(Protocol.OSD, number(next).concat(random(2000, next)));
                    sent.computeIfAbsent(connection.session(), same -> new ArrayList<>())
                            .add(next++);
                }
                assertThat(number(b.recorder.takeMessage().content())).isEqualTo(next - 200);
                proxy.cut();
                Recorder.Closed closed = a.recorder.takeClosed();
                assertThat(closed.connection()).isSameAs(connection);
                assertThat(closed.cause()).isEqualTo(CloseCause.RESET);
                connection.send(Protocol.OSD, number(-1));
                assertThat(connection.isUsable()).isFalse();
                Connection peers = b.recorder.takeClosed().connection();
                int expected = next - 200;
                while (b.recorder.messageCount() > 0) {
                    Recorder.Message message = b.recorder.takeMessage();
                    assertThat(message.connection()).isSameAs(peers);
                    assertThat(number(message.content())).isEqualTo(++expected);
                }
            }
            assertThat(sent).hasSize(5);
            assertThat(a.endpoint.connections()).isEmpty();
            assertThat(a.messenger.metrics().queuedBytes(Channel.BULK)).isZero();
            assertThat(b.messenger.receivingBytes()).isZero();
        }
    }

    private void assertRefused(TestNodes.Node dialler, Target target, Refusal refusal) throws Exception {
        Connection connection = dialler.endpoint.connection(target, Channel.CONTROL, 0);
        connection.send(Protocol.OSD, number(1));
        Recorder.Closed closed = dialler.recorder.takeClosed();
        assertThat(closed.connection()).isSameAs(connection);
        assertThat(closed.cause()).isEqualTo(CloseCause.REFUSED);
        assertThat(dialler.refusals(refusal)).isEqualTo(1);
        assertThat(dialler.messenger.metrics().dropped(Channel.CONTROL)).isEqualTo(1);
    }

    @Test
    void anotherLifeIsRefused() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        NodeAddress old = new NodeAddress(TestNodes.LOOPBACK, b.port, 6);
        assertRefused(a, new Target(OSD_2, old), Refusal.WRONG_LIFE);
        TestNodes.await("a refusal", () -> b.refusals(Refusal.WRONG_LIFE) == 1);
        assertThat(b.recorder.openedCount()).isZero();
    }

    @Test
    void anEntityThatIsNotThereIsNotFound() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = nodes.node(OSD_2, 7, MessengerConfig.DEFAULT, nodes.tls(OSD_2, EntityName.osd(3)))
                .listen();
        assertRefused(a, new Target(EntityName.osd(3), b.target().address()), Refusal.UNKNOWN_ENTITY);
    }

    @Test
    void nobodyTakesAnEntityThatHisCertificateDoesNotName() throws Exception {
        TestNodes.Node b = node(OSD_2);
        TestNodes.Node liar = nodes.node(EntityName.osd(3), 1, MessengerConfig.DEFAULT, nodes.tls(OSD_1));
        assertRefused(liar, b.target(), Refusal.WRONG_ENTITY);
        TestNodes.await("a refusal", () -> b.refusals(Refusal.WRONG_ENTITY) == 1);

        TestNodes.Node a = node(OSD_1);
        assertRefused(a, new Target(EntityName.osd(9), b.target().address()), Refusal.WRONG_ENTITY);
        assertThat(b.recorder.openedCount()).isZero();
    }

    @Test
    void whoTheMapsDoNotHaveIsRefused() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        b.recorder.admit(peer -> !peer.equals(new Entity(OSD_1, 7)));
        assertRefused(a, b.target(), Refusal.NOT_A_MEMBER);
    }

    @Test
    void anotherClustersNodeIsRefusedBothWays() throws Exception {
        TestNodes.Node b = node(OSD_2);
        try (TestNodes others = new TestNodes()) {
            TestNodes.Node foreign = others.node(OSD_1, 7, MessengerConfig.DEFAULT);
            foreign.endpoint.connection(b.target(), Channel.CONTROL, 0);
            assertThat(foreign.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
            assertThat(foreign.refusals(Refusal.FOREIGN_CERTIFICATE)).isEqualTo(1);
        }
        assertThat(b.recorder.openedCount()).isZero();
    }

    @Test
    void nobodyListening() throws Exception {
        TestNodes.Node a = node(OSD_1);
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        Target target = new Target(OSD_2, new NodeAddress(TestNodes.LOOPBACK, port, 1));
        for (int i = 0; i < 3; i++) {
            a.endpoint.connection(target, Channel.CONTROL, 0).send(Protocol.OSD, number(i));
            assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.CONNECTION_REFUSED);
        }
        assertThat(a.messenger.metrics().closes(CloseCause.CONNECTION_REFUSED)).isEqualTo(3);
    }

    @Test
    void somebodyListeningWhoDoesNotAnswer() throws Exception {
        MessengerConfig config = TestNodes.times(
                Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(15));
        TestNodes.Node a = node(OSD_1, config);
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Target target = new Target(OSD_2, new NodeAddress(TestNodes.LOOPBACK, silent.getLocalPort(), 1));
            a.endpoint.connection(target, Channel.CONTROL, 0).send(Protocol.OSD, number(1));
            assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.UNREACHABLE);
        }
    }

    @Test
    void whatIsSentWhileDiallingArrivesOnceThePeerIsThere() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        Connection connection = a.endpoint.connection(b.target(), Channel.BULK, 1);
        Bytes large = random(5_000_000, 1);
        connection.send(Protocol.OSD, large);
        connection.send(Protocol.OSD, number(2));
        assertThat(b.recorder.takeMessage().content()).isEqualTo(large);
        assertThat(number(b.recorder.takeMessage().content())).isEqualTo(2);
    }

    @Test
    void anIdleConnectionIsKeptAliveBySignsOfLife() throws Exception {
        Duration second = Duration.ofSeconds(1);
        MessengerConfig lively =
                TestNodes.times(second.multipliedBy(5), second, Duration.ofMillis(20), second.multipliedBy(20));
        TestNodes.Node a = node(OSD_1, lively);
        TestNodes.Node b = node(OSD_2, lively);
        Connection connection = a.endpoint.connection(b.target(), Channel.CONTROL, 0);
        b.recorder.takeOpened();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        b.messenger.metrics().bindTo(registry);
        TestNodes.await("signs of life", () -> frames(registry, "in") >= 5 && frames(registry, "out") >= 5);
        assertThat(connection.isUsable()).isTrue();
        assertThat(b.recorder.messageCount()).isZero();
    }

    private static double frames(SimpleMeterRegistry registry, String direction) {
        return registry.get("roost.messenger.frames")
                .tags("channel", "control", "direction", direction)
                .functionCounter()
                .count();
    }

    @Test
    void aPeerThatSaysNothingIsGivenUp() throws Exception {
        Duration hour = Duration.ofHours(1);
        MessengerConfig silent = TestNodes.times(Duration.ofSeconds(5), hour, hour, hour.multipliedBy(2));
        MessengerConfig impatient =
                TestNodes.times(Duration.ofSeconds(5), hour, Duration.ofMillis(50), Duration.ofMillis(200));
        TestNodes.Node a = node(OSD_1, silent);
        TestNodes.Node b = node(OSD_2, impatient);
        a.endpoint.connection(b.target(), Channel.CONTROL, 0);
        assertThat(b.recorder.takeClosed().cause()).isEqualTo(CloseCause.IDLE);
        assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.RESET);
    }

    @Test
    void aSenderThatDoesNotStopLosesThePeerThatDoesNotRead() throws Exception {
        TestNodes.Node a = node(OSD_1, TestNodes.sizes(1 << 20, 4 << 20, 4 << 20));
        TestNodes.Node b = node(OSD_2);
        Connection connection = a.endpoint.connection(b.target(), Channel.BULK, 0);
        b.recorder.takeOpened().pause();
        Bytes megabyte = random(1 << 20, 1);
        for (int i = 0; connection.isUsable(); i++) {
            assertThat(i).as("megabytes taken for a peer that reads nothing").isLessThan(10_000);
            connection.send(Protocol.OSD, megabyte);
        }
        assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
        assertThat(a.refusals(Refusal.SLOW_READER)).isEqualTo(1);
        TestNodes.await("an empty queue", () -> a.messenger.metrics().queuedBytes(Channel.BULK) == 0);
    }

    @Test
    void aSenderThatWaitsIsToldWhenThePeerReadsAgain() throws Exception {
        TestNodes.Node a = node(OSD_1, TestNodes.sizes(1 << 20, 8 << 20, 8 << 20));
        TestNodes.Node b = node(OSD_2);
        Connection connection = a.endpoint.connection(b.target(), Channel.BULK, 0);
        Connection accepted = b.recorder.takeOpened();
        accepted.pause();
        int sent = 0;
        while (connection.isWritable()) {
            assertThat(sent).as("messages taken for a peer that reads nothing").isLessThan(100_000);
            connection.send(Protocol.OSD, number(sent++).concat(random(100_000, sent)));
        }
        accepted.resume();
        assertThat(a.recorder.takeWritable()).isSameAs(connection);
        for (int i = 0; i < sent; i++) {
            assertThat(number(b.recorder.takeMessage().content())).isEqualTo(i);
        }
        assertThat(connection.isUsable()).isTrue();
    }

    @Test
    void aPeerThatTakesNothingOfWhatWaitsIsGivenUp() throws Exception {
        MessengerConfig.Times usual = MessengerConfig.DEFAULT.times();
        MessengerConfig impatient = new MessengerConfig(
                new MessengerConfig.Times(
                        usual.handshake(),
                        usual.dial(),
                        Duration.ofMillis(100),
                        usual.idle(),
                        usual.message(),
                        Duration.ofMillis(300),
                        usual.close(),
                        usual.minBackoff(),
                        usual.maxBackoff()),
                MessengerConfig.DEFAULT.sizes());
        TestNodes.Node a = node(OSD_1, impatient);
        TestNodes.Node b = node(OSD_2);
        Connection connection = a.endpoint.connection(b.target(), Channel.BULK, 0);
        b.recorder.takeOpened().pause();
        for (int i = 0; i < 40; i++) {
            connection.send(Protocol.OSD, random(1 << 20, i));
        }
        assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
        assertThat(a.refusals(Refusal.SLOW_READER)).isEqualTo(1);
        // It is closed in earnest: the messenger waits for its sockets, and the peer still reads nothing.
        TestNodes.join(a.messenger.close());
    }

    @Test
    void largeMessagesOfManyConnectionsShareTheMemoryForReceiving() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2, TestNodes.sizes(2 << 20, 3 << 20, 2 << 20));
        int messages = 0;
        for (Channel channel : Channel.values()) {
            for (int loop = 0; loop < 2; loop++) {
                for (int i = 0; i < 6; i++) {
                    a.endpoint.connection(b.target(), channel, loop).send(Protocol.OSD, random(2 << 20, messages++));
                }
            }
        }
        int most = 0;
        for (int i = 0; i < messages; i++) {
            assertThat(b.recorder.takeMessage().content().length()).isEqualTo(2 << 20);
            most = Math.max(most, b.messenger.receivingBytes());
        }
        assertThat(most).isLessThanOrEqualTo(3 << 20);
        TestNodes.await("memory given back", () -> b.messenger.receivingBytes() == 0);
    }

    @Test
    void aMessageAboveTheLimitIsTheSendersError() throws Exception {
        TestNodes.Node a = node(OSD_1, TestNodes.sizes(1000, 1000, 1000));
        TestNodes.Node b = node(OSD_2);
        Connection connection = a.endpoint.connection(b.target(), Channel.BULK, 0);
        Bytes tooLarge = random(1001, 1);
        assertThatThrownBy(() -> connection.send(Protocol.OSD, tooLarge)).isInstanceOf(IllegalArgumentException.class);
        connection.send(Protocol.OSD, random(1000, 1));
        assertThat(b.recorder.takeMessage().content().length()).isEqualTo(1000);
    }

    @Test
    void aMessageAboveTheReceiversLimitEndsTheConnection() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2, TestNodes.sizes(1000, 1000, 1000));
        a.endpoint.connection(b.target(), Channel.BULK, 0).send(Protocol.OSD, random(1001, 1));
        assertThat(b.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
        assertThat(b.refusals(Refusal.MALFORMED)).isEqualTo(1);
        assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.RESET);
    }

    @Test
    void aMessageThatTheReceiverCannotReadEndsTheConnection() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        Connection connection = a.endpoint.connection(b.target(), Channel.BULK, 0);
        connection.send(Protocol.OSD, number(1));
        connection.send(Protocol.OSD, Recorder.MALFORMED);
        connection.send(Protocol.OSD, number(2));
        assertThat(b.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
        assertThat(b.refusals(Refusal.MALFORMED)).isEqualTo(1);
        assertThat(number(b.recorder.takeMessage().content())).isEqualTo(1);
        assertThat(b.recorder.messageCount()).isZero();
    }

    @Test
    void aReceiverThatFailsEndsItsConnectionOnly() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        Connection other = a.endpoint.connection(b.target(), Channel.CONTROL, 0);
        Connection connection = a.endpoint.connection(b.target(), Channel.BULK, 0);
        b.recorder.takeOpened();
        connection.send(Protocol.OSD, Recorder.BROKEN);
        assertThat(a.recorder.takeClosed().connection()).isSameAs(connection);
        other.send(Protocol.OSD, number(1));
        assertThat(number(b.recorder.takeMessage().content())).isEqualTo(1);
    }

    @Test
    void bodiesInPiecesArriveWholeAndAreReleasedOnceEach() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        AtomicInteger released = new AtomicInteger();
        Connection connection = a.endpoint.connection(b.target(), Channel.BULK, 0);
        for (int i = 0; i < 10; i++) {
            Bytes body = random(1_000_000, i);
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(body.length()).put(body.array()).flip();
            Payload payload =
                    Payload.of(List.of(ByteBuffer.wrap(number(i).array()), direct), released::incrementAndGet);
            connection.send(Protocol.OSD, payload);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(b.recorder.takeMessage().content()).isEqualTo(number(i).concat(random(1_000_000, i)));
        }
        TestNodes.await("all released", () -> released.get() == 10);
        b.recorder.takeOpened().pause();
        for (int i = 0; i < 60; i++) {
            connection.send(
                    Protocol.OSD, Payload.of(List.of(ByteBuffer.allocateDirect(1_000_000)), released::incrementAndGet));
        }
        TestNodes.join(b.messenger.close());
        a.recorder.takeClosed();
        TestNodes.await("all released, sent or not", () -> released.get() == 70);
        connection.send(Protocol.OSD, Payload.of(List.of(ByteBuffer.allocate(1)), released::incrementAndGet));
        assertThat(released.get()).isEqualTo(71);
    }

    @Test
    void closingInGoodOrderSendsWhatWaits() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        Connection connection = a.endpoint.connection(b.target(), Channel.BULK, 0);
        b.recorder.takeOpened();
        for (int i = 0; i < 20; i++) {
            connection.send(Protocol.OSD, number(i).concat(random(1 << 20, i)));
        }
        TestNodes.join(connection.close());
        assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.CLOSED);
        for (int i = 0; i < 20; i++) {
            assertThat(number(b.recorder.takeMessage().content())).isEqualTo(i);
        }
        assertThat(b.recorder.takeClosed().cause()).isEqualTo(CloseCause.PEER_CLOSED);
        assertThat(a.messenger.metrics().dropped(Channel.BULK)).isZero();
    }

    @Test
    void aMessengerThatClosesEndsAllAndAcceptsNobody() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        a.endpoint.connection(b.target(), Channel.BULK, 0);
        b.endpoint.connection(a.target(), Channel.CONTROL, 0);
        b.recorder.takeOpened();
        b.recorder.takeOpened();
        TestNodes.join(b.messenger.close());
        assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.PEER_CLOSED);
        assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.PEER_CLOSED);
        a.endpoint.connection(b.target(), Channel.BULK, 0);
        assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.CONNECTION_REFUSED);
        assertThat(b.endpoint.connections()).isEmpty();
    }

    @Test
    void anEndpointThatClosesIsNotFoundAnyMore() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        a.endpoint.connection(b.target(), Channel.BULK, 0);
        b.recorder.takeOpened();
        b.endpoint.close();
        assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.PEER_CLOSED);
        assertRefused(a, b.target(), Refusal.UNKNOWN_ENTITY);
    }

    @Test
    void aNewCertificateIsShownWithoutARestart() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        Connection old = a.endpoint.connection(b.target(), Channel.CONTROL, 0);
        b.recorder.takeOpened();
        nodes.now = a.tls.certificate().peer().notAfter().plusSeconds(1);
        b.tls.reload(renewed(OSD_2));
        a.endpoint.connection(b.target(), Channel.BULK, 0);
        assertThat(a.recorder.takeClosed().cause()).isEqualTo(CloseCause.REFUSED);
        TestNodes.await("a refusal", () -> b.refusals(Refusal.FOREIGN_CERTIFICATE) == 1);

        a.tls.reload(renewed(OSD_1));
        a.endpoint.connection(b.target(), Channel.BULK, 0).send(Protocol.OSD, number(1));
        assertThat(number(b.recorder.takeMessage().content())).isEqualTo(1);
        old.send(Protocol.OSD, number(2));
        assertThat(number(b.recorder.takeMessage().content()))
                .as("of the old connection")
                .isEqualTo(2);
        assertThatThrownBy(() -> a.tls.reload(new TestNodes().tls(OSD_1).certificate()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private NodeCertificate renewed(EntityName name) {
        return NodeCertificate.issuedBy(nodes.authority, Set.of(name), nodes.now, TestNodes.RANDOM);
    }

    @Test
    void everythingIsCounted() throws Exception {
        TestNodes.Node a = node(OSD_1);
        TestNodes.Node b = node(OSD_2);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        b.messenger.metrics().bindTo(registry);
        Connection connection = a.endpoint.connection(b.target(), Channel.CONTROL, 0);
        connection.send(Protocol.OSD, random(600_000, 1));
        connection.send(Protocol.OSD, random(10, 1));
        b.recorder.takeMessage();
        b.recorder.takeMessage();
        assertThat(frames(registry, "in")).isEqualTo(4);
        assertThat(counter(registry, "bytes")).isEqualTo(600_010 + 4 * Frame.HEADER_BYTES);
        assertThat(counter(registry, "messages")).isEqualTo(2);
        assertThat(registry.get("roost.messenger.connections")
                        .tag("channel", "control")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    private static double counter(SimpleMeterRegistry registry, String name) {
        return registry.get("roost.messenger." + name)
                .tags("channel", "control", "direction", "in")
                .functionCounter()
                .count();
    }
}
