package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;

/** What is reserved, and what is said about it, as lines; nothing else is asked for. */
final class NotedReservations implements PgEffects {
    long nowMillis;
    private final List<String> lines = new ArrayList<>();

    /** All since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public void reserve(ReservationSide side, PgId pg, int priority, long token) {
        lines.add("reserve " + side + " " + token + " at " + priority);
    }

    @Override
    public void release(ReservationSide side, PgId pg, long token) {
        lines.add("release " + side + " " + token);
    }

    @Override
    public void send(int osd, PeerMessage message) {
        lines.add("to " + osd + ": " + message);
    }

    @Override
    public long wallMillis() {
        return 0;
    }

    @Override
    public long nowMillis() {
        return nowMillis;
    }

    @Override
    public void count(String event) {
        // nothing depends on it
    }

    @Override
    public void persist(PgId pg, long number, StoreTransaction transaction) {
        throw new AssertionError(transaction);
    }

    @Override
    public void resume(PgId pg) {
        throw new AssertionError(pg);
    }

    @Override
    public void wantUpThru(int epoch) {
        throw new AssertionError(epoch);
    }

    @Override
    public void wantPgTemp(PgId pg, List<Integer> osds) {
        throw new AssertionError(osds);
    }

    @Override
    public void reply(long session, OsdMessage.ToClient reply) {
        throw new AssertionError(reply);
    }

    @Override
    public void read(PgId pg, long token, Runnable task) {
        throw new AssertionError(token);
    }

    @Override
    public void damaged(PgId pg, ChecksumException damage) {
        throw new AssertionError(damage);
    }

    @Override
    public void classFailed(PgId pg, ClassFailedException failure) {
        throw new AssertionError(failure);
    }

    @Override
    public void scrubbed(PgId pg, ScrubResult result) {
        throw new AssertionError(result);
    }
}
