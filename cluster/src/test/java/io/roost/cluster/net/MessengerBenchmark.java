package io.roost.cluster.net;

import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.wire.OsdMessageCodec;
import io.roost.cluster.wire.Payload;
import io.roost.cluster.wire.Protocol;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * CPU time of a message and its small answer, of both ends together, with and without TLS, with and without the codec. Not in
 * the gate: {@code mvn -pl cluster test -Dtest=MessengerBenchmark}.
 */
class MessengerBenchmark {
    private static final int ROUNDS = 7;
    private static final Entity CLIENT = new Entity(EntityName.client("bench"), 1);
    private static final Entity OSD = new Entity(EntityName.osd(0), 2);

    private enum Content {
        /** One array. */
        BYTES,
        /** Blocks of direct memory, as bodies are in. */
        BLOCKS,
        /** An operation, encoded and decoded. */
        OPERATION
    }

    private enum Security {
        CLEAR,
        TLS
    }

    /** One end: it answers, or counts answers and sends the next message. */
    private static final class End implements Receiver {
        private final Content content;
        private final boolean answers;
        private Bytes message = Bytes.EMPTY;
        private Payload blocks = Payload.of(Bytes.EMPTY);
        private OsdMessage.Operation operation;
        private int left;
        private int awaited;
        private CountDownLatch done = new CountDownLatch(1);

        End(Content content, boolean answers) {
            this.content = content;
            this.answers = answers;
        }

        @Override
        public boolean admits(Entity peer) {
            return true;
        }

        @Override
        public void onOpened(Connection connection) {
            // The benchmark begins when it wants.
        }

        @Override
        public void onMessage(Connection connection, Protocol protocol, Bytes bytes) {
            if (answers) {
                connection.send(Protocol.OSD, content == Content.OPERATION ? reply(bytes) : Bytes.wrap(new byte[60]));
                return;
            }
            if (content == Content.OPERATION) {
                OsdMessageCodec.decode(bytes);
            }
            sendNext(connection);
            if (--awaited == 0) {
                done.countDown();
            }
        }

        private static Bytes reply(Bytes bytes) {
            OsdMessage operation = OsdMessageCodec.decode(bytes);
            return OsdMessageCodec.encode(new OsdMessage.OperationReply(
                    operation.request(), 3, 0, Bytes.EMPTY, Data.EMPTY, ObjectVersion.NONE, ObjectVersion.NONE));
        }

        private void sendNext(Connection connection) {
            if (left > 0) {
                left--;
                connection.send(
                        Protocol.OSD,
                        switch (content) {
                            case BYTES -> Payload.of(message);
                            case BLOCKS -> blocks;
                            case OPERATION -> Payload.of(OsdMessageCodec.encode(operation));
                        });
            }
        }

        @Override
        public void onWritable(Connection connection) {
            // The window is small.
        }

        @Override
        public void onClosed(Connection connection, CloseCause cause) {
            if (awaited > 0) {
                throw new IllegalStateException(connection + " has ended: " + cause);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "300, 1, 5000",
        "300, 16, 20000",
        "300, 64, 20000",
        "4096, 16, 10000",
        "65536, 8, 1500",
        "4194304, 4, 40",
    })
    void costOfAMessage(int bytes, int window, int count) throws Exception {
        for (Content content : Content.values()) {
            for (Security security : Security.values()) {
                measure(content, security, bytes, window, count);
            }
        }
    }

    private static void measure(Content content, Security security, int bytes, int window, int count) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        List<Context> here = List.of(((VertxInternal) vertx).createEventLoopContext());
        List<Context> there = List.of(((VertxInternal) vertx).createEventLoopContext());
        UUID fsid = UUID.randomUUID();
        SecureRandom random = new SecureRandom();
        CertificateAuthority authority = CertificateAuthority.create(fsid, Instant.now(), random);
        Messenger client = messenger(vertx, here, security, authority, CLIENT.name());
        Messenger server = messenger(vertx, there, security, authority, OSD.name());
        End sender = new End(content, false);
        byte[] body = new byte[bytes];
        new Random(1).nextBytes(body);
        sender.message = Bytes.wrap(body);
        sender.blocks = Payload.of(
                Data.wrap(body).blocks().stream()
                        .map(block -> ByteBuffer.allocateDirect(block.length())
                                .put(block.bytes())
                                .flip())
                        .toList(),
                () -> {});
        sender.operation = new OsdMessage.Operation(
                new RequestId(4100, 1, 1),
                3,
                new PgId(2, 5),
                new Locator(2, Bytes.utf8("b1.s3")),
                "put",
                "head",
                Bytes.EMPTY,
                Data.wrap(body),
                ObjectVersion.NONE,
                0);
        server.register(OSD, new End(content, true));
        int port = TestNodes.join(server.listen("127.0.0.1", 0));
        Target target = new Target(OSD.name(), new NodeAddress("127.0.0.1", port, OSD.nonce()));
        Connection connection = client.register(CLIENT, sender).connection(target, Channel.BULK, 0);
        double[] cpuMicros = new double[ROUNDS];
        double[] wallMicros = new double[ROUNDS];
        for (int round = -3; round < ROUNDS; round++) {
            long cpu = cpuNanos();
            long wall = System.nanoTime();
            run(connection, sender, window, count);
            if (round >= 0) {
                wallMicros[round] = (System.nanoTime() - wall) / 1e3 / count;
                cpuMicros[round] = (cpuNanos() - cpu) / 1e3 / count;
            }
        }
        Arrays.sort(cpuMicros);
        Arrays.sort(wallMicros);
        System.out.printf(
                Locale.ROOT,
                "%,9d bytes, %2d in flight, %-9s %-5s  CPU %,9.1f us (%,.1f to %,.1f)  elapsed %,9.1f us%n",
                bytes,
                window,
                content,
                security,
                cpuMicros[ROUNDS / 2],
                cpuMicros[0],
                cpuMicros[ROUNDS - 1],
                wallMicros[ROUNDS / 2]);
        TestNodes.join(client.close());
        TestNodes.join(server.close());
        TestNodes.join(vertx.close());
    }

    private static Messenger messenger(
            Vertx vertx, List<Context> loops, Security security, CertificateAuthority authority, EntityName name) {
        SecureRandom random = new SecureRandom();
        if (security == Security.CLEAR) {
            return Messenger.inTheClear(
                    vertx, loops, MessengerConfig.DEFAULT, authority.trust().fsid(), random);
        }
        NodeTls tls = new NodeTls(
                NodeCertificate.issuedBy(authority, Set.of(name), Instant.now(), random), Clock.systemUTC());
        return new Messenger(vertx, loops, MessengerConfig.DEFAULT, tls, Optional.empty(), random);
    }

    private static void run(Connection connection, End sender, int window, int count) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        connection.context().runOnContext(v -> {
            sender.done = done;
            sender.left = count;
            sender.awaited = count;
            for (int i = 0; i < window; i++) {
                sender.sendNext(connection);
            }
        });
        if (!done.await(10, TimeUnit.MINUTES)) {
            throw new IllegalStateException("no end of it");
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
