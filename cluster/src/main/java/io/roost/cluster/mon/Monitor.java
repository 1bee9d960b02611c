package io.roost.cluster.mon;

import io.roost.cluster.machine.Invariant;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonStoreException;
import io.roost.cluster.paxos.MonTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * A monitor: a machine over its store. Messages that change something wait their turn; all that wait when nothing is
 * being proposed become one transaction, whose replies and map updates leave when it is committed. One thread at a time.
 */
public final class Monitor {
    /** Most messages that wait for a proposal; the senders of more send again. */
    private static final int MAX_WAITING = 10_000;

    private final UUID fsid;
    private final Proposer proposer;
    private final OsdMapService osdMaps;
    private final MonMapService monMaps;
    private final ConfigService configs;
    private final List<MonService> services;
    private final Subscriptions subscriptions;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<Reply> uncommittedReplies = new ArrayList<>();
    private long refreshed;

    private record Waiting(long session, MonMessage.ToMonitor message) {}

    private record Reply(long session, MonMessage.FromMonitor message) {}

    private Monitor(MonStore store, UUID fsid, Proposer proposer) {
        this.fsid = fsid;
        this.proposer = proposer;
        osdMaps = new OsdMapService(store);
        monMaps = new MonMapService(store);
        configs = new ConfigService(store);
        services = List.of(osdMaps, monMaps, new AuthService(store), configs);
        subscriptions = new Subscriptions(osdMaps, monMaps, configs);
        refreshed = proposer.lastCommitted();
    }

    /** True when a monitor was made in this store. */
    public static boolean isFormatted(MonStore store) {
        return store.get(Mkfs.FSID_KEY).isPresent();
    }

    /**
     * Makes a new cluster in an empty store; durable on return.
     *
     * @throws MonStoreException when there is one already
     */
    public static void format(MonStore store, Mkfs mkfs) {
        if (isFormatted(store)) {
            throw new MonStoreException("there is a monitor in this store already");
        }
        store.write(mkfs.transaction());
    }

    /**
     * Opens the monitor of a store.
     *
     * @throws MonStoreException when none was made there, or what it left behind is damaged
     */
    public static Monitor open(MonStore store) {
        return open(store, new SoloProposer(store));
    }

    static Monitor open(MonStore store, Proposer proposer) {
        ByteReader in = new ByteReader(MonStoreException.require(store, Mkfs.FSID_KEY));
        UUID fsid = new UUID(in.u64(), in.u64());
        Monitor monitor = new Monitor(store, fsid, proposer);
        if (!monitor.osdMap().fsid().equals(fsid) || !monitor.monMap().fsid().equals(fsid)) {
            throw new MonStoreException("the maps in the store are not of cluster " + fsid);
        }
        return monitor;
    }

    /**
     * Lets a sole monitor that is not running listen elsewhere; durable on return.
     *
     * @throws MonStoreException when it is not alone
     */
    public static void move(MonStore store, NodeAddress address, long nowMillis) {
        MonMap map = new MonMapService(store).map();
        MonTransaction transaction = new MonTransaction();
        MonMapService.encode(transaction, MonMapService.moved(map, address, nowMillis));
        new SoloProposer(store).propose(transaction, new MonEffects() {
            @Override
            public void persist(MonTransaction batch) {
                store.write(batch);
            }

            @Override
            public void send(long session, MonMessage.FromMonitor message) {
                throw new IllegalStateException("a proposer sends nothing to sessions");
            }
        });
    }

    /** The cluster's id. */
    public UUID fsid() {
        return fsid;
    }

    /** The committed OSD map. */
    public OsdMap osdMap() {
        return osdMaps.map();
    }

    /** The committed monitor map. */
    public MonMap monMap() {
        return monMaps.map();
    }

    /** The committed settings. */
    public ClusterConfig config() {
        return configs.config();
    }

    /** The newest committed version of the log. */
    public long version() {
        return proposer.lastCommitted();
    }

    /**
     * A message.
     *
     * @param session the sender's; replies go there
     * @param nowMillis milliseconds of the epoch, for the dates of maps only
     */
    public void onMessage(long session, MonMessage.ToMonitor message, long nowMillis, MonEffects out) {
        if (message instanceof MonMessage.Subscribe subscribe) {
            subscriptions.onSubscribe(session, subscribe, out);
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(new Waiting(session, message));
            proposeWaiting(nowMillis, out);
        }
    }

    /** The proposer has decided what was proposed, outside of {@link #onMessage}. */
    void onDecided(long nowMillis, MonEffects out) {
        absorbCommits(out);
        proposeWaiting(nowMillis, out);
    }

    /** A session has ended. */
    public void onSessionClosed(long session) {
        subscriptions.onSessionClosed(session);
    }

    private void proposeWaiting(long nowMillis, MonEffects out) {
        while (!waiting.isEmpty() && !proposer.isProposing()) {
            List<Waiting> again = new ArrayList<>();
            for (int left = waiting.size(); left > 0; left--) {
                Waiting next = waiting.remove();
                if (prepare(next, nowMillis, out) == Prepared.Kind.AGAIN) {
                    again.add(next);
                }
            }
            waiting.addAll(again);
            MonTransaction transaction = new MonTransaction();
            services.forEach(service -> service.encodePending(transaction, nowMillis));
            if (transaction.isEmpty()) {
                Invariant.check(again.isEmpty(), "a message that waits for a change has one to wait for");
                return;
            }
            proposer.propose(transaction, out);
            absorbCommits(out);
        }
    }

    private Prepared.Kind prepare(Waiting next, long nowMillis, MonEffects out) {
        for (MonService service : services) {
            Prepared prepared = service.prepare(next.message(), nowMillis);
            for (MonMessage.FromMonitor reply : prepared.replies()) {
                if (prepared.kind() == Prepared.Kind.PENDING) {
                    uncommittedReplies.add(new Reply(next.session(), reply));
                } else {
                    out.send(next.session(), reply);
                }
            }
            if (prepared.kind() != Prepared.Kind.NOT_MINE) {
                return prepared.kind();
            }
        }
        throw new IllegalStateException("no service takes " + next.message());
    }

    private void absorbCommits(MonEffects out) {
        if (proposer.lastCommitted() == refreshed) {
            return;
        }
        services.forEach(MonService::refresh);
        refreshed = proposer.lastCommitted();
        uncommittedReplies.forEach(reply -> out.send(reply.session(), reply.message()));
        uncommittedReplies.clear();
        subscriptions.pushAll(out);
    }
}
