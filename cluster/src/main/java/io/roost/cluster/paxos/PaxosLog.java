package io.roost.cluster.paxos;

import io.roost.cluster.machine.Invariant;
import io.roost.cluster.message.PaxosMessage;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a monitor must never forget: which versions are decided, which value it has accepted after them and under which
 * proposal number, and which number it follows. The number of an accepted value is kept beside it: a later question
 * raises the number that is followed, and must not make an old value look new.
 *
 * <p>A decided version, its transaction and the transaction's own changes are one batch.
 */
final class PaxosLog {
    static final String PREFIX = "paxos";
    static final MonKey FIRST = MonKey.of(PREFIX, "first_committed");
    static final MonKey LAST = MonKey.of(PREFIX, "last_committed");
    static final MonKey ACCEPTED_PN = MonKey.of(PREFIX, "accepted_pn");
    static final MonKey PENDING_VERSION = MonKey.of(PREFIX, "pending_v");
    static final MonKey PENDING_PN = MonKey.of(PREFIX, "pending_pn");

    /** Proposal numbers are multiples of this, plus the rank of the one who made it. */
    private static final int PN_STEP = 100;

    private final MonStore store;
    private final LogLimits limits;
    private long firstCommitted;
    private long lastCommitted;
    private long acceptedPn;
    /** Of the accepted version after the last; 0 for none. */
    private long pendingPn;

    PaxosLog(MonStore store, LogLimits limits) {
        this.store = store;
        this.limits = limits;
        load();
    }

    /** The batch that makes a new log in an empty store, with this as its first version. */
    static MonTransaction first(MonTransaction transaction) {
        return new MonTransaction()
                .put(MonKey.of(PREFIX, 1), transaction.encode())
                .put(FIRST, 1)
                .put(LAST, 1)
                .append(transaction);
    }

    private void load() {
        firstCommitted = store.number(FIRST);
        lastCommitted = store.number(LAST);
        acceptedPn = store.number(ACCEPTED_PN);
        pendingPn = store.number(PENDING_VERSION) == lastCommitted + 1 ? store.number(PENDING_PN) : 0;
    }

    long firstCommitted() {
        return firstCommitted;
    }

    long lastCommitted() {
        return lastCommitted;
    }

    long acceptedPn() {
        return acceptedPn;
    }

    /** Number of the value accepted after the last version, 0 when there is none. */
    long pendingPn() {
        return pendingPn;
    }

    /** The value accepted after the last version. */
    Optional<PaxosMessage.Uncommitted> uncommitted() {
        long version = lastCommitted + 1;
        return pendingPn == 0
                ? Optional.empty()
                : Optional.of(new PaxosMessage.Uncommitted(version, pendingPn, value(version)));
    }

    private Bytes value(long version) {
        return MonStoreException.require(store, MonKey.of(PREFIX, version));
    }

    /** Versions from one on, as many as fit into a message; none when that one is not there. */
    PaxosMessage.Versions versionsFrom(long first) {
        if (first < firstCommitted || first > lastCommitted) {
            return PaxosMessage.Versions.NONE;
        }
        List<Bytes> values = new ArrayList<>();
        int sizeBytes = 0;
        for (long version = first; version <= lastCommitted && sizeBytes < limits.messageBytes(); version++) {
            Bytes value = value(version);
            values.add(value);
            sizeBytes += value.length();
        }
        return new PaxosMessage.Versions(first, values);
    }

    /** A proposal number above all known ones, that nobody of another rank ever uses. */
    long newPn(long above, int rank) {
        return (Math.max(above, acceptedPn) / PN_STEP + 1) * PN_STEP + rank;
    }

    /** Follows a higher number from now on. */
    void promise(long pn, PeerEffects out) {
        Invariant.check(pn > acceptedPn, "the proposal number that is followed only grows");
        acceptedPn = pn;
        out.persist(new MonTransaction().put(ACCEPTED_PN, pn));
    }

    /** Takes a value for the version after the last. */
    void accept(long pn, Bytes value, PeerEffects out) {
        Invariant.check(pn == acceptedPn, "a value is accepted under the number that is followed");
        long version = lastCommitted + 1;
        pendingPn = pn;
        out.persist(new MonTransaction()
                .put(MonKey.of(PREFIX, version), value)
                .put(PENDING_VERSION, version)
                .put(PENDING_PN, pn));
    }

    /** The value accepted is decided. */
    void commitAccepted(PeerEffects out) {
        commit(value(lastCommitted + 1), out);
    }

    /** The next version is decided. */
    void commit(Bytes value, PeerEffects out) {
        long version = lastCommitted + 1;
        MonTransaction batch = new MonTransaction();
        batch.put(MonKey.of(PREFIX, version), value).put(LAST, version);
        if (pendingPn != 0) {
            batch.remove(PENDING_VERSION).remove(PENDING_PN);
        }
        long first = Math.max(1, firstCommitted);
        if (version - first >= limits.minVersions() + limits.trimVersions()) {
            for (long trimmed = first; trimmed < first + limits.trimVersions(); trimmed++) {
                batch.remove(MonKey.of(PREFIX, trimmed));
            }
            first += limits.trimVersions();
        }
        if (first != firstCommitted) {
            batch.put(FIRST, first);
        }
        out.persist(batch.append(MonTransaction.decode(value)));
        firstCommitted = first;
        lastCommitted = version;
        pendingPn = 0;
    }

    /** Forgets the log, and goes on with a version as the first: the store holds a state of about then. */
    void beginAt(long version, PeerEffects out) {
        firstCommitted = version;
        lastCommitted = version - 1;
        pendingPn = 0;
        out.persist(new MonTransaction()
                .put(FIRST, firstCommitted)
                .put(LAST, lastCommitted)
                .remove(PENDING_VERSION)
                .remove(PENDING_PN));
    }
}
