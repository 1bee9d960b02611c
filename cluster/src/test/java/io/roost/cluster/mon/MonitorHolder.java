package io.roost.cluster.mon;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.Quorum;
import io.roost.cluster.paxos.QuorumNode;
import io.roost.cluster.paxos.QuorumTiming;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;

/** One life of a monitor on a simulated node: how the node drives it. Who speaks to it is its subclass's. */
public abstract class MonitorHolder implements SimProcess, QuorumNode {
    private final SimNode node;
    private final MonStore store;
    private final Monitor monitor;
    private MonEffects out;

    /** A monitor that is as its disk says; it begins with {@link #onStart}. */
    protected MonitorHolder(SimNode node, MonMap seed, QuorumTiming timing, LogLimits limits) {
        this.node = node;
        store = new KeyValueMonStore(node.keyValue());
        monitor = Monitor.open(store, node.name(), seed, timing, limits, node.nowMillis());
    }

    /** What carries out what it wants done. */
    protected abstract MonEffects effects(MonStore ofNode);

    /** Where it runs. */
    protected final SimNode node() {
        return node;
    }

    /** The monitor. */
    public final Monitor monitor() {
        return monitor;
    }

    @Override
    public final Quorum quorum() {
        return monitor.quorum();
    }

    private Clocks clocks() {
        return new Clocks(node.nowMillis(), node.wallMillis());
    }

    @Override
    public void onStart() {
        out = effects(store);
        monitor.start(clocks(), out);
    }

    /** A message of a session. */
    protected final void on(long session, MonMessage.ToMonitor message) {
        monitor.onMessage(session, message, clocks(), out);
    }

    /** A message of another monitor. */
    protected final void onPeer(String from, MonPeerMessage message) {
        monitor.onPeerMessage(from, message, clocks(), out);
    }

    @Override
    public void onUnreachable(String peer, long dialledMillis) {
        monitor.onUnreachable(peer, dialledMillis, clocks(), out);
    }

    @Override
    public void onTimer(TimerId timer) {
        monitor.onTimer(timer, clocks(), out);
    }
}
