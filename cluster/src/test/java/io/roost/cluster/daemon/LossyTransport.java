package io.roost.cluster.daemon;

import io.roost.cluster.client.Lane;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.wire.OsdMessageCodec;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A transport that loses replies and delivers operations twice, as connections that break do: every so many operations,
 * by a seeded choice, the reply is dropped when it comes and the operation sent again, or a copy of the operation arrives a
 * second time: at once, when some more have passed it, or some time after its client was answered. What is sent again is the
 * same request with the next attempt's number, through its bytes, because the first send's body may have been given back
 * meanwhile.
 */
final class LossyTransport implements Lane.Transport, OsdDaemon.Peers {
    /** One in so many operations is sent twice. */
    private static final int EVERY = 3;

    /** A late copy waits until at most so many other operations have been sent. */
    private static final int MAX_OVERTAKERS = 40;

    private record Sent(Lane from, int target, OsdMessage.Operation again) {}

    private record Late(Sent sent, long after) {}

    private final Lane.Transport requests;
    private final OsdDaemon.Peers answers;
    private final Random random;
    private final Map<RequestId, Sent> replyLost = new HashMap<>();
    private final Map<RequestId, Sent> afterAnswer = new HashMap<>();
    private final ArrayDeque<Late> late = new ArrayDeque<>();
    private long operations;
    private long dropped;
    private long duplicated;

    LossyTransport(Lane.Transport requests, OsdDaemon.Peers answers, long seed) {
        this.requests = requests;
        this.answers = answers;
        this.random = new Random(seed);
    }

    @Override
    public void wantUpThru(int epoch) {
        answers.wantUpThru(epoch);
    }

    @Override
    public void wantPgTemp(PgId pg, List<Integer> osds, OsdMap by) {
        answers.wantPgTemp(pg, osds, by);
    }

    @Override
    public void send(int shard, int peer, PeerMessage message) {
        answers.send(shard, peer, message);
    }

    @Override
    public void send(Lane from, int target, OsdMessage.ToPrimary message) {
        if (!(message instanceof OsdMessage.Operation operation)) {
            requests.send(from, target, message);
            return;
        }
        Sent now = null;
        Sent overdue;
        synchronized (this) {
            operations++;
            if (random.nextInt(EVERY) == 0) {
                Sent sent = new Sent(from, target, again(operation));
                switch (random.nextInt(4)) {
                    case 0 -> replyLost.put(operation.request(), sent);
                    case 1 -> now = sent;
                    case 2 -> isLate(sent);
                    default -> afterAnswer.put(operation.request(), sent);
                }
            }
            overdue = overdue();
            duplicated += (now == null ? 0 : 1) + (overdue == null ? 0 : 1);
        }
        requests.send(from, target, message);
        send(now);
        send(overdue);
    }

    private void isLate(Sent sent) {
        late.addLast(new Late(sent, operations + random.nextInt(MAX_OVERTAKERS)));
    }

    private static OsdMessage.Operation again(OsdMessage.Operation first) {
        OsdMessage.Operation copy = (OsdMessage.Operation) OsdMessageCodec.decode(OsdMessageCodec.encode(first));
        return new OsdMessage.Operation(
                copy.request(),
                copy.mapEpoch(),
                copy.pg(),
                copy.locator(),
                copy.className(),
                copy.method(),
                copy.parameters(),
                copy.data(),
                copy.knownVersion(),
                copy.attempt() + 1);
    }

    private Sent overdue() {
        Late first = late.peekFirst();
        return first != null && first.after() < operations ? late.pollFirst().sent() : null;
    }

    private void send(Sent sent) {
        if (sent != null) {
            requests.send(sent.from(), sent.target(), sent.again());
        }
    }

    @Override
    public void reply(int shard, long session, OsdMessage.ToClient message) {
        Sent lost;
        synchronized (this) {
            lost = replyLost.remove(message.request());
            dropped += lost == null ? 0 : 1;
            Sent answered = afterAnswer.remove(message.request());
            if (answered != null) {
                isLate(answered);
            }
        }
        if (lost == null) {
            answers.reply(shard, session, message);
        } else {
            if (message instanceof OsdMessage.OperationReply reply) {
                reply.data().release();
            }
            send(lost);
        }
    }

    @Override
    public void wantMap(Lane lane, int epoch) {
        requests.wantMap(lane, epoch);
    }

    @Override
    public void wantMap(int epoch) {
        answers.wantMap(epoch);
    }

    /** Lets every copy arrive that is still on its way, as far as it is known to be answered or late. */
    void deliverLate() {
        while (true) {
            Sent sent;
            synchronized (this) {
                if (late.isEmpty()) {
                    return;
                }
                sent = late.pollFirst().sent();
                duplicated++;
            }
            send(sent);
        }
    }

    /** Replies that were dropped. */
    synchronized long dropped() {
        return dropped;
    }

    /** Operations that arrived twice although nothing was lost. */
    synchronized long duplicated() {
        return duplicated;
    }
}
