package io.roost.cluster.mon;

import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.PeerEffects;

/** What a monitor wants done; see {@link MonStore} on persisting. */
public interface MonEffects extends PeerEffects {
    /**
     * Send a message to the daemon or client of a session; it is dropped when the session has ended.
     *
     * @param session the number that its messages came with
     */
    void send(long session, MonMessage.FromMonitor message);
}
