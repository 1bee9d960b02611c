package io.roost.cluster.mon;

import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonTransaction;

/**
 * One service of a monitor: committed state, read from the store, and pending changes, which exist only until they are
 * proposed. Messages see the pending changes of those before them.
 */
interface MonService {
    /** Answers a message, or makes it a pending change; {@link Prepared#notMine} when another service does. */
    Prepared prepare(MonMessage.ToMonitor message, Clocks now);

    /** Writes the pending changes, if there are any, as one change of the service's state, and forgets them. */
    void encodePending(MonTransaction transaction, long wallMillis);

    /** Reads what was committed. */
    void refresh();

    /** This monitor begins to lead, or does not any more: what was prepared before may come to nothing. */
    default void onTerm(Clocks now) {}

    /** About a second has passed, and this monitor leads: there may be pending changes now. */
    default void onTick(Clocks now) {}
}
