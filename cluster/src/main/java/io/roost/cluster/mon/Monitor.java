package io.roost.cluster.mon;

import io.roost.cluster.machine.Invariant;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.ForwardMessage;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonMapRows;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonStoreException;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.paxos.Quorum;
import io.roost.cluster.paxos.QuorumTiming;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A monitor: a machine over its store and its part in a {@link Quorum}. Messages that change something wait their turn;
 * when this monitor leads, all that wait while nothing is being proposed become one transaction, whose replies and map
 * updates leave when it is committed; what comes by the hundred is gathered for a moment. When it follows it passes them on to the leader. Subscriptions are answered by
 * everybody, but only under a lease. One thread at a time.
 */
public final class Monitor {
    /** How often a leader looks at what time has done: clients wait for it when two OSDs do not hear each other. */
    static final long TICK_MILLIS = 250;

    /**
     * Least time from one proposal to the next when what waits is what many placement groups ask for one after the other:
     * so they share an epoch. Each epoch costs every node some work; a group waits for its own.
     */
    static final long GATHER_MILLIS = 50;

    private static final TimerId TICK = new TimerId("tick");
    private static final TimerId GATHERED = new TimerId("gathered");
    /** Most messages that wait; the senders of more send again. */
    private static final int MAX_WAITING = 10_000;

    private final MonStore store;
    private final MonMap seed;
    private final LogLimits limits;
    private final Quorum quorum;
    /** Null until the store holds a state. */
    private MonServices services;

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Deque<Wish> wishes = new ArrayDeque<>();
    private final List<Reply> uncommittedReplies = new ArrayList<>();
    private long refreshed;
    /** True when something waits that is not to be gathered. */
    private boolean isUrgent;

    private boolean isGathering;
    private long proposedMillis = Long.MIN_VALUE / 2;
    /** Epoch of the quorum that this monitor leads, 0 while it does not. */
    private int term;
    /** Peon → number of the newest message that it has passed on in this term. */
    private final TreeMap<String, Long> forwarded = new TreeMap<>();

    private long lastForwarded;
    /** Epoch of the quorum that this monitor is in, 0 while it is in none. */
    private int joined;
    /** Session → what an OSD has said there last of its placement groups: whoever leads next is told at once. */
    private final TreeMap<Long, MonMessage.OsdPgStats> reports = new TreeMap<>();

    /** Who has no answer for so long asks again: clients by their requests, OSDs by what they tell. */
    private static final long SAID_AGAIN_MILLIS = 2000;

    /** Who waits for an answer: a session of this monitor, or of a peer that has passed its message on. */
    private record Origin(Optional<String> peer, long session) {}

    private record Waiting(Origin origin, MonMessage.ToMonitor message, long sinceMillis) {}

    private record Wish(long session, MonMessage.Subscribe subscribe) {}

    private record Reply(Origin origin, MonMessage.FromMonitor message) {}

    private Monitor(MonStore store, MonMap seed, LogLimits limits, Quorum quorum) {
        this.store = store;
        this.seed = seed;
        this.limits = limits;
        this.quorum = quorum;
        refresh();
    }

    /** True when a monitor was made in this store. */
    public static boolean isFormatted(MonStore store) {
        return Mkfs.isDone(store);
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
     * The monitor of a store, which has not started.
     *
     * @param self its name
     * @param seed whom to ask when there is nothing in the store
     * @param limits of the log, and of the epochs of the OSD map
     * @param monotonicMillis the monotonic clock
     * @throws MonStoreException when what there is in the store is damaged, or of another cluster
     */
    public static Monitor open(
            MonStore store, String self, MonMap seed, QuorumTiming timing, LogLimits limits, long monotonicMillis) {
        return new Monitor(store, seed, limits, new Quorum(store, self, seed, timing, limits, monotonicMillis));
    }

    /**
     * The monitor of a store that is alone, which has not started.
     *
     * @throws MonStoreException when none was made there, it is not alone, or what it left behind is damaged
     */
    public static Monitor openSole(MonStore store, long monotonicMillis) {
        if (!isFormatted(store)) {
            throw new MonStoreException("there is no monitor in this store");
        }
        MonMap map = MonMapRows.read(store);
        if (map.monitors().size() != 1) {
            throw new MonStoreException("not a sole monitor: " + map.monitors());
        }
        String self = map.monitors().get(0).name();
        return open(store, self, map, QuorumTiming.DEFAULT, LogLimits.DEFAULT, monotonicMillis);
    }

    /**
     * Lets a sole monitor listen elsewhere. Not to be called for a monitor that is running.
     *
     * @throws MonStoreException when it is not alone
     */
    public static void move(MonStore store, NodeAddress address, Clocks now, MonEffects out) {
        Monitor monitor = openSole(store, now.monotonicMillis());
        monitor.start(now, out);
        MonTransaction transaction = new MonTransaction();
        MonMapRows.write(transaction, MonMapService.moved(monitor.monMap(), address, now.wallMillis()));
        monitor.quorum.propose(transaction, now.monotonicMillis(), out);
    }

    /** Its part in the quorum. */
    public Quorum quorum() {
        return quorum;
    }

    /** True when there is a state: when not, the maps cannot be asked for. */
    public boolean isWhole() {
        return services != null;
    }

    /** The committed OSD map, as far as this monitor knows. */
    public OsdMap osdMap() {
        return services.osdMaps().map();
    }

    /** The committed monitor map, as far as this monitor knows. */
    public MonMap monMap() {
        return services.monMaps().map();
    }

    /** The committed settings, as far as this monitor knows. */
    public ClusterConfig config() {
        return services.configs().config();
    }

    /** The newest committed version of the log, as far as this monitor knows. */
    public long version() {
        return quorum.lastCommitted();
    }

    /** The first input. */
    public void start(Clocks now, MonEffects out) {
        quorum.start(now.monotonicMillis(), out);
        out.setTimer(TICK, TICK_MILLIS);
        settle(now, out);
    }

    /**
     * A message.
     *
     * @param session the sender's; replies go there
     */
    public void onMessage(long session, MonMessage.ToMonitor message, Clocks now, MonEffects out) {
        if (message instanceof MonMessage.Subscribe subscribe) {
            if (wishes.size() < MAX_WAITING) {
                wishes.add(new Wish(session, subscribe));
            }
        } else {
            if (message instanceof MonMessage.OsdPgStats report
                    && (reports.size() < MAX_WAITING || reports.containsKey(session))) {
                reports.put(session, report);
            }
            await(new Origin(Optional.empty(), session), message, now);
        }
        settle(now, out);
    }

    private void await(Origin origin, MonMessage.ToMonitor message, Clocks now) {
        if (waiting.size() < MAX_WAITING) {
            waiting.add(new Waiting(origin, message, now.monotonicMillis()));
            isUrgent |= !(message instanceof MonMessage.OsdPgTemp
                    || message instanceof MonMessage.OsdAlive
                    || message instanceof MonMessage.OsdPgStats
                    || message instanceof MonMessage.OsdBeacon);
        }
    }

    /** A message of another monitor. */
    public void onPeerMessage(String from, MonPeerMessage message, Clocks now, MonEffects out) {
        if (message instanceof ForwardMessage.Forward forward) {
            boolean isOfTerm = quorum.role() == Quorum.Role.LEADER && forward.epoch() == term;
            if (isOfTerm && forward.number() > forwarded.getOrDefault(from, 0L)) {
                forwarded.put(from, forward.number());
                await(new Origin(Optional.of(from), forward.session()), forward.message(), now);
            }
        } else if (message instanceof ForwardMessage.ForwardReply reply) {
            if (quorum.role() == Quorum.Role.PEON && reply.epoch() == quorum.epoch()) {
                out.send(reply.session(), reply.message());
            }
        } else {
            quorum.onMessage(from, message, now.monotonicMillis(), out);
        }
        settle(now, out);
    }

    /** A timer. */
    public void onTimer(TimerId timer, Clocks now, MonEffects out) {
        if (timer.equals(TICK)) {
            onTick(now, out);
        } else if (timer.equals(GATHERED)) {
            isGathering = false;
        } else {
            quorum.onTimer(timer, now.monotonicMillis(), out);
        }
        settle(now, out);
    }

    private void onTick(Clocks now, MonEffects out) {
        out.setTimer(TICK, TICK_MILLIS);
        // Without a lease it does not know the newest state, and another may lead.
        if (isWhole() && quorum.isProposable() && quorum.isReadable(now.monotonicMillis())) {
            services.onTick(now);
            proposePending(now, out);
        }
    }

    /** Nobody listens at another monitor's address. */
    public void onUnreachable(String peer, long dialledMillis, Clocks now, MonEffects out) {
        quorum.onUnreachable(peer, dialledMillis, now.monotonicMillis(), out);
        settle(now, out);
    }

    /**
     * A session has ended. What was said in it and waits still is forgotten: its sender has gone elsewhere, may have been answered
     * there, and wants something else by now.
     */
    public void onSessionClosed(long session) {
        Origin ended = new Origin(Optional.empty(), session);
        waiting.removeIf(next -> next.origin().equals(ended));
        wishes.removeIf(wish -> wish.session() == session);
        reports.remove(session);
        if (isWhole()) {
            services.subscriptions().onSessionClosed(session);
        }
    }

    /** Brings the services in line with what became of the log and of the quorum, and goes on with what waits. */
    private void settle(Clocks now, MonEffects out) {
        followQuorum(now, out);
        if (!isWhole()) {
            return;
        }
        boolean isReadable = quorum.isReadable(now.monotonicMillis());
        while (isReadable && !wishes.isEmpty()) {
            Wish wish = wishes.remove();
            services.subscriptions().onSubscribe(wish.session(), wish.subscribe(), out);
        }
        if (quorum.role() == Quorum.Role.PEON) {
            passOn(out);
        } else if (isReadable) {
            proposeWaiting(now, out);
        }
    }

    private void passOn(MonEffects out) {
        for (Waiting next : waiting) {
            long session = next.origin().session();
            out.send(
                    quorum.leader(),
                    new ForwardMessage.Forward(quorum.epoch(), ++lastForwarded, session, next.message()));
        }
        waiting.clear();
        isUrgent = false;
    }

    private void proposeWaiting(Clocks now, MonEffects out) {
        while (!waiting.isEmpty() && quorum.isProposable()) {
            if (isToBeGathered(now, out)) {
                return;
            }
            List<Waiting> again = new ArrayList<>();
            for (int left = waiting.size(); left > 0; left--) {
                Waiting next = waiting.remove();
                Prepared prepared = services.prepare(next.message(), now);
                prepared.replies().forEach(reply -> uncommittedReplies.add(new Reply(next.origin(), reply)));
                if (prepared.kind() == Prepared.Kind.AGAIN) {
                    again.add(next);
                }
            }
            waiting.addAll(again);
            isUrgent = !again.isEmpty();
            if (!proposePending(now, out)) {
                Invariant.check(again.isEmpty(), "a message that waits for a change has one to wait for");
                sendReplies(out);
                return;
            }
        }
    }

    /** True when more may come that can share an epoch with what waits; then this goes on a little later. */
    private boolean isToBeGathered(Clocks now, MonEffects out) {
        long leftMillis = proposedMillis + GATHER_MILLIS - now.monotonicMillis();
        if (isUrgent || leftMillis <= 0) {
            return false;
        }
        if (!isGathering) {
            isGathering = true;
            out.setTimer(GATHERED, leftMillis);
        }
        return true;
    }

    /** Proposes what the services have prepared; false when that is nothing. */
    private boolean proposePending(Clocks now, MonEffects out) {
        MonTransaction transaction = services.pending(now.wallMillis());
        if (transaction.isEmpty()) {
            return false;
        }
        proposedMillis = now.monotonicMillis();
        quorum.propose(transaction, now.monotonicMillis(), out);
        followQuorum(now, out);
        return true;
    }

    private void followQuorum(Clocks now, MonEffects out) {
        if (quorum.isWhole() && quorum.lastCommitted() != refreshed) {
            refresh();
            sendReplies(out);
            services.subscriptions().pushAll(out);
        }
        int leads = quorum.role() == Quorum.Role.LEADER ? quorum.epoch() : 0;
        if (leads != term) {
            term = leads;
            // Whether what was proposed is ever decided is not known here: who sent it sends it again.
            uncommittedReplies.clear();
            // So it does with what was passed on to this monitor; whether its session goes on is not known here either.
            waiting.removeIf(next -> next.origin().peer().isPresent());
            forwarded.clear();
            if (isWhole()) {
                services.onTerm(now);
            }
        }
        boolean isIn = quorum.role() == Quorum.Role.LEADER || quorum.role() == Quorum.Role.PEON;
        int inQuorum = isIn ? quorum.epoch() : 0;
        if (inQuorum != joined) {
            joined = inQuorum;
            forgetOld(now);
            if (isIn) {
                reports.forEach((session, report) -> await(new Origin(Optional.empty(), session), report, now));
            }
        }
    }

    /**
     * What a session of this monitor said so long before was said again, here or elsewhere: that the session has ended may be heard
     * later than that there is a quorum again.
     */
    private void forgetOld(Clocks now) {
        waiting.removeIf(next ->
                next.origin().peer().isEmpty() && now.monotonicMillis() - next.sinceMillis() >= SAID_AGAIN_MILLIS);
    }

    private void refresh() {
        if (!quorum.isWhole()) {
            return;
        }
        if (services == null) {
            services = new MonServices(store, seed.fsid(), quorum, limits);
        } else {
            services.refresh();
        }
        refreshed = quorum.lastCommitted();
    }

    private void sendReplies(MonEffects out) {
        for (Reply reply : uncommittedReplies) {
            long session = reply.origin().session();
            reply.origin()
                    .peer()
                    .ifPresentOrElse(
                            peer -> out.send(peer, new ForwardMessage.ForwardReply(term, session, reply.message())),
                            () -> out.send(session, reply.message()));
        }
        uncommittedReplies.clear();
    }
}
