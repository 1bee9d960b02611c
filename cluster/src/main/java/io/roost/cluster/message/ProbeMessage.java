package io.roost.cluster.message;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** How a monitor outside the quorum finds out what the others are doing. */
public sealed interface ProbeMessage extends MonPeerMessage {
    /** What a monitor is to the quorum; the code is the number on the wire. */
    enum Standing {
        /** Its store is not complete: it must not vote. */
        INCOMPLETE(0),
        /** Outside, and would vote. */
        OUTSIDE(1),
        /** Part of a quorum, but may not answer reads at the moment. */
        MEMBER(2),
        /** Part of a quorum, with a lease. */
        READABLE(3);

        private final int code;

        Standing(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }
    }

    /**
     * Who is there?
     *
     * @param fsid the cluster's id
     * @param sentMillis the sender's monotonic clock
     */
    record Probe(UUID fsid, long sentMillis) implements ProbeMessage {
        /** Checks for null. */
        public Probe {
            Objects.requireNonNull(fsid, "fsid");
        }
    }

    /**
     * The answer.
     *
     * @param probeSentMillis of the question
     * @param monMapEpoch of the monitor map that the sender goes by
     * @param firstCommitted oldest version in its log
     * @param lastCommitted newest one
     * @param standing of the sender
     * @param leader of its quorum
     */
    record ProbeReply(
            long probeSentMillis,
            int monMapEpoch,
            long firstCommitted,
            long lastCommitted,
            Standing standing,
            Optional<String> leader)
            implements ProbeMessage {
        /** Checks for null. */
        public ProbeReply {
            Objects.requireNonNull(standing, "standing");
            Objects.requireNonNull(leader, "leader");
        }
    }

    /**
     * To the leader, from a monitor outside of the quorum whose store is as new as the leader's: a voter asks for an
     * election, another says that it could vote.
     */
    record Join() implements ProbeMessage {}
}
