package io.roost.cluster.pg.peering;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.List;

/** What the peering of a placement group wants done, in the order asked for. */
public interface PeeringEffects {
    /**
     * Send a message once everything persisted before is durable. One to this OSD itself comes back as an input: that is
     * how it learns that something is durable here.
     */
    void send(int osd, PeeringMessage message);

    /** Make rows durable, after all transactions of the placement group before. */
    void persist(PgId pg, List<RowChange> rows);

    /**
     * Read the log from the store, as it will be when all that was persisted is there; then {@link Peering#onLogRead}.
     *
     * @param since entries after this version
     */
    void readLog(PgId pg, ObjectVersion since, long token);

    /** Ask the monitors to note that this OSD is up as of this epoch, until a map says so. */
    void wantUpThru(int epoch);

    /** Ask the monitors that these OSDs act for a time; empty: those that placement gives. Until a map says so. */
    void wantPgTemp(PgId pg, List<Integer> osds);

    /** The interval has ended: nothing is served, and nobody in flight is answered. */
    void deactivate(PgId pg);

    /** This OSD is the primary and the placement group is active. */
    void activate(PgId pg, Activation activation);

    /** This OSD takes part: changes of the primary may come. */
    void activateReplica(PgId pg, int primary);

    /** The copy is not needed any more and is to be removed. */
    void remove(PgId pg);

    /** Count something noteworthy and rare, as {@link io.roost.cluster.machine.Effects#count}. */
    void count(String event);
}
