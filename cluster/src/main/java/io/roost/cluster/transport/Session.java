package io.roost.cluster.transport;

import io.roost.cluster.message.Message;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;

/**
 * Two entities that talk: messages arrive in the order in which they were sent, each at most once and none after a gap,
 * until the session ends. Nothing is sent again then: the machines above know what to repeat. For any thread.
 */
public interface Session {
    /** Its number, unique in the process: what machines know it by. Negative when the peer is in this process. */
    long number();

    /** The other side; its nonce may be 0 until it has answered. */
    Entity peer();

    /** What it is for. */
    Channel channel();

    /** False once it has ended. */
    boolean isUsable();

    /**
     * Sends a message, or drops it when the session has ended. The body of an answer belongs to the session, or to who gets
     * it, from now on; those of an operation or a transaction stay their sender's, who leaves them alone until there is an
     * answer.
     */
    void send(Message message);

    /** Ends it; what was sent before may still arrive. */
    void close();
}
