package io.roost.cluster.paxos;

import io.roost.cluster.machine.Invariant;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.message.ElectionMessage;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Elects a leader of the monitors: the one of lowest rank among those who are there, by a strict majority of all voters.
 * After Ceph's classic strategy (ElectionLogic), with one rule more: <em>nobody votes twice in one epoch</em>. A monitor
 * whose vote went to somebody else asks a better candidate to propose in the next election's epoch (Nak). So an even
 * epoch has at most one leader, whatever is lost, late or restarted:
 *
 * <ul>
 *   <li>a vote is given in an odd epoch that the store already holds, and an odd epoch found at the start is left behind;
 *   <li>a candidate's vote for itself may move to a better candidate once, for it does not win any more then;
 *   <li>an epoch only grows.
 * </ul>
 *
 * <p>One thread at a time; the owner looks at {@link #phase} after every input.
 */
public final class Election {
    /** The timer. */
    public static final TimerId TIMER = new TimerId("election");

    static final String PREFIX = "election";
    static final MonKey EPOCH = MonKey.of(PREFIX, "epoch");

    /** What this monitor is doing about the leadership. */
    public enum Phase {
        /** Nothing, or it has given up. */
        IDLE,
        /** It wants to lead. */
        PROPOSING,
        /** It has voted for another. */
        DEFERRED,
        /** It leads. */
        LEADER,
        /** It follows. */
        PEON
    }

    private final int electionMillis;
    private final SortedSet<String> acked = new TreeSet<>();
    private final SortedSet<String> unreachable = new TreeSet<>();
    private Members members;
    private int epoch;
    private Phase phase = Phase.IDLE;
    /** Whom the vote of this epoch went to, or null. */
    private String vote;

    private long proposedMillis;

    private String leader;
    private SortedSet<String> quorum = Collections.emptySortedSet();

    /** An election among these, in which nothing happens yet. */
    Election(MonStore store, Members members, QuorumTiming timing) {
        this.members = members;
        electionMillis = timing.electionMillis();
        int stored = (int) store.number(EPOCH);
        // It may have voted in an odd epoch and does not know for whom.
        epoch = stored + stored % 2;
    }

    /** The epoch; even while somebody leads. */
    public int epoch() {
        return epoch;
    }

    /** What this monitor is doing. */
    public Phase phase() {
        return phase;
    }

    /** Who leads; null unless this monitor does or follows. */
    public String leader() {
        return leader;
    }

    /** Who follows, the leader included; empty unless this monitor is among them. */
    public SortedSet<String> quorum() {
        return quorum;
    }

    /** Begins an election of an epoch of its own, with this monitor as a candidate. */
    void start(long nowMillis, PeerEffects out) {
        Invariant.check(members.isVoter(members.self()), "who proposes itself is a voter");
        enter(epoch + 1 + epoch % 2, out);
        propose(nowMillis, out);
    }

    /** Leaves whatever is going on. */
    void stop(PeerEffects out) {
        become(Phase.IDLE, out);
    }

    /** Other members from now on; votes given under the old map do not count. */
    void onMembers(Members changed, PeerEffects out) {
        members = changed;
        unreachable.clear();
        if (epoch % 2 == 1) {
            enter(epoch + 2, out);
        }
        become(Phase.IDLE, out);
    }

    /** Nobody listens where a peer should be: nothing to wait for, unless it is heard again. */
    void onUnreachable(String peer, long nowMillis, PeerEffects out) {
        unreachable.add(peer);
        if (phase == Phase.PROPOSING) {
            winIfAllVoted(nowMillis, out);
        }
    }

    /** A peer is there, whatever it said. */
    void onHeard(String peer) {
        unreachable.remove(peer);
    }

    /** A message. */
    void onMessage(String from, ElectionMessage message, long nowMillis, PeerEffects out) {
        onHeard(from);
        if (!members.isVoter(from) || !members.isVoter(members.self())) {
            return;
        }
        if (message instanceof ElectionMessage.Propose propose) {
            onPropose(from, propose, nowMillis, out);
        } else if (message instanceof ElectionMessage.Ack ack) {
            onAck(from, ack, nowMillis, out);
        } else if (message instanceof ElectionMessage.Nak nak) {
            onNak(nak, nowMillis, out);
        } else if (message instanceof ElectionMessage.Victory victory) {
            onVictory(from, victory, out);
        }
    }

    private void onPropose(String from, ElectionMessage.Propose propose, long nowMillis, PeerEffects out) {
        if (propose.monMapEpoch() != members.epoch()) {
            return;
        }
        if (propose.epoch() < epoch) {
            answerLateCandidate(from, out);
            return;
        }
        if (propose.epoch() > epoch) {
            enter(propose.epoch(), out);
        }
        if (members.outranks(from, members.self())) {
            if (vote == null || vote.equals(members.self()) || vote.equals(from)) {
                defer(from, out);
            } else if (members.outranks(from, vote)) {
                out.count("election: a better candidate comes after the vote");
                out.send(from, new ElectionMessage.Nak(epoch + 2));
            }
        } else if (vote == null) {
            propose(nowMillis, out);
        } else if (phase == Phase.PROPOSING) {
            sendProposal(from, out);
        }
    }

    /** A candidate that has missed an epoch learns of it. */
    private void answerLateCandidate(String from, PeerEffects out) {
        out.count("election: a candidate is behind");
        if (phase == Phase.PROPOSING) {
            sendProposal(from, out);
        } else {
            out.send(from, new ElectionMessage.Nak(epoch + 1 + epoch % 2));
        }
    }

    private void onAck(String from, ElectionMessage.Ack ack, long nowMillis, PeerEffects out) {
        if (phase == Phase.PROPOSING && ack.epoch() == epoch) {
            acked.add(from);
            winIfAllVoted(nowMillis, out);
        }
    }

    private void onNak(ElectionMessage.Nak nak, long nowMillis, PeerEffects out) {
        if (phase == Phase.PROPOSING && nak.epoch() > epoch) {
            enter(nak.epoch(), out);
            propose(nowMillis, out);
        }
    }

    private void onVictory(String from, ElectionMessage.Victory victory, PeerEffects out) {
        boolean isOfMyVote = phase == Phase.DEFERRED && victory.epoch() == epoch + 1 && from.equals(vote);
        if (!isOfMyVote || !victory.quorum().contains(members.self())) {
            return;
        }
        enter(victory.epoch(), out);
        become(Phase.PEON, out);
        leader = from;
        quorum = victory.quorum();
    }

    /** The timer. */
    void onTimer(long nowMillis, PeerEffects out) {
        if (phase == Phase.PROPOSING && canWin(nowMillis)) {
            out.count("election: won without all votes");
            win(out);
        } else if (phase == Phase.PROPOSING || phase == Phase.DEFERRED) {
            out.count("election: given up");
            become(Phase.IDLE, out);
        }
    }

    private void propose(long nowMillis, PeerEffects out) {
        become(Phase.PROPOSING, out);
        vote = members.self();
        proposedMillis = nowMillis;
        acked.clear();
        acked.add(members.self());
        out.setTimer(TIMER, electionMillis);
        members.others().stream().filter(members::isVoter).forEach(voter -> sendProposal(voter, out));
        winIfAllVoted(nowMillis, out);
    }

    private void sendProposal(String to, PeerEffects out) {
        out.send(to, new ElectionMessage.Propose(epoch, members.epoch()));
    }

    private void defer(String candidate, PeerEffects out) {
        become(Phase.DEFERRED, out);
        vote = candidate;
        // Twice: the candidate may wait for others as long as this monitor has already.
        out.setTimer(TIMER, 2L * electionMillis);
        out.send(candidate, new ElectionMessage.Ack(epoch));
    }

    private void winIfAllVoted(long nowMillis, PeerEffects out) {
        boolean isWaiting = false;
        for (String voter : members.voters()) {
            isWaiting |= !acked.contains(voter) && !unreachable.contains(voter);
        }
        if (!isWaiting && canWin(nowMillis)) {
            win(out);
        }
    }

    /** Votes do not count for ever: a monitor that has lost its store and forgotten its vote waits for so long. */
    private boolean canWin(long nowMillis) {
        return members.isMajority(acked) && nowMillis - proposedMillis <= electionMillis * 3L / 2;
    }

    private void win(PeerEffects out) {
        SortedSet<String> voted = Collections.unmodifiableSortedSet(new TreeSet<>(acked));
        enter(epoch + 1, out);
        become(Phase.LEADER, out);
        leader = members.self();
        quorum = voted;
        for (String peon : voted) {
            if (!peon.equals(members.self())) {
                out.send(peon, new ElectionMessage.Victory(epoch, voted));
            }
        }
    }

    /** Goes on to an epoch in which nothing has been voted yet. */
    private void enter(int next, PeerEffects out) {
        Invariant.check(next > epoch, "the election's epoch only grows");
        epoch = next;
        vote = null;
        become(Phase.IDLE, out);
        out.persist(new MonTransaction().put(EPOCH, epoch));
    }

    private void become(Phase next, PeerEffects out) {
        phase = next;
        leader = null;
        quorum = Collections.emptySortedSet();
        out.cancelTimer(TIMER);
    }
}
