package io.roost.cluster.osd;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.mon.MonEffects;
import io.roost.cluster.mon.MonitorHolder;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.NodeEffects;
import io.roost.cluster.paxos.QuorumTiming;
import io.roost.cluster.sim.SimNode;
import java.util.TreeMap;

/** One life of a monitor, and its sessions with OSDs and clients: a peer has one at a time. */
final class MonitorProcess extends MonitorHolder implements HearsBreaks {
    private final TreeMap<String, Long> sessions = new TreeMap<>();
    private final TreeMap<Long, String> peers = new TreeMap<>();

    MonitorProcess(SimNode node, MonMap seed, LogLimits limits) {
        super(node, seed, QuorumTiming.DEFAULT, limits);
    }

    private final class Out extends NodeEffects implements MonEffects {
        Out(MonStore store) {
            super(node(), store);
        }

        @Override
        public void send(String peer, MonPeerMessage message) {
            node().send(peer, message.getClass().getSimpleName(), new Envelope.OfQuorum(message).encode());
        }

        @Override
        public void send(long session, MonMessage.FromMonitor message) {
            String peer = peers.get(session);
            if (peer != null) {
                String what = message.getClass().getSimpleName();
                node().send(peer, what, new Envelope.OfSession(session, message).encode());
            }
        }
    }

    @Override
    protected MonEffects effects(MonStore store) {
        return new Out(store);
    }

    @Override
    public void onUnreachable(String peer, long dialledMillis) {
        if (monitor().isWhole() && monitor().monMap().rank(peer) >= 0) {
            super.onUnreachable(peer, dialledMillis);
        } else {
            end(peer);
        }
    }

    @Override
    public void onReset(String peer) {
        end(peer);
    }

    private void end(String peer) {
        Long session = sessions.remove(peer);
        if (session != null) {
            peers.remove(session);
            monitor().onSessionClosed(session);
        }
    }

    @Override
    public void onMessage(String from, Bytes message) {
        Envelope envelope = Envelope.decode(message);
        if (envelope instanceof Envelope.OfQuorum said) {
            onPeer(from, said.message());
        } else if (envelope instanceof Envelope.Hello hello) {
            end(from);
            sessions.put(from, hello.session());
            peers.put(hello.session(), from);
            node().send(from, "Welcome", new Envelope.Welcome(hello.session()).encode());
        } else if (envelope instanceof Envelope.OfSession said) {
            if (sessions.getOrDefault(from, 0L) == said.session()) {
                on(said.session(), (MonMessage.ToMonitor) said.message());
            } else {
                node().send(from, "Bye", new Envelope.Bye(said.session()).encode());
            }
        } else if (envelope instanceof Envelope.Bye bye && sessions.getOrDefault(from, 0L) == bye.session()) {
            end(from);
        }
    }
}
