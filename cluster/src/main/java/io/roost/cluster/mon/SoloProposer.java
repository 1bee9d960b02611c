package io.roost.cluster.mon;

import io.roost.cluster.machine.Invariant;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;

/**
 * Agreement of a quorum of one: what is proposed is committed. The log's entry, the version and the transaction's own
 * changes are one atomic batch.
 */
public final class SoloProposer implements Proposer {
    /** Prefix of the log's keys. */
    static final String PREFIX = "paxos";
    /** Versions kept at least, for monitors that lag. */
    static final int MIN_VERSIONS = 500;
    /** Versions trimmed at a time. */
    static final int TRIM_VERSIONS = 250;

    static final MonKey FIRST = MonKey.of(PREFIX, "first_committed");
    static final MonKey LAST = MonKey.of(PREFIX, "last_committed");

    private long firstCommitted;
    private long lastCommitted;

    /** Goes on where the store's log ends. */
    public SoloProposer(MonStore store) {
        firstCommitted = store.number(FIRST);
        lastCommitted = store.number(LAST);
    }

    @Override
    public long lastCommitted() {
        return lastCommitted;
    }

    @Override
    public boolean isProposing() {
        return false;
    }

    @Override
    public void propose(MonTransaction transaction, MonEffects out) {
        Invariant.check(!transaction.isEmpty(), "a proposed transaction changes something");
        long version = lastCommitted + 1;
        MonTransaction batch = new MonTransaction();
        batch.put(MonKey.of(PREFIX, version), transaction.encode());
        batch.put(LAST, version);
        long first = Math.max(firstCommitted, 1);
        if (version - first >= MIN_VERSIONS + TRIM_VERSIONS) {
            for (long trimmed = first; trimmed < first + TRIM_VERSIONS; trimmed++) {
                batch.remove(MonKey.of(PREFIX, trimmed));
            }
            first += TRIM_VERSIONS;
        }
        if (first != firstCommitted) {
            batch.put(FIRST, first);
        }
        out.persist(batch.append(transaction));
        firstCommitted = first;
        lastCommitted = version;
    }
}
