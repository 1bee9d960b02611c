package io.roost.cluster.message;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Who leads the monitors: Ceph's election, with the epoch that every message carries. */
public sealed interface ElectionMessage extends MonPeerMessage {
    /** Epoch of the election; odd while it is going on, even once it is won. */
    int epoch();

    /**
     * The sender wants to lead.
     *
     * @param epoch odd
     * @param monMapEpoch of the sender's monitor map; only those with the same one can vote
     */
    record Propose(int epoch, int monMapEpoch) implements ElectionMessage {
        /** Checks the range above. */
        public Propose {
            requireOdd(epoch);
        }
    }

    /**
     * The sender votes for the receiver, and for no other in this epoch.
     *
     * @param epoch odd, of the receiver's proposal
     */
    record Ack(int epoch) implements ElectionMessage {
        /** Checks the range above. */
        public Ack {
            requireOdd(epoch);
        }
    }

    /**
     * The sender cannot vote in the epoch of the receiver's proposal, and would in this one.
     *
     * @param epoch odd
     */
    record Nak(int epoch) implements ElectionMessage {
        /** Checks the range above. */
        public Nak {
            requireOdd(epoch);
        }
    }

    /**
     * The sender leads.
     *
     * @param epoch even, the one after that of its proposal
     * @param quorum names of those who voted for it, itself among them
     */
    record Victory(int epoch, SortedSet<String> quorum) implements ElectionMessage {
        /** Copies the names, and checks the range above. */
        public Victory {
            quorum = Collections.unmodifiableSortedSet(new TreeSet<>(quorum));
            if (epoch < 2 || epoch % 2 != 0) {
                throw new IllegalArgumentException("a victory in epoch " + epoch);
            }
        }
    }

    private static void requireOdd(int epoch) {
        if (epoch < 1 || epoch % 2 == 0) {
            throw new IllegalArgumentException("an election in epoch " + epoch);
        }
    }
}
