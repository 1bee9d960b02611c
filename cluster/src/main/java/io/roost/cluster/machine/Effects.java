package io.roost.cluster.machine;

/**
 * What a machine wants done. Effects are carried out in the order asked for, and a message sent after a batch was
 * persisted leaves only when that batch is durable: a machine may answer in the same breath in which it decides.
 *
 * <p>When a batch cannot be made durable the daemon stops; the machine is never asked again.
 *
 * @param <B> a batch of changes of the machine's durable state
 * @param <P> names a peer
 * @param <M> what it says
 */
public interface Effects<B, P, M> {
    /** Make a batch durable, all of it or nothing. */
    void persist(B batch);

    /** Send a message to a peer; it may be lost, and arrive twice when a connection breaks. */
    void send(P peer, M message);

    /**
     * Give the machine a timer as an input after a time; one of the same id that is running is replaced.
     *
     * @param delayMillis on the monotonic clock, 0 and above
     */
    void setTimer(TimerId timer, long delayMillis);

    /** Stop a timer, if it is running. It may fire once more all the same, when it was due already. */
    void cancelTimer(TimerId timer);

    /**
     * Count that something noteworthy and rare has happened: for metrics, and for the simulator, which demands that every
     * kind of it does happen.
     *
     * @param event a few words, always the same for one kind
     */
    void count(String event);
}
