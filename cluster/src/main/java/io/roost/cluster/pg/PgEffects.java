package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.StoreTransaction;
import java.util.List;

/** What a placement group wants done; carried out in the order asked for. */
public interface PgEffects {
    /**
     * Make a transaction durable, after those asked for before; then {@link PlacementGroup#onPersisted} with its number,
     * or {@link PlacementGroup#onRefused} when the store could not take it and did nothing of it.
     *
     * @param pg whose
     * @param number one more than that of the placement group's transaction before
     * @param transaction what to write
     */
    void persist(PgId pg, long number, StoreTransaction transaction);

    /** Let the store take transactions of this placement group again, after a refused one was taken back. */
    void resume(PgId pg);

    /** The time by a clock that only goes on, in milliseconds; for leases alone. */
    long nowMillis();

    /** The time by the clock on the wall, in milliseconds since 1970; for what is kept of when something was. */
    long wallMillis();

    /** Send a message to another OSD, now. */
    void send(int osd, PeerMessage message);

    /** Ask the monitors to note that this OSD is up as of an epoch, until a map says so. */
    void wantUpThru(int epoch);

    /** Ask the monitors that these OSDs act for a placement group for a time, until a map says so; empty for no others. */
    void wantPgTemp(PgId pg, List<Integer> osds);

    /**
     * Ask for a turn at this OSD, in place of what was asked for before on that side for that placement group;
     * {@link PlacementGroup#onReserved} follows when it is its turn, and perhaps {@link PlacementGroup#onPreempted} later.
     *
     * @param priority of {@link RecoveryPriority}
     * @param token for those
     */
    void reserve(ReservationSide side, PgId pg, int priority, long token);

    /** Give back the turn of a token, or do not wait for it any more. */
    void release(ReservationSide side, PgId pg, long token);

    /** Send a reply to the client of a session. */
    void reply(long session, OsdMessage.ToClient reply);

    /**
     * Run a task that reads the disk, away from the event loop; then {@link PlacementGroup#onRead} with what it
     * returned or threw.
     *
     * @param pg whose
     * @param token for {@link PlacementGroup#onRead}
     * @param task reads the store and touches nothing else
     */
    void read(PgId pg, long token, Runnable task);

    /** Tell the administrator that something is damaged here: it was asked for, and another OSD has it or there is no answer. */
    void damaged(PgId pg, ChecksumException damage);

    /** Tell the administrator what a scrub has come to. */
    void scrubbed(PgId pg, ScrubResult result);

    /** Tell the administrator of a fault in the code of a class. */
    void classFailed(PgId pg, ClassFailedException failure);

    /**
     * Count that something noteworthy and rare has happened, as {@link io.roost.cluster.machine.Effects#count}.
     *
     * @param event a few words, always the same for one kind
     */
    void count(String event);
}
