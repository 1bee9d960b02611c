package io.roost.cluster.machine;

/**
 * What a machine wants done. Effects are carried out in the order asked for, and a message sent after a batch was
 * persisted leaves only when that batch is durable: a machine may answer in the same breath in which it decides.
 *
 * <p>When a batch cannot be made durable the daemon stops; the machine is never asked again.
 *
 * @param <B> a batch of changes of the machine's durable state
 * @param <M> what it says
 */
public interface Effects<B, M> {
    /** Make a batch durable, all of it or nothing. */
    void persist(B batch);

    /**
     * Send a message to the peer of a session; it is dropped when the session has ended.
     *
     * @param session the number that the peer's messages came with
     */
    void send(long session, M message);
}
