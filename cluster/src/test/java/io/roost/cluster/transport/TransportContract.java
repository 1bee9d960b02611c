package io.roost.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.message.Message;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every transport promises, whether the other side is in this process or in another. */
abstract class TransportContract {
    /** What came, and from where. */
    static final class Noted implements Party {
        final BlockingQueue<Session> opened = new LinkedBlockingQueue<>();
        final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
        final BlockingQueue<Session> from = new LinkedBlockingQueue<>();
        final BlockingQueue<CloseCause> closed = new LinkedBlockingQueue<>();
        volatile boolean admits = true;

        @Override
        public boolean admits(Entity peer) {
            return admits;
        }

        @Override
        public void onOpened(Session session) {
            opened.add(session);
        }

        @Override
        public void onMessage(Session session, Message message) {
            from.add(session);
            messages.add(message);
        }

        @Override
        public void onClosed(Session session, CloseCause cause) {
            closed.add(cause);
        }
    }

    private static final Entity CLIENT = new Entity(EntityName.client("a"), 7);
    private static final Entity OSD = new Entity(EntityName.osd(3), 8);

    private final Noted client = new Noted();
    private final Noted osd = new Noted();

    /** Where the client is attached. */
    abstract Transport here() throws Exception;

    /** Where the OSD is attached. */
    abstract Transport there() throws Exception;

    /** Where the OSD listens. */
    abstract NodeAddress address(long nonce);

    /** Frees what was needed. */
    abstract void stop() throws Exception;

    @AfterEach
    void end() throws Exception {
        stop();
    }

    static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        T taken = queue.poll(30, TimeUnit.SECONDS);
        assertThat(taken).as("something came").isNotNull();
        return taken;
    }

    private static Message ping(int epoch) {
        return new HeartbeatMessage.Ping(1, epoch);
    }

    private Target osdIn(long life) {
        return new Target(OSD.name(), address(life));
    }

    @Test
    void messagesComeInOrderAndAnswersGoBackInTheSameSession() throws Exception {
        Attachment mine = here().attach(CLIENT, client);
        there().attach(OSD, osd);
        Session session = mine.session(osdIn(8), Channel.BULK, 1);
        assertThat(mine.session(osdIn(8), Channel.BULK, 1).number()).isEqualTo(session.number());
        assertThat(mine.session(osdIn(8), Channel.CONTROL, 1).number()).isNotEqualTo(session.number());
        for (int i = 0; i < 500; i++) {
            session.send(ping(i));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(take(osd.messages)).isEqualTo(ping(i));
        }
        Session theirs = take(osd.from);
        assertThat(theirs.peer()).isEqualTo(CLIENT);
        theirs.send(ping(1000));
        assertThat(take(client.messages)).isEqualTo(ping(1000));
        assertThat(take(client.from).number()).isEqualTo(session.number());
        assertThat(session.peer()).isEqualTo(OSD);
    }

    @Test
    void bodiesArriveWhole() throws Exception {
        byte[] body = new byte[3_000_000];
        new Random(1).nextBytes(body);
        Attachment mine = here().attach(CLIENT, client);
        there().attach(OSD, osd);
        Locator locator = new Locator(1, Bytes.utf8("l"));
        RequestId id = new RequestId(1, 2, 3);
        OsdMessage.Operation operation = new OsdMessage.Operation(
                id, 1, new PgId(1, 0), locator, "c", "m", Bytes.EMPTY, Data.wrap(body), ObjectVersion.NONE, 0);
        mine.session(osdIn(8), Channel.BULK, 0).send(operation);
        OsdMessage.Operation come = (OsdMessage.Operation) take(osd.messages);
        assertThat(come.data().toArray()).isEqualTo(body);
        assertThat(come.data().isIntact()).isTrue();
        int[] released = new int[1];
        Data answer = new BlockPool(4).data(Data.wrap(body).blocks(), () -> released[0]++);
        take(osd.from)
                .send(new OsdMessage.OperationReply(
                        id, 1, 0, Bytes.EMPTY, answer, ObjectVersion.NONE, ObjectVersion.NONE));
        OsdMessage.OperationReply reply = (OsdMessage.OperationReply) take(client.messages);
        assertThat(reply.data().toArray()).isEqualTo(body);
        reply.data().release();
        assertThat(released[0]).as("given back once, by who has it").isEqualTo(1);
    }

    @Test
    void anotherLifeIsNotReached() throws Exception {
        Attachment mine = here().attach(CLIENT, client);
        there().attach(OSD, osd);
        mine.session(osdIn(9), Channel.BULK, 0).send(ping(1));
        mine.session(osdIn(8), Channel.BULK, 0).send(ping(2));
        assertThat(take(osd.messages)).isEqualTo(ping(2));
        assertThat(osd.messages).isEmpty();
    }

    @Test
    void whoIsNotAdmittedIsNotHeard() throws Exception {
        osd.admits = false;
        Attachment mine = here().attach(CLIENT, client);
        there().attach(OSD, osd);
        Session refused = mine.session(osdIn(8), Channel.BULK, 0);
        refused.send(ping(1));
        while (refused.isUsable()) {
            assertThat(take(client.closed)).isEqualTo(CloseCause.REFUSED);
        }
        osd.admits = true;
        mine.session(osdIn(8), Channel.CONTROL, 0).send(ping(2));
        assertThat(take(osd.messages)).isEqualTo(ping(2));
        assertThat(osd.messages).isEmpty();
    }

    @Test
    void whoGoesAwayIsMissedAndFoundAgainInAnotherLife() throws Exception {
        Attachment mine = here().attach(CLIENT, client);
        Attachment theirs = there().attach(OSD, osd);
        Session session = mine.session(osdIn(8), Channel.BULK, 0);
        session.send(ping(1));
        take(osd.messages);
        theirs.detach();
        assertThat(take(client.closed)).isEqualTo(CloseCause.PEER_CLOSED);
        assertThat(take(osd.closed)).isEqualTo(CloseCause.CLOSED);
        assertThat(session.isUsable()).isFalse();
        session.send(ping(2));
        there().attach(new Entity(OSD.name(), 10), osd);
        Session next = mine.session(osdIn(10), Channel.BULK, 0);
        next.send(ping(3));
        assertThat(take(osd.messages)).isEqualTo(ping(3));
        next.close();
        assertThat(take(osd.closed)).isEqualTo(CloseCause.PEER_CLOSED);
    }
}
