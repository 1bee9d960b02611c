package io.roost.cluster.message;

import java.util.Objects;

/**
 * What a monitor that follows passes on to the leader, and the answers. A message that is lost is sent again by whoever
 * sent it first: every message to a monitor may be.
 */
public sealed interface ForwardMessage extends MonPeerMessage {
    /** The number that the peon knows the first sender by. */
    long session();

    /**
     * A message that changes something, which only the leader can do. It is carried out once at most: were one that comes
     * twice carried out again, it could undo what has been changed since.
     *
     * @param epoch of the quorum in which it is passed on
     * @param number higher than that of all that the peon has passed on before
     */
    record Forward(int epoch, long number, long session, MonMessage.ToMonitor message) implements ForwardMessage {
        /** Checks for null. */
        public Forward {
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * An answer for the first sender.
     *
     * @param epoch of the quorum in which the message was passed on: a peon that has begun anew meanwhile, perhaps in
     *     another life, knows somebody else by that number
     */
    record ForwardReply(int epoch, long session, MonMessage.FromMonitor message) implements ForwardMessage {
        /** Checks for null. */
        public ForwardReply {
            Objects.requireNonNull(message, "message");
        }
    }
}
