package io.roost.cluster.paxos;

import io.roost.cluster.machine.Invariant;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.message.PaxosMessage;
import io.roost.cluster.object.Bytes;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Agreement on the log within one quorum at a time, as Ceph's monitors reach it: the leader learns what its peons have,
 * then proposes one value after the other, and a value is decided when <em>everybody</em> in the quorum has it on disk.
 * A majority would do for that, but not for reads: each of them answers reads under a lease, and does not while it has
 * accepted a value of which it does not know what became.
 *
 * <p>A new leader decides nothing while a monitor outside of its quorum may still hold a lease of the one before: every
 * peon says how long it has promised not to help with that, and two quorums have a member in common. When all voters are
 * in the quorum there is nobody to wait for, nor when the processes of the others are gone.
 *
 * <p>What was not answered is sent again; a quorum that makes no progress fails, and the owner, who looks at
 * {@link #state} after every input, begins an election.
 *
 * <p>Leader and peon are one class, because they are one machine: with every election a monitor may change from one to the
 * other, with the same log, lease and promises.
 */
final class Paxos {
    /** The timers. */
    static final TimerId SILENCE = new TimerId("paxos silence");

    static final TimerId RENEW = new TimerId("paxos renew");
    static final TimerId WAIT = new TimerId("paxos wait");
    static final TimerId ACCEPT = new TimerId("paxos accept");

    /** What this monitor is in its quorum, and what it is doing. */
    enum State {
        /** In no quorum. */
        OUT,
        /** Leads, and asks what is known. */
        COLLECTING,
        /** Leads, and waits for leases of the leader before. */
        WAITING,
        /** Leads, and can propose. */
        ACTIVE,
        /** Leads, and proposes again what may have been decided under the leader before: not to be read past. */
        UPDATING_PREVIOUS,
        /** Leads, and has proposed. */
        UPDATING,
        /** Follows. */
        PEON,
        /** Has given up this quorum. */
        FAILED
    }

    private final PaxosLog log;
    private final Lease lease;
    private final QuorumTiming timing;
    private State state = State.OUT;
    private int epoch;
    private String self;
    private String leader;
    private SortedSet<String> quorum;
    private Members members;
    private long heardMillis;
    private long othersFirst;

    // ---- of the leader ----
    private long pn;
    /** Who has answered the question, or accepted the value, that is out. */
    private final SortedSet<String> answered = new TreeSet<>();

    private final TreeMap<String, Long> lastOfPeon = new TreeMap<>();
    private Optional<PaxosMessage.Uncommitted> learned = Optional.empty();
    private Bytes proposed;
    private long waitUntilMillis;
    /** When the last of the quorum has answered. */
    private long answeredMillis;
    /** Voters outside of the quorum that may hold a lease. */
    private final SortedSet<String> outside = new TreeSet<>();

    /** Newest version when the lease was asked for last. */
    private long askedVersion;

    Paxos(PaxosLog log, QuorumTiming timing, long nowMillis) {
        this.log = log;
        this.timing = timing;
        lease = new Lease(timing, nowMillis);
    }

    State state() {
        return state;
    }

    /** True when reads may be answered from what is decided here: nobody has been told of anything newer. */
    boolean isReadable(long nowMillis) {
        return switch (state) {
            case ACTIVE, UPDATING -> quorum.size() == 1 || lease.isValid(nowMillis);
            case PEON -> log.pendingPn() == 0 && lease.isValid(nowMillis);
            default -> false;
        };
    }

    /** Where a log begins that this one does not reach; 0 when none was seen. */
    long othersFirst() {
        return othersFirst;
    }

    /** How long ago the leader was heard by its peon. */
    long silenceMillis(long nowMillis) {
        return nowMillis - heardMillis;
    }

    /** How much longer this monitor must not help to decide what a lease holder does not know. */
    long promisedMillis(long nowMillis) {
        return lease.promisedMillis(nowMillis);
    }

    /** Begins to lead the quorum of an election. */
    void lead(Election election, Members among, long nowMillis, PeerEffects out) {
        join(election, among, out);
        waitUntilMillis = nowMillis + Lease.longer(lease.promisedMillis(nowMillis));
        collect(log.acceptedPn(), nowMillis, out);
    }

    /** Begins to follow the leader of an election. */
    void follow(Election election, Members among, long nowMillis, PeerEffects out) {
        join(election, among, out);
        state = State.PEON;
        onHeard(nowMillis, out);
    }

    private void join(Election election, Members among, PeerEffects out) {
        leave(out);
        members = among;
        self = among.self();
        epoch = election.epoch();
        leader = election.leader();
        quorum = election.quorum();
    }

    /** Leaves the quorum. */
    void leave(PeerEffects out) {
        state = State.OUT;
        lease.leave();
        lastOfPeon.clear();
        out.cancelTimer(SILENCE);
        out.cancelTimer(RENEW);
        out.cancelTimer(WAIT);
        out.cancelTimer(ACCEPT);
    }

    private void fail(String why, PeerEffects out) {
        out.count("paxos: " + why);
        state = State.FAILED;
    }

    /** A message. */
    void onMessage(String from, PaxosMessage message, long nowMillis, PeerEffects out) {
        if (state == State.OUT || state == State.FAILED || message.epoch() != epoch) {
            return;
        }
        if (state == State.PEON) {
            if (from.equals(leader)) {
                onLeader(message, nowMillis, out);
            }
        } else if (quorum.contains(from)) {
            onPeon(from, message, nowMillis, out);
        }
    }

    // ================ the leader ================

    private void onPeon(String from, PaxosMessage message, long nowMillis, PeerEffects out) {
        if (message instanceof PaxosMessage.Last last) {
            onLast(from, last, nowMillis, out);
        } else if (message instanceof PaxosMessage.Accept accept) {
            onAccept(from, accept, nowMillis, out);
        } else if (message instanceof PaxosMessage.LeaseAck ack) {
            onLeaseAck(from, ack, nowMillis, out);
        }
    }

    private void toPeons(PaxosMessage message, PeerEffects out) {
        for (String peon : quorum) {
            if (!peon.equals(self)) {
                out.send(peon, message);
            }
        }
    }

    private boolean haveAllAnswered() {
        return answered.containsAll(quorum);
    }

    private void collect(long above, long nowMillis, PeerEffects out) {
        state = State.COLLECTING;
        pn = log.newPn(above, members.rank(self));
        log.promise(pn, out);
        learned = log.uncommitted();
        answered.clear();
        answered.add(self);
        if (quorum.size() > 1) {
            out.setTimer(SILENCE, timing.silenceMillis());
            out.setTimer(RENEW, timing.renewMillis());
        }
        toPeons(question(), out);
        recoverIfAllAnswered(nowMillis, out);
    }

    private PaxosMessage question() {
        return new PaxosMessage.Collect(epoch, pn, log.firstCommitted(), log.lastCommitted());
    }

    private void onLast(String from, PaxosMessage.Last last, long nowMillis, PeerEffects out) {
        if (state != State.COLLECTING || last.pn() < pn) {
            return;
        }
        if (last.pn() > pn) {
            out.count("paxos: a peon follows a higher number");
            collect(last.pn(), nowMillis, out);
            return;
        }
        if (last.firstCommitted() > log.lastCommitted() + 1) {
            othersFirst = last.firstCommitted();
            fail("the leader is behind the trim", out);
            return;
        }
        store(last.committed(), out);
        if (last.lastCommitted() > log.lastCommitted()) {
            // More than a message holds.
            collect(pn, nowMillis, out);
            return;
        }
        learn(last.uncommitted(), out);
        waitUntilMillis = Math.max(waitUntilMillis, nowMillis + Lease.longer(last.promisedMillis()));
        lastOfPeon.put(from, last.lastCommitted());
        answered.add(from);
        recoverIfAllAnswered(nowMillis, out);
    }

    /** Decided versions that others have told of. */
    private void store(PaxosMessage.Versions versions, PeerEffects out) {
        long version = versions.first();
        for (Bytes value : versions.values()) {
            if (version == log.lastCommitted() + 1) {
                log.commit(value, out);
            }
            version++;
        }
    }

    /** The newest proposal for the next version may have been decided: it is the one to go on with. */
    private void learn(Optional<PaxosMessage.Uncommitted> uncommitted, PeerEffects out) {
        if (uncommitted.isEmpty()) {
            return;
        }
        PaxosMessage.Uncommitted value = uncommitted.get();
        boolean isKnown = learned.isPresent() && learned.get().version() == value.version();
        if (isKnown && !learned.get().value().equals(value.value())) {
            out.count("paxos: two uncommitted values");
        }
        if (learned.isEmpty()
                || learned.get().version() < value.version()
                || (isKnown && learned.get().pn() < value.pn())) {
            learned = uncommitted;
        }
    }

    private void recoverIfAllAnswered(long nowMillis, PeerEffects out) {
        if (!haveAllAnswered()) {
            return;
        }
        lastOfPeon.keySet().forEach(peon -> share(peon, out));
        if (quorum.size() > 1) {
            askForLease(nowMillis, out);
        }
        answeredMillis = nowMillis;
        outside.clear();
        outside.addAll(members.voters());
        outside.removeAll(quorum);
        if (!outside.isEmpty() && nowMillis < waitUntilMillis) {
            out.count("paxos: wait for leases of the leader before");
            state = State.WAITING;
            out.setTimer(WAIT, waitUntilMillis - nowMillis);
        } else {
            activate(nowMillis, out);
        }
    }

    /** Voters of whom it would be good to know whether their processes are gone: leases of theirs are waited for. */
    SortedSet<String> unknown() {
        return state == State.WAITING ? Collections.unmodifiableSortedSet(outside) : Collections.emptySortedSet();
    }

    /**
     * Nobody listens at a voter's address: what lease it had is gone with its process. It gets another from nobody, if that
     * was so when all of this quorum had answered, for they help no other leader.
     *
     * @param dialledMillis not after that was tried
     */
    void onUnreachable(String peer, long dialledMillis, long nowMillis, PeerEffects out) {
        if (state == State.WAITING && dialledMillis > answeredMillis && outside.remove(peer) && outside.isEmpty()) {
            out.count("paxos: whose leases were waited for are gone");
            out.cancelTimer(WAIT);
            activate(nowMillis, out);
        }
    }

    /** Sends a peon the versions that it lacks. */
    private void share(String peon, PeerEffects out) {
        long last = lastOfPeon.get(peon);
        while (last < log.lastCommitted()) {
            PaxosMessage.Versions missing = log.versionsFrom(last + 1);
            if (missing.values().isEmpty()) {
                return;
            }
            last += missing.values().size();
            out.send(peon, new PaxosMessage.Commit(epoch, pn, last, missing));
        }
        lastOfPeon.put(peon, last);
    }

    private void activate(long nowMillis, PeerEffects out) {
        state = State.ACTIVE;
        if (learned.isPresent() && learned.get().version() == log.lastCommitted() + 1) {
            out.count("paxos: an uncommitted value is proposed again");
            begin(State.UPDATING_PREVIOUS, learned.get().value(), out);
        } else {
            grant(nowMillis, out);
        }
    }

    boolean isProposable() {
        return state == State.ACTIVE;
    }

    /** Proposes the next version. */
    void propose(MonTransaction transaction, PeerEffects out) {
        Invariant.check(state == State.ACTIVE, "one value at a time is proposed, by an active leader");
        Invariant.check(!transaction.isEmpty(), "a proposed transaction changes something");
        begin(State.UPDATING, transaction.encode(), out);
    }

    private void begin(State updating, Bytes value, PeerEffects out) {
        if (quorum.size() == 1) {
            log.commit(value, out);
            return;
        }
        state = updating;
        proposed = value;
        answered.clear();
        log.accept(pn, value, out);
        answered.add(self);
        out.setTimer(ACCEPT, timing.silenceMillis());
        toPeons(proposal(), out);
    }

    private boolean isUpdating() {
        return state == State.UPDATING || state == State.UPDATING_PREVIOUS;
    }

    private PaxosMessage proposal() {
        return new PaxosMessage.Begin(epoch, pn, log.lastCommitted() + 1, proposed);
    }

    private void onAccept(String from, PaxosMessage.Accept accept, long nowMillis, PeerEffects out) {
        boolean isOfThis = accept.pn() == pn && accept.version() == log.lastCommitted() + 1;
        if (!isUpdating() || !isOfThis) {
            return;
        }
        answered.add(from);
        if (haveAllAnswered()) {
            out.cancelTimer(ACCEPT);
            log.commitAccepted(out);
            lastOfPeon.replaceAll((peon, last) -> log.lastCommitted());
            toPeons(new PaxosMessage.Commit(epoch, pn, log.lastCommitted(), PaxosMessage.Versions.NONE), out);
            boolean isFirst = state == State.UPDATING_PREVIOUS;
            state = State.ACTIVE;
            if (isFirst) {
                grant(nowMillis, out);
            }
        }
    }

    private void askForLease(long nowMillis, PeerEffects out) {
        askedVersion = log.lastCommitted();
        toPeons(new PaxosMessage.Lease(epoch, lease.ask(nowMillis), askedVersion), out);
        out.setTimer(RENEW, timing.renewMillis());
    }

    private void onLeaseAck(String from, PaxosMessage.LeaseAck ack, long nowMillis, PeerEffects out) {
        if (ack.lastCommitted() < askedVersion && lease.isCurrent(ack.round())) {
            out.count("paxos: a commit was lost");
            lastOfPeon.put(from, ack.lastCommitted());
            share(from, out);
        }
        if (lease.onPromise(from, ack.round(), ack.sentMillis(), quorum)) {
            out.setTimer(SILENCE, timing.silenceMillis());
            grant(nowMillis, out);
        }
    }

    private void grant(long nowMillis, PeerEffects out) {
        int leftMillis = lease.leftMillis(nowMillis);
        boolean isServing = state == State.ACTIVE || state == State.UPDATING;
        if (!isServing || leftMillis == 0) {
            return;
        }
        for (String peon : lease.holders()) {
            out.send(peon, new PaxosMessage.LeaseGrant(epoch, log.lastCommitted(), lease.promiseOf(peon), leftMillis));
        }
    }

    // ================ the peon ================

    private void onLeader(PaxosMessage message, long nowMillis, PeerEffects out) {
        onHeard(nowMillis, out);
        if (message instanceof PaxosMessage.Collect collect) {
            onCollect(collect, nowMillis, out);
        } else if (message instanceof PaxosMessage.Begin begin) {
            onBegin(begin, out);
        } else if (message instanceof PaxosMessage.Commit commit) {
            onCommit(commit, out);
        } else if (message instanceof PaxosMessage.Lease ask) {
            onLease(ask, nowMillis, out);
        } else if (message instanceof PaxosMessage.LeaseGrant grant) {
            onLeaseGrant(grant);
        }
    }

    private void onHeard(long nowMillis, PeerEffects out) {
        heardMillis = nowMillis;
        out.setTimer(SILENCE, timing.silenceMillis());
    }

    private void onCollect(PaxosMessage.Collect collect, long nowMillis, PeerEffects out) {
        if (collect.firstCommitted() > log.lastCommitted() + 1) {
            othersFirst = collect.firstCommitted();
            fail("a peon is behind the trim", out);
            return;
        }
        if (collect.pn() > log.acceptedPn()) {
            log.promise(collect.pn(), out);
        }
        boolean follows = collect.pn() == log.acceptedPn();
        out.send(
                leader,
                new PaxosMessage.Last(
                        epoch,
                        log.acceptedPn(),
                        log.firstCommitted(),
                        log.lastCommitted(),
                        follows ? log.versionsFrom(collect.lastCommitted() + 1) : PaxosMessage.Versions.NONE,
                        follows ? log.uncommitted() : Optional.empty(),
                        (int) lease.promisedMillis(nowMillis)));
    }

    private void onBegin(PaxosMessage.Begin begin, PeerEffects out) {
        if (begin.pn() != log.acceptedPn()) {
            return;
        }
        commitAcceptedUpTo(begin.version() - 1, begin.pn(), out);
        if (begin.version() != log.lastCommitted() + 1) {
            return;
        }
        if (log.pendingPn() != begin.pn()) {
            log.accept(begin.pn(), begin.value(), out);
        }
        out.send(leader, new PaxosMessage.Accept(epoch, begin.pn(), begin.version()));
    }

    /** The leader has decided a version, which this peon had accepted if it is the next one. */
    private void commitAcceptedUpTo(long version, long ofPn, PeerEffects out) {
        if (version == log.lastCommitted() + 1 && log.pendingPn() == ofPn) {
            log.commitAccepted(out);
        }
    }

    private void onCommit(PaxosMessage.Commit commit, PeerEffects out) {
        store(commit.committed(), out);
        commitAcceptedUpTo(commit.lastCommitted(), commit.pn(), out);
    }

    private void onLease(PaxosMessage.Lease ask, long nowMillis, PeerEffects out) {
        commitAcceptedUpTo(ask.lastCommitted(), log.acceptedPn(), out);
        lease.promise(nowMillis);
        out.send(leader, new PaxosMessage.LeaseAck(epoch, ask.round(), log.lastCommitted(), nowMillis));
    }

    private void onLeaseGrant(PaxosMessage.LeaseGrant grant) {
        if (grant.lastCommitted() == log.lastCommitted()) {
            lease.hold(grant.sentMillis(), grant.forMillis());
        }
    }

    // ================ timers ================

    /** A timer of this machine. */
    void onTimer(TimerId timer, long nowMillis, PeerEffects out) {
        if (timer.equals(SILENCE) && state != State.OUT) {
            fail(state == State.PEON ? "the leader is silent" : "a peon is silent", out);
        } else if (timer.equals(ACCEPT) && isUpdating()) {
            fail("a peon does not accept", out);
        } else if (timer.equals(WAIT) && state == State.WAITING) {
            activate(nowMillis, out);
        } else if (timer.equals(RENEW)) {
            onRenew(nowMillis, out);
        }
    }

    private void onRenew(long nowMillis, PeerEffects out) {
        if (state == State.COLLECTING) {
            out.setTimer(RENEW, timing.renewMillis());
            toUnanswered(question(), out);
        } else if (state == State.WAITING || state == State.ACTIVE || isUpdating()) {
            askForLease(nowMillis, out);
            if (isUpdating()) {
                toUnanswered(proposal(), out);
            }
        }
    }

    private void toUnanswered(PaxosMessage message, PeerEffects out) {
        for (String peon : quorum) {
            if (!answered.contains(peon)) {
                out.count("paxos: asked again");
                out.send(peon, message);
            }
        }
    }
}
