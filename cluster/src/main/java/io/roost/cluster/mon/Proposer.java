package io.roost.cluster.mon;

import io.roost.cluster.paxos.MonTransaction;

/**
 * Port to agreement on the log of transactions, of one monitor or of several. A transaction proposed becomes the next version, or, when leadership is
 * lost meanwhile, nothing; committed ones have been applied to the store when {@link #lastCommitted} shows them.
 */
public interface Proposer {
    /** The newest committed version, 0 before the first. */
    long lastCommitted();

    /** True while a transaction proposed is not decided; none can be proposed then. */
    boolean isProposing();

    /** Proposes a transaction as the next version. */
    void propose(MonTransaction transaction, MonEffects out);
}
