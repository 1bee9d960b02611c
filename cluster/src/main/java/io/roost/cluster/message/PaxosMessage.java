package io.roost.cluster.message;

import io.roost.cluster.object.Bytes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a leader and its peons agree on the next version of their log, one at a time: Paxos as Ceph's monitors speak it
 * (collect, last, begin, accept, commit), and the leases under which they answer reads. Every message belongs to the
 * quorum of one election.
 */
public sealed interface PaxosMessage extends MonPeerMessage {
    /** Epoch of the election that made the quorum, even. */
    int epoch();

    /**
     * The leader's first question: what is known, and will you follow this proposal number?
     *
     * @param pn proposal number, higher than all the leader knows
     * @param firstCommitted oldest version in the leader's log
     * @param lastCommitted newest one
     */
    record Collect(int epoch, long pn, long firstCommitted, long lastCommitted) implements PaxosMessage {}

    /**
     * The answer.
     *
     * @param pn highest proposal number the peon follows; the leader's own is a yes
     * @param firstCommitted oldest version in the peon's log
     * @param lastCommitted newest one
     * @param committed versions after the leader's last one, as many as fit; what is not asked for is not sent
     * @param uncommitted the version after the peon's last one, when it has accepted one
     * @param promisedMillis how long the peon must not help to commit what a lease holder outside of this quorum does
     *     not know
     */
    record Last(
            int epoch,
            long pn,
            long firstCommitted,
            long lastCommitted,
            Versions committed,
            Optional<Uncommitted> uncommitted,
            int promisedMillis)
            implements PaxosMessage {
        /** Checks for null. */
        public Last {
            Objects.requireNonNull(committed, "committed");
            Objects.requireNonNull(uncommitted, "uncommitted");
        }
    }

    /**
     * The leader proposes a value.
     *
     * @param pn the number collected with
     * @param version the one after the leader's last
     * @param value an encoded transaction
     */
    record Begin(int epoch, long pn, long version, Bytes value) implements PaxosMessage {}

    /** The peon has the value on disk, and will not answer reads before it knows what becomes of it. */
    record Accept(int epoch, long pn, long version) implements PaxosMessage {}

    /**
     * Versions up to one are decided.
     *
     * @param pn the number under which the newest was accepted, by those who have accepted it
     * @param lastCommitted the newest
     * @param committed those that the peon lacks; none when it has accepted all there is
     */
    record Commit(int epoch, long pn, long lastCommitted, Versions committed) implements PaxosMessage {
        /** Checks for null. */
        public Commit {
            Objects.requireNonNull(committed, "committed");
        }
    }

    /**
     * The leader asks for a lease: a promise of everybody in the quorum not to commit without it for a time.
     *
     * @param round number of this question
     * @param lastCommitted newest version
     */
    record Lease(int epoch, long round, long lastCommitted) implements PaxosMessage {}

    /**
     * The promise.
     *
     * @param round of the question
     * @param lastCommitted newest version the peon knows
     * @param sentMillis the peon's monotonic clock, for {@link LeaseGrant}
     */
    record LeaseAck(int epoch, long round, long lastCommitted, long sentMillis) implements PaxosMessage {}

    /**
     * The leader has everybody's promise, and shares what is left of its lease.
     *
     * @param lastCommitted the version that may be read
     * @param sentMillis of the peon's newest promise that this rests on
     * @param forMillis how long from then on
     */
    record LeaseGrant(int epoch, long lastCommitted, long sentMillis, int forMillis) implements PaxosMessage {}

    /**
     * A value that was accepted and is not known to be decided.
     *
     * @param version in the log
     * @param pn the number it was proposed with: not that of any later question
     * @param value an encoded transaction
     */
    record Uncommitted(long version, long pn, Bytes value) {}

    /**
     * Consecutive versions of the log.
     *
     * @param first of them; 0 and up, meaningless when there are none
     * @param values encoded transactions
     */
    record Versions(long first, List<Bytes> values) {
        /** No versions. */
        public static final Versions NONE = new Versions(0, List.of());

        /** Copies the list. */
        public Versions {
            values = List.copyOf(values);
        }
    }
}
