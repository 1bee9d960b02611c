package io.roost.cluster.daemon;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.mon.Clocks;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.mon.MonEffects;
import io.roost.cluster.mon.Monitor;
import io.roost.cluster.paxos.MonMapRows;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.store.KeyValue;
import java.util.concurrent.TimeUnit;

/** Lets the sole monitor of a cluster, which is not running, listen elsewhere. */
final class MovingMonitor implements MonEffects {
    private final KeyValueMonStore store;

    MovingMonitor(KeyValue keyValue) {
        store = new KeyValueMonStore(keyValue);
    }

    /**
     * Moves it; durable on return.
     *
     * @return where the monitor is from now on
     * @throws io.roost.cluster.paxos.MonStoreException when it is not alone, or there is none
     */
    MonMap move(NodeAddress address) {
        long monotonic = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        Monitor.move(store, address, new Clocks(monotonic, System.currentTimeMillis()), this);
        return MonMapRows.read(store);
    }

    @Override
    public void persist(MonTransaction batch) {
        store.write(batch);
    }

    @Override
    public void send(String peer, MonPeerMessage message) {
        throw new IllegalStateException("a sole monitor has no peer " + peer);
    }

    @Override
    public void send(long session, MonMessage.FromMonitor message) {
        throw new IllegalStateException("a monitor that is not running has no session " + session);
    }

    @Override
    public void setTimer(TimerId timer, long delayMillis) {
        // It ends before any timer could be due.
    }

    @Override
    public void cancelTimer(TimerId timer) {
        // None runs.
    }

    @Override
    public void count(String event) {
        // Nobody watches.
    }
}
