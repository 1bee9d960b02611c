package io.roost.cluster.mon;

import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;

/**
 * Gives every client and daemon an id that nobody else has ever had. Ids are reserved in the store some at a time; those
 * reserved and not given when a monitor stops are never given.
 */
final class AuthService implements MonService {
    static final MonKey LAST_GLOBAL_ID = MonKey.of("auth", "last_global_id");

    /** Ids reserved at a time: one commit for so many clients. */
    private static final int RESERVED_IDS = 64;

    private final MonStore store;
    private long next;
    private long reserved;
    private long pendingReserved;

    AuthService(MonStore store) {
        this.store = store;
        reserved = store.number(LAST_GLOBAL_ID);
        beginAfterReserved();
    }

    @Override
    public Prepared prepare(MonMessage.ToMonitor message, Clocks now) {
        if (!(message instanceof MonMessage.Authenticate request)) {
            return Prepared.notMine();
        }
        long id = next++;
        MonMessage.AuthenticateReply reply = new MonMessage.AuthenticateReply(request.tid(), id);
        if (id <= reserved) {
            return Prepared.answered(reply);
        }
        pendingReserved = Math.max(pendingReserved, id - 1 + RESERVED_IDS);
        return Prepared.pending(reply);
    }

    @Override
    public void encodePending(MonTransaction transaction, long wallMillis) {
        if (pendingReserved > reserved) {
            transaction.put(LAST_GLOBAL_ID, pendingReserved);
        }
    }

    @Override
    public void refresh() {
        reserved = store.number(LAST_GLOBAL_ID);
        if (reserved > pendingReserved) {
            // Another monitor has reserved, and given, them.
            beginAfterReserved();
        }
    }

    @Override
    public void onTerm(Clocks now) {
        beginAfterReserved();
    }

    private void beginAfterReserved() {
        pendingReserved = reserved;
        next = reserved + 1;
    }
}
