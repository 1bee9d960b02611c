package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.peering.Activation;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.pg.peering.PeeringEffects;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreTransaction;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Carries out what the peering of a placement group wants: what it says and reads comes after all that was given to the store
 * before.
 */
final class PeeringOutlet implements PeeringEffects {
    /** The placement group. */
    interface Group {
        /** This OSD's copy. */
        LocalCopy copy();

        /** The keys of its entries. */
        KeyLayout.KeyRange keys();

        /** The interval has ended. */
        void end(PgEffects out);

        /** This OSD leads it. */
        void lead(Activation activation, PgEffects out);
    }

    private final PgId id;
    private final int osd;
    private final ObjectStore store;
    private final Commits commits;
    private final Reads reads;
    private final Handover handover;
    private final Role role;
    private final Group group;
    private final ArrayDeque<PeeringMessage> toSelf = new ArrayDeque<>();
    private final Map<Long, LogRead> logReads = new HashMap<>();
    private PgEffects out;

    PeeringOutlet(
            PgId id,
            int osd,
            ObjectStore store,
            Commits commits,
            Reads reads,
            Handover handover,
            Role role,
            Group group) {
        this.id = id;
        this.osd = osd;
        this.store = store;
        this.commits = commits;
        this.reads = reads;
        this.handover = handover;
        this.role = role;
        this.group = group;
    }

    /** This, as long as an input is dealt with. */
    PeeringOutlet to(PgEffects effects) {
        out = effects;
        return this;
    }

    /** What this OSD has said to itself next; null for nothing. */
    PeeringMessage nextToSelf() {
        return toSelf.pollFirst();
    }

    /** The part of the log that was read by a token, when it was; otherwise null. */
    LogRead logRead(long token) {
        return logReads.remove(token);
    }

    /** The interval has ended: nothing that was said to itself or read is of use. */
    void clear() {
        toSelf.clear();
        logReads.clear();
    }

    @Override
    public void send(int to, PeeringMessage message) {
        commits.whenDurable(
                then -> {
                    if (to == osd) {
                        toSelf.addLast(message);
                    } else if (message instanceof PeeringMessage.Notify notify) {
                        then.send(to, notify.with(handover.left(then.nowMillis())));
                    } else {
                        then.send(to, message);
                    }
                },
                out);
    }

    @Override
    public void persist(PgId pg, List<RowChange> rows) {
        if (role.removal() == null || !role.removal().isForgetting()) {
            commits.submit(StoreTransaction.ofRows(pg, rows), out);
        }
    }

    @Override
    public void readLog(PgId pg, ObjectVersion since, long token) {
        LogRead read = new LogRead(store, id, since, group.copy().log().head(), token);
        long own = reads.newToken();
        logReads.put(own, read);
        commits.whenDurable(then -> then.read(id, own, read), out);
    }

    @Override
    public void wantUpThru(int epoch) {
        out.wantUpThru(epoch);
    }

    @Override
    public void wantPgTemp(PgId pg, List<Integer> osds) {
        out.wantPgTemp(pg, osds);
    }

    @Override
    public void deactivate(PgId pg) {
        group.end(out);
    }

    @Override
    public void activate(PgId pg, Activation activation) {
        out.count("pg: active");
        group.lead(activation, out);
    }

    @Override
    public void activateReplica(PgId pg, int primaryOsd) {
        role.follow(group.copy(), primaryOsd, group.keys());
    }

    @Override
    public void remove(PgId pg) {
        role.remove(group.copy(), group.keys(), out);
    }

    @Override
    public void count(String event) {
        out.count(event);
    }
}
