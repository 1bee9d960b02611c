package io.roost.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.message.Message;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.Messenger;
import io.roost.cluster.net.MessengerConfig;
import io.roost.cluster.net.NodeTls;
import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes over mutual TLS on the loopback interface. */
class SocketTransportTest extends TransportContract {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final CertificateAuthority authority =
            CertificateAuthority.create(UUID.randomUUID(), Instant.now(), RANDOM);
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
    private final Messenger here = messenger(EntityName.client("a"));
    private final Messenger there = messenger(EntityName.osd(3));
    private final BlockPool poolHere = new BlockPool(4);
    private int port;

    private Messenger messenger(EntityName name) {
        List<Context> loops = List.of(
                ((VertxInternal) vertx).createEventLoopContext(), ((VertxInternal) vertx).createEventLoopContext());
        NodeTls tls = new NodeTls(
                NodeCertificate.issuedBy(authority, Set.of(name), Instant.now(), RANDOM), Clock.systemUTC());
        return new Messenger(vertx, loops, MessengerConfig.DEFAULT, tls, Optional.empty(), RANDOM);
    }

    private static <T> T join(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @BeforeEach
    void listen() throws Exception {
        port = join(there.listen("127.0.0.1", 0));
    }

    @Override
    Transport here() {
        return new SocketTransport(here, poolHere);
    }

    @Override
    Transport there() {
        return new SocketTransport(there, new BlockPool(0));
    }

    @Override
    NodeAddress address(long nonce) {
        return new NodeAddress("127.0.0.1", port, nonce);
    }

    @Override
    void stop() throws Exception {
        join(here.close());
        join(there.close());
        join(vertx.close());
    }

    @Test
    void aPeerThatSaysWhatItMayNotLosesItsSessionAndNothingElse() throws Exception {
        Noted client = new Noted();
        Attachment mine = here().attach(new Entity(EntityName.client("a"), 1), client);
        there().attach(new Entity(EntityName.osd(3), 8), new Party() {
            @Override
            public boolean admits(Entity peer) {
                return true;
            }

            @Override
            public void onOpened(Session session) {}

            @Override
            public void onMessage(Session session, Message message) {
                if (message.equals(new HeartbeatMessage.Ping(1, 1))) {
                    throw new MalformedBytesException("not for you to say");
                }
                session.send(message);
            }

            @Override
            public void onClosed(Session session, CloseCause cause) {}
        });
        Target osd = new Target(EntityName.osd(3), address(8));
        Session good = mine.session(osd, Channel.BULK, 0);
        mine.session(osd, Channel.CONTROL, 0).send(new HeartbeatMessage.Ping(1, 1));
        assertThat(take(client.closed)).isIn(CloseCause.RESET, CloseCause.PEER_CLOSED);
        good.send(new HeartbeatMessage.Ping(1, 2));
        assertThat(take(client.messages)).isEqualTo(new HeartbeatMessage.Ping(1, 2));
        assertThat(good.isUsable()).isTrue();
    }

    @Test
    void aBodyThatIsAnsweredIsReleasedOnBothSides() throws Exception {
        BlockPool disk = new BlockPool(0);
        byte[] body = new byte[Data.BLOCK_BYTES + 5];
        new Random(1).nextBytes(body);
        CompletableFuture<Void> released = new CompletableFuture<>();
        Noted client = new Noted();
        Attachment mine = here().attach(new Entity(EntityName.client("a"), 1), client);
        Noted osd = new Noted();
        there().attach(new Entity(EntityName.osd(3), 8), osd);
        mine.session(new Target(EntityName.osd(3), address(8)), Channel.BULK, 0).send(new HeartbeatMessage.Ping(1, 1));
        List<Data.Block> blocks = new ArrayList<>();
        for (Data.Block block : Data.wrap(body).blocks()) {
            blocks.add(new Data.Block(disk.take().put(block.bytes()).flip(), block.crc32c()));
        }
        take(osd.from)
                .send(new OsdMessage.OperationReply(
                        new RequestId(1, 1, 1),
                        1,
                        0,
                        Bytes.EMPTY,
                        disk.data(blocks, () -> released.complete(null)),
                        ObjectVersion.NONE,
                        ObjectVersion.NONE));
        Data got = ((OsdMessage.OperationReply) take(client.messages)).data();
        assertThat(got.toArray()).isEqualTo(body);
        assertThat(got.isIntact()).isTrue();
        assertThat(got.blocks()).allMatch(block -> block.buffer().isDirect());
        assertThat(poolHere.out()).isEqualTo(2);
        got.release();
        assertThat(poolHere.out()).isZero();
        released.get(30, TimeUnit.SECONDS);
        assertThat(disk.out()).isZero();
    }

    @Test
    void thatNobodyListensIsTold() throws Exception {
        Noted client = new Noted();
        Attachment mine = here().attach(new Entity(EntityName.client("a"), 1), client);
        join(there.close());
        mine.session(new Target(EntityName.osd(3), address(8)), Channel.BULK, 0).send(new HeartbeatMessage.Ping(1, 1));
        assertThat(take(client.closed)).isEqualTo(CloseCause.CONNECTION_REFUSED);
    }
}
