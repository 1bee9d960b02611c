package io.roost.cluster.paxos;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.wire.MonPeerMessageCodec;

/** Carries out on a simulated node what a monitor wants done. */
public class NodeEffects implements PeerEffects {
    private final SimNode node;
    private final MonStore store;

    /** Effects of the node's process of this moment. */
    public NodeEffects(SimNode node, MonStore store) {
        this.node = node;
        this.store = store;
    }

    @Override
    public void persist(MonTransaction batch) {
        node.step("persist " + batch.changes().get(0).key());
        store.write(batch);
        node.onWritten();
    }

    @Override
    public void send(String peer, MonPeerMessage message) {
        node.send(peer, message.getClass().getSimpleName(), MonPeerMessageCodec.encode(message));
    }

    @Override
    public void setTimer(TimerId timer, long delayMillis) {
        node.setTimer(timer, delayMillis);
    }

    @Override
    public void cancelTimer(TimerId timer) {
        node.cancelTimer(timer);
    }

    @Override
    public void count(String event) {
        node.count(event);
    }

    /** How a person reads a message. */
    public static String describe(Bytes message) {
        return MonPeerMessageCodec.decode(message).toString();
    }
}
