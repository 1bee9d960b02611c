package io.roost.cluster.paxos;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.message.ElectionMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.message.PaxosMessage;
import io.roost.cluster.message.ProbeMessage;
import io.roost.cluster.message.SyncMessage;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A monitor's part in keeping one log with others, from its start to its end: it asks around, catches up if it must, then
 * joins the quorum there is or takes part in an election of one, leads or follows, and when that fails begins again.
 *
 * <ul>
 *   <li>Who votes is what the monitor map of the newest decided version says, no other.
 *   <li>A peon that hears its leader does not listen to others who want to lead; who is outside asks the leader.
 *   <li>A monitor that has lost its store does not vote. It may have accepted what it does not know any more, so only
 *       a copy from a quorum will do, which has a majority without it. One that is merely behind copies from anybody.
 * </ul>
 *
 * <p>The only voter there is wins alone, by the same steps and without waiting. One thread at a time.
 */
public final class Quorum {
    /** The timers. */
    static final TimerId PROBE = new TimerId("probe");

    static final TimerId CANDIDACY = new TimerId("candidacy");

    /**
     * Most versions that a monitor lacks which could vote: while others decide one after the other it always lacks some,
     * and a quorum that it joins passes those on at once.
     */
    private static final int MAX_MISSING = 100;

    /** What a monitor is to the quorum. */
    public enum Role {
        /** Outside: it asks around. */
        PROBING,
        /** Outside: its store is being copied. */
        SYNCHRONIZING,
        /** An election is going on. */
        ELECTING,
        /** It leads. */
        LEADER,
        /** It follows. */
        PEON
    }

    private final MonStore store;
    private final QuorumTiming timing;
    private final PaxosLog log;
    private final Paxos paxos;
    private final Election election;
    private final StoreSync sync;
    private final MonMap seed;
    private final long incompleteUntilMillis;
    private Members members;
    private Role role = Role.PROBING;
    /** Epoch of the quorum that this monitor leads or follows. */
    private int servedEpoch;
    /** Voters that said they are outside of any quorum, since the last probe. */
    private final SortedSet<String> outside = new TreeSet<>();

    /** Monitors that do not vote, and when each said last that it could. */
    private final TreeMap<String, Long> ready = new TreeMap<>();

    private boolean isCandidate;
    /** Where the logs of others begin. */
    private long othersFirst;

    /**
     * The quorum as a monitor sees it that has not started.
     *
     * @param self its name
     * @param seed whom to ask while the store does not say
     * @param nowMillis the monotonic clock
     */
    public Quorum(MonStore store, String self, MonMap seed, QuorumTiming timing, LogLimits limits, long nowMillis) {
        this.store = store;
        this.timing = timing;
        this.seed = seed;
        log = new PaxosLog(store, limits);
        paxos = new Paxos(log, timing, nowMillis);
        sync = new StoreSync(store, log, timing, limits);
        members = new Members(sync.isWhole() ? MonMapRows.read(store) : seed, self);
        election = new Election(store, members, timing);
        // What was promised and voted before the store was lost must have ended: leases, and candidacies.
        incompleteUntilMillis = nowMillis + Math.max(2L * timing.electionMillis(), Lease.longer(timing.leaseMillis()));
    }

    /** The batch that makes a new log in an empty store, with a transaction as its first version. */
    public static MonTransaction firstVersion(MonTransaction transaction) {
        return PaxosLog.first(transaction);
    }

    /** What this monitor is. */
    public Role role() {
        return role;
    }

    /** Who leads; null unless this monitor does or follows. */
    public String leader() {
        return isInQuorum() ? election.leader() : null;
    }

    /** Who is in the quorum; empty unless this monitor is. */
    public SortedSet<String> members() {
        return isInQuorum() ? election.quorum() : new TreeSet<>();
    }

    /** Epoch of the newest election known, even while there is a quorum. */
    public int epoch() {
        return election.epoch();
    }

    /** The newest version decided. */
    public long lastCommitted() {
        return log.lastCommitted();
    }

    /** True when the store holds a state that was decided: when not, there is nothing in it to be used. */
    public boolean isWhole() {
        return sync.isWhole();
    }

    /** True when reads may be answered from the store: nobody has been told of anything newer. */
    public boolean isReadable(long nowMillis) {
        return isInQuorum() && paxos.isReadable(nowMillis);
    }

    /** True when this monitor leads and nothing is being decided. */
    public boolean isProposable() {
        return role == Role.LEADER && paxos.isProposable();
    }

    /** Monitors that do not vote and have caught up, while this one leads. */
    public SortedSet<String> readyToVote(long nowMillis) {
        SortedSet<String> names = new TreeSet<>();
        ready.forEach((name, atMillis) -> {
            if (role == Role.LEADER && !members.isVoter(name) && nowMillis - atMillis <= 3L * timing.probeMillis()) {
                names.add(name);
            }
        });
        return names;
    }

    private boolean isInQuorum() {
        return role == Role.LEADER || role == Role.PEON;
    }

    /** The first input. */
    public void start(long nowMillis, PeerEffects out) {
        probe(nowMillis, out);
        settle(nowMillis, out);
    }

    /**
     * Proposes a transaction as the next version. It is decided when {@link #lastCommitted} grows, or never, when this
     * monitor stops leading before.
     */
    public void propose(MonTransaction transaction, long nowMillis, PeerEffects out) {
        paxos.propose(transaction, out);
        settle(nowMillis, out);
    }

    /**
     * Nobody listens at a peer's address.
     *
     * @param dialledMillis not after that was tried, by the monotonic clock
     */
    public void onUnreachable(String peer, long dialledMillis, long nowMillis, PeerEffects out) {
        election.onUnreachable(peer, nowMillis, out);
        paxos.onUnreachable(peer, dialledMillis, nowMillis, out);
        knockOutside(nowMillis, out);
        boolean isMissed = role == Role.LEADER
                ? election.quorum().contains(peer)
                : role == Role.PEON && election.leader().equals(peer);
        if (isMissed) {
            out.count("quorum: a member is gone");
            probe(nowMillis, out);
        }
        settle(nowMillis, out);
    }

    /** A message of a peer. */
    public void onMessage(String from, MonPeerMessage message, long nowMillis, PeerEffects out) {
        election.onHeard(from);
        if (message instanceof ElectionMessage forElection) {
            onElection(from, forElection, nowMillis, out);
        } else if (message instanceof PaxosMessage forPaxos) {
            paxos.onMessage(from, forPaxos, nowMillis, out);
            knockOutside(nowMillis, out);
        } else if (message instanceof ProbeMessage probe) {
            onProbe(from, probe, nowMillis, out);
        } else if (message instanceof SyncMessage forSync) {
            onSync(from, forSync, out);
        }
        settle(nowMillis, out);
    }

    /** A timer. */
    public void onTimer(TimerId timer, long nowMillis, PeerEffects out) {
        if (timer.equals(PROBE) && role == Role.PROBING) {
            probeAgain(nowMillis, out);
        } else if (timer.equals(CANDIDACY) && role == Role.PROBING && canVote()) {
            election.start(nowMillis, out);
        } else if (timer.equals(Election.TIMER)) {
            election.onTimer(nowMillis, out);
        } else if (timer.equals(StoreSync.TIMER)) {
            sync.onTimer(out);
        } else {
            paxos.onTimer(timer, nowMillis, out);
        }
        settle(nowMillis, out);
    }

    /** A leader that waits for leases of those who are not in its quorum looks whether they are there at all. */
    private void knockOutside(long nowMillis, PeerEffects out) {
        paxos.unknown().forEach(other -> out.send(other, new ProbeMessage.Probe(seed.fsid(), nowMillis)));
    }

    // ---- outside the quorum ----

    private void probe(long nowMillis, PeerEffects out) {
        role = Role.PROBING;
        election.stop(out);
        paxos.leave(out);
        out.cancelTimer(CANDIDACY);
        if (sync.isWhole() && members.isSoleVoter()) {
            election.start(nowMillis, out);
        } else {
            probeAgain(nowMillis, out);
        }
    }

    private void probeAgain(long nowMillis, PeerEffects out) {
        isCandidate = false;
        outside.clear();
        out.setTimer(PROBE, timing.probeMillis());
        members.others().forEach(other -> out.send(other, new ProbeMessage.Probe(seed.fsid(), nowMillis)));
    }

    private void onProbe(String from, ProbeMessage message, long nowMillis, PeerEffects out) {
        if (message instanceof ProbeMessage.Probe probe) {
            if (probe.fsid().equals(seed.fsid())) {
                out.send(from, standing(probe, nowMillis));
            }
        } else if (message instanceof ProbeMessage.Join) {
            if (role == Role.LEADER && members.isVoter(from)) {
                out.count("quorum: another one joins");
                election.start(nowMillis, out);
            } else if (role == Role.LEADER) {
                ready.put(from, nowMillis);
            }
        } else if (message instanceof ProbeMessage.ProbeReply reply) {
            if (role == Role.PROBING && reply.standing() != ProbeMessage.Standing.INCOMPLETE) {
                onProbeReply(from, reply, out);
            }
        }
    }

    /** False when the store lacks what it may have held, or what others cannot tell it any more. */
    private boolean canVote() {
        othersFirst = Math.max(othersFirst, paxos.othersFirst());
        return sync.isWhole() && othersFirst <= log.lastCommitted() + 1;
    }

    private ProbeMessage.ProbeReply standing(ProbeMessage.Probe probe, long nowMillis) {
        ProbeMessage.Standing standing = ProbeMessage.Standing.OUTSIDE;
        if (!canVote()) {
            standing = ProbeMessage.Standing.INCOMPLETE;
        } else if (isReadable(nowMillis)) {
            standing = ProbeMessage.Standing.READABLE;
        } else if (isInQuorum()) {
            standing = ProbeMessage.Standing.MEMBER;
        }
        return new ProbeMessage.ProbeReply(
                probe.sentMillis(),
                members.epoch(),
                log.firstCommitted(),
                log.lastCommitted(),
                standing,
                Optional.ofNullable(leader()));
    }

    private void onProbeReply(String from, ProbeMessage.ProbeReply reply, PeerEffects out) {
        othersFirst = Math.max(othersFirst, reply.firstCommitted());
        if (!canVote()) {
            boolean isOfQuorum = reply.standing() == ProbeMessage.Standing.READABLE
                    && reply.probeSentMillis() >= incompleteUntilMillis;
            boolean isAhead = reply.lastCommitted() >= Math.max(othersFirst, log.lastCommitted());
            if (isOfQuorum || (isAhead && !sync.isLost())) {
                role = Role.SYNCHRONIZING;
                out.cancelTimer(PROBE);
                out.cancelTimer(CANDIDACY);
                sync.start(from, out);
            }
            return;
        }
        boolean isVoter = members.isVoter(members.self());
        boolean isMapNewer = reply.monMapEpoch() > members.epoch();
        long missing = reply.lastCommitted() - log.lastCommitted();
        if (missing > 0 && (!isVoter || isMapNewer)) {
            sync.catchUp(from, out);
            if (isMapNewer || missing > MAX_MISSING) {
                return;
            }
        }
        if (reply.leader().isPresent() && !reply.leader().get().equals(members.self())) {
            // Who leads by an older map could not be helped by this monitor, only kept from learning of the newer one.
            boolean isOfThisMap = reply.monMapEpoch() == members.epoch();
            if (isOfThisMap && reply.leader().get().equals(from)) {
                out.send(from, new ProbeMessage.Join());
            }
        } else if (isVoter) {
            onOutside(from, out);
        }
    }

    private void onOutside(String from, PeerEffects out) {
        outside.add(from);
        outside.add(members.self());
        if (!isCandidate && members.isMajority(outside)) {
            isCandidate = true;
            out.setTimer(CANDIDACY, (long) timing.rankMillis() * members.rank(members.self()));
        }
    }

    private void onSync(String from, SyncMessage message, PeerEffects out) {
        if (message instanceof SyncMessage.GetRows get) {
            if (sync.isWhole()) {
                sync.onGetRows(from, get, out);
            }
        } else if (message instanceof SyncMessage.GetVersions get) {
            if (sync.isWhole()) {
                sync.onGetVersions(from, get, out);
            }
        } else if (role == Role.PROBING || role == Role.SYNCHRONIZING) {
            sync.onMessage(from, message, out);
        }
    }

    // ---- elections ----

    private void onElection(String from, ElectionMessage message, long nowMillis, PeerEffects out) {
        if (!canVote()) {
            return;
        }
        boolean isLed = role == Role.PEON && paxos.silenceMillis(nowMillis) < timing.leaseMillis();
        if (isLed && message instanceof ElectionMessage.Propose && !from.equals(election.leader())) {
            out.count("quorum: a candidate is ignored");
            return;
        }
        election.onMessage(from, message, nowMillis, out);
    }

    /** Brings what this monitor is in line with what became of the election, of the quorum, and of the store. */
    private void settle(long nowMillis, PeerEffects out) {
        boolean isSettled;
        do {
            isSettled = !followMonMap(nowMillis, out) && !followElection(nowMillis, out);
        } while (!isSettled);
    }

    private boolean followMonMap(long nowMillis, PeerEffects out) {
        if (!sync.isWhole() || MonMapRows.epoch(store) == members.epoch()) {
            return false;
        }
        out.count("quorum: the monitor map has changed");
        members = new Members(MonMapRows.read(store), members.self());
        election.onMembers(members, out);
        probe(nowMillis, out);
        return true;
    }

    private boolean followElection(long nowMillis, PeerEffects out) {
        if (role == Role.SYNCHRONIZING) {
            if (sync.isRunning()) {
                return false;
            }
            probe(nowMillis, out);
            return true;
        }
        Election.Phase phase = election.phase();
        boolean isIdle = phase == Election.Phase.IDLE;
        boolean isElecting = phase == Election.Phase.PROPOSING || phase == Election.Phase.DEFERRED;
        if (isIdle ? role != Role.PROBING : paxos.state() == Paxos.State.FAILED && isInQuorum()) {
            probe(nowMillis, out);
        } else if (isElecting && role != Role.ELECTING) {
            leaveFor(Role.ELECTING, out);
        } else if (!isIdle && !isElecting && (!isInQuorum() || servedEpoch != election.epoch())) {
            serve(phase, nowMillis, out);
        } else {
            return false;
        }
        return true;
    }

    private void leaveFor(Role next, PeerEffects out) {
        paxos.leave(out);
        out.cancelTimer(PROBE);
        out.cancelTimer(CANDIDACY);
        role = next;
    }

    private void serve(Election.Phase phase, long nowMillis, PeerEffects out) {
        boolean leads = phase == Election.Phase.LEADER;
        leaveFor(leads ? Role.LEADER : Role.PEON, out);
        servedEpoch = election.epoch();
        if (leads) {
            paxos.lead(election, members, nowMillis, out);
            knockOutside(nowMillis, out);
        } else {
            paxos.follow(election, members, nowMillis, out);
        }
    }
}
