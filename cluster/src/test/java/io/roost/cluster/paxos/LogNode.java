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
final class LogNode implements SimProcess, RegisterService {
    private static final String PREFIX = "register";

    private final SimNode node;
    private final KeyValueMonStore store;
    private final NodeEffects out;
    final Quorum quorum;
    private Reply writer;
    private long writtenVersion;
    private int writtenEpoch;

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
    public void onUnreachable(String peer) {
        quorum.onUnreachable(peer, node.nowMillis(), out);
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
    public void write(String register, String value, Reply reply) {
        if (!quorum.isProposable()) {
            node.afterWrites(reply::refused);
            return;
        }
        writer = reply;
        writtenVersion = quorum.lastCommitted() + 1;
        writtenEpoch = quorum.epoch();
        quorum.propose(new MonTransaction().put(MonKey.of(PREFIX, register), Bytes.utf8(value)), node.nowMillis(), out);
        answer();
    }

    /** Tells the writer when its version is decided; when the quorum has changed meanwhile nobody knows. */
    private void answer() {
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
