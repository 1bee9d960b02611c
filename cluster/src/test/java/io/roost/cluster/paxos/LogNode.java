package io.roost.cluster.paxos;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.RegisterService;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;
import io.roost.cluster.wire.MonPeerMessageCodec;

/** A monitor without services: registers over the replicated log. */
final class LogNode implements SimProcess, RegisterService, QuorumNode {
    static final String PREFIX = "register";

    private final SimNode node;
    private final KeyValueMonStore store;
    private final NodeEffects out;
    private final Quorum quorum;
    private Write waiting;
    private Reply writer;
    private long writtenVersion;
    private int writtenEpoch;

    private record Write(MonTransaction transaction, Reply reply) {}

    LogNode(SimNode node, MonMap seed, QuorumTiming timing, LogLimits limits) {
        this.node = node;
        store = new KeyValueMonStore(node.keyValue());
        out = new NodeEffects(node, store);
        quorum = new Quorum(store, node.name(), seed, timing, limits, node.nowMillis());
    }

    @Override
    public void onStart() {
        quorum.start(node.nowMillis(), out);
        answer();
    }

    @Override
    public void onMessage(String from, Bytes message) {
        quorum.onMessage(from, MonPeerMessageCodec.decode(message), node.nowMillis(), out);
        answer();
    }

    @Override
    public void onTimer(TimerId timer) {
        quorum.onTimer(timer, node.nowMillis(), out);
        answer();
    }

    @Override
    public void onUnreachable(String peer, long dialledMillis) {
        quorum.onUnreachable(peer, dialledMillis, node.nowMillis(), out);
        answer();
    }

    @Override
    public void read(String register, Reply reply) {
        if (quorum.isReadable(node.nowMillis())) {
            String value =
                    store.get(MonKey.of(PREFIX, register)).map(Bytes::utf8).orElse(null);
            node.afterWrites(() -> reply.done(value));
        } else {
            node.afterWrites(reply::refused);
        }
    }

    @Override
    public Quorum quorum() {
        return quorum;
    }

    @Override
    public void write(String register, String value, Reply reply) {
        if (quorum.role() != Quorum.Role.LEADER || waiting != null) {
            node.afterWrites(reply::refused);
            return;
        }
        MonKey key = MonKey.of(PREFIX, register);
        MonTransaction transaction = new MonTransaction();
        if (value == null) {
            transaction.remove(key);
        } else {
            transaction.put(key, Bytes.utf8(value));
        }
        waiting = new Write(transaction, reply);
        answer();
    }

    private void answer() {
        tellWriter();
        if (waiting == null) {
            return;
        }
        Write next = waiting;
        if (quorum.role() != Quorum.Role.LEADER) {
            waiting = null;
            node.afterWrites(next.reply()::refused);
        } else if (quorum.isProposable()) {
            waiting = null;
            writer = next.reply();
            writtenVersion = quorum.lastCommitted() + 1;
            writtenEpoch = quorum.epoch();
            quorum.propose(next.transaction(), node.nowMillis(), out);
            tellWriter();
        }
    }

    /** Tells the writer when its version is decided; when the quorum has changed meanwhile nobody knows. */
    private void tellWriter() {
        if (writer == null) {
            return;
        }
        if (quorum.role() != Quorum.Role.LEADER || quorum.epoch() != writtenEpoch) {
            writer = null;
        } else if (quorum.lastCommitted() >= writtenVersion) {
            Reply reply = writer;
            writer = null;
            node.afterWrites(() -> reply.done(null));
        }
    }
}
