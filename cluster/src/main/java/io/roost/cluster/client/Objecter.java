package io.roost.cluster.client;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Chooses the target of every request from the client's map and sends it again, as the same request, until it is
 * answered or its deadline passes (Ceph's Objecter). What a replica may answer goes to a near one first, and to the primary
 * when that does not answer it (decision 14). A machine: one thread, time as input, effects out in order.
 */
public final class Objecter {
    /** What the objecter wants done. */
    public interface Effects {
        /** Send a message to an OSD. */
        void send(int osd, OsdMessage.ToPrimary message);

        /** The answer to a request; the request is forgotten. */
        void complete(long tid, OsdMessage.ToClient reply);

        /** A request ends without an answer. */
        void fail(long tid, ObjectException failure);

        /** Ask for maps newer than the given epoch; {@link Objecter#onMap} follows. */
        void wantMap(int epoch);
    }

    /** What is asked for: it knows its target by a map, and its message for one send. */
    public interface Request {
        /** The pool it is about. */
        long pool();

        /** Its placement group by a map that has the pool. */
        PgId pg(OsdMap map);

        /**
         * The message.
         *
         * @param id the same for every send
         * @param mapEpoch of the map the target was computed from
         * @param pg the target
         * @param knownVersion newest version of the placement group known when no copy was on its way yet
         * @param attempt 0 for the first send
         */
        OsdMessage.ToPrimary message(RequestId id, int mapEpoch, PgId pg, ObjectVersion knownVersion, int attempt);

        /**
         * The message for a replica, which answers with status 0 or leaves it to the primary; null when only the primary may
         * answer.
         */
        default OsdMessage.ToPrimary toReplica(RequestId id, int mapEpoch, PgId pg) {
            return null;
        }

        /** A message of this request may be read after the request has ended: not every one that was sent is answered. */
        default void onOutlived() {}
    }

    /** What is asked for of one locator. */
    public interface OfLocator extends Request {
        /** Of what. */
        Locator locator();

        @Override
        default long pool() {
            return locator().pool();
        }

        @Override
        default PgId pg(OsdMap map) {
            return map.pgOf(locator());
        }
    }

    /** Sent again when there is no answer for this long: more than a peering takes. */
    private static final long RESEND_AFTER_MILLIS = 10_000;

    private static final int NOBODY = -1;

    /**
     * Where a copy went. Another target is another interval of the placement group, in which the primary knows nothing of
     * copies that were not carried out.
     *
     * @param acting the OSDs that serve the placement group
     * @param primary first of them that orders requests, negative for none
     * @param primaryUpFrom epoch since which that OSD is up
     * @param up the OSDs that placement gives
     * @param size of the pool
     * @param minSize of the pool
     * @param isAlone true when there is no other OSD: the first that joins ends an interval, whatever placement says of it
     */
    private record Target(
            PgId pg,
            List<Integer> acting,
            int primary,
            int primaryUpFrom,
            List<Integer> up,
            int size,
            int minSize,
            boolean isAlone) {
        static Target of(OsdMap map, PgId pg) {
            int primary = map.primary(pg);
            Pool pool = map.pool(pg.pool());
            return new Target(
                    pg,
                    map.acting(pg),
                    primary,
                    primary < 0 ? 0 : map.osd(primary).upFrom(),
                    map.up(pg),
                    pool.size(),
                    pool.minSize(),
                    map.hasOneOsd());
        }
    }

    private static final class Pending {
        final long tid;
        final Request request;
        final long deadlineMillis;
        ObjectVersion knownVersion;
        int attempt;
        /** Copies sent to primaries that may still be carried out. */
        int copies;
        /** The replica that was asked first and has not answered, {@link #NOBODY} for none. */
        int replica = NOBODY;

        /** Null when the last copy is known to be at the wrong OSD. */
        Target target;

        long sentMillis;

        Pending(long tid, Request request, long deadlineMillis) {
            this.tid = tid;
            this.request = request;
            this.deadlineMillis = deadlineMillis;
        }
    }

    private final long client;
    private final int incarnation;
    private final IntPredicate isNear;
    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private final Map<PgId, ObjectVersion> known = new HashMap<>();
    private OsdMap map;

    /**
     * An objecter without requests.
     *
     * @param client global id, unique in the cluster
     * @param incarnation of this objecter among all that use the id
     * @param map the newest map known
     */
    public Objecter(long client, int incarnation, OsdMap map) {
        this(client, incarnation, map, osd -> false);
    }

    /**
     * The same with OSDs that are reached more cheaply than others.
     *
     * @param isNear which they are
     */
    public Objecter(long client, int incarnation, OsdMap map, IntPredicate isNear) {
        this.client = client;
        this.incarnation = incarnation;
        this.map = map;
        this.isNear = isNear;
    }

    /** The newest map known. */
    public OsdMap map() {
        return map;
    }

    /** Requests without an answer. */
    public int pendingCount() {
        return pending.size();
    }

    /**
     * Sends a request.
     *
     * @param tid the caller's number for it, never used twice
     */
    public void onRequest(long tid, Request request, long deadlineMillis, long nowMillis, Effects out) {
        if (map.pool(request.pool()) == null) {
            out.fail(tid, new ObjectException(ObjectError.NO_SUCH_POOL, "pool " + request.pool()));
            return;
        }
        Pending op = new Pending(tid, request, deadlineMillis);
        pending.put(tid, op);
        send(op, nowMillis, out);
    }

    private void send(Pending op, long nowMillis, Effects out) {
        PgId pg = op.request.pg(map);
        op.target = Target.of(map, pg);
        op.sentMillis = nowMillis;
        if (op.target.primary() < 0) {
            out.wantMap(map.epoch());
            return;
        }
        if (op.attempt == 0) {
            op.knownVersion = known.getOrDefault(pg, ObjectVersion.NONE);
        }
        if (op.attempt == 0 && sendToReplica(op, pg, out)) {
            return;
        }
        int attempt = op.attempt++;
        op.copies++;
        if (attempt > 0) {
            op.request.onOutlived();
        }
        if (op.replica == op.target.primary()) {
            // What it says from here on, it says as the primary.
            op.replica = NOBODY;
        }
        out.send(op.target.primary(), op.request.message(id(op), map.epoch(), pg, op.knownVersion, attempt));
    }

    private RequestId id(Pending op) {
        return new RequestId(client, incarnation, op.tid);
    }

    /** False when no near replica acts, or the primary is as near, or only the primary may answer. */
    private boolean sendToReplica(Pending op, PgId pg, Effects out) {
        int replica = nearReplica(op.target.primary(), op.target.acting());
        OsdMessage.ToPrimary message = replica == NOBODY ? null : op.request.toReplica(id(op), map.epoch(), pg);
        if (message == null) {
            return false;
        }
        op.attempt++;
        op.replica = replica;
        out.send(replica, message);
        return true;
    }

    /** True when of a placement group, by the newest map, a near replica is asked first for what a replica may answer. */
    public boolean isReplicaNear(PgId pg) {
        return nearReplica(map.primary(pg), map.acting(pg)) != NOBODY;
    }

    private int nearReplica(int primary, List<Integer> acting) {
        if (primary < 0 || isNear.test(primary)) {
            return NOBODY;
        }
        for (int osd : acting) {
            if (isNear.test(osd)) {
                return osd;
            }
        }
        return NOBODY;
    }

    /** An OSD has answered. */
    public void onReply(int osd, OsdMessage.ToClient reply, long nowMillis, Effects out) {
        RequestId id = reply.request();
        long tid = id.tid();
        Pending op = id.equals(new RequestId(client, incarnation, tid)) ? pending.get(tid) : null;
        if (op == null) {
            if (reply instanceof OsdMessage.OperationReply answer) {
                answer.data().release();
            }
            return;
        }
        if (reply.mapEpoch() > map.epoch()) {
            out.wantMap(reply.mapEpoch() - 1);
        }
        if (op.replica == osd && !(reply instanceof OsdMessage.OperationReply)) {
            onNoReplica(op, nowMillis, out);
            return;
        }
        if (reply instanceof OsdMessage.Outdated outdated) {
            onOutdated(op, outdated, nowMillis, out);
            return;
        }
        if (reply instanceof OsdMessage.WrongPrimary wrong) {
            op.copies--;
            if (wrong.mapEpoch() > map.epoch()) {
                op.target = null;
            }
            return;
        }
        if (reply instanceof OsdMessage.Refusal refusal && refusal.error() == ObjectError.BUSY && --op.copies > 0) {
            // Said of one copy. Another, or one sent again later, has an answer for the request.
            return;
        }
        if (reply instanceof OsdMessage.OperationReply answer) {
            learn(op.request.pg(map), answer.pgVersion());
        }
        pending.remove(tid);
        out.complete(tid, reply);
    }

    /** The replica that was asked has no answer; the primary may have been asked meanwhile, by another map. */
    private void onNoReplica(Pending op, long nowMillis, Effects out) {
        op.replica = NOBODY;
        if (op.copies == 0) {
            send(op, nowMillis, out);
        }
    }

    private void learn(PgId pg, ObjectVersion version) {
        known.merge(pg, version, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    /** The only copy is sent again with a version from now on; of several, one may have been carried out. */
    private void onOutdated(Pending op, OsdMessage.Outdated outdated, long nowMillis, Effects out) {
        PgId pg = op.request.pg(map);
        learn(pg, outdated.pgVersion());
        if (!outdated.knownVersion().equals(op.knownVersion)) {
            return;
        }
        op.copies--;
        if (op.copies == 0) {
            op.knownVersion = outdated.pgVersion();
            send(op, nowMillis, out);
        } else {
            String message = "the log of " + pg + " does not reach back to " + op.knownVersion;
            giveUp(op, new ObjectException(ObjectError.OUTCOME_UNKNOWN, message), out);
        }
    }

    /** A map has come; requests whose target it changes are sent again. */
    public void onMap(OsdMap newer, long nowMillis, Effects out) {
        if (newer.epoch() <= map.epoch()) {
            return;
        }
        map = newer;
        known.keySet().removeIf(pg -> newer.pool(pg.pool()) == null);
        for (Pending op : new ArrayList<>(pending.values())) {
            if (newer.pool(op.request.pool()) == null) {
                giveUp(op, new ObjectException(ObjectError.NO_SUCH_POOL, "pool " + op.request.pool()), out);
            } else if (!Target.of(newer, op.request.pg(newer)).equals(op.target)) {
                send(op, nowMillis, out);
            }
        }
    }

    /** The connection to an OSD was lost; what it has not answered is sent again. */
    public void onReset(int osd, long nowMillis, Effects out) {
        for (Pending op : new ArrayList<>(pending.values())) {
            if (op.replica == osd) {
                onNoReplica(op, nowMillis, out);
            } else if (op.target != null && op.target.primary() == osd) {
                send(op, nowMillis, out);
            }
        }
    }

    /** Time has passed: gives up what is over its deadline, sends again what has waited long. */
    public void onTick(long nowMillis, Effects out) {
        List<Pending> all = new ArrayList<>(pending.values());
        for (Pending op : all) {
            if (nowMillis >= op.deadlineMillis) {
                String message = "no answer for " + op.request.pg(map)
                        + (op.target == null ? " from any OSD" : " from osd." + op.target.primary());
                giveUp(op, new ObjectException(ObjectError.TIMED_OUT, message), out);
            } else if (nowMillis - op.sentMillis >= RESEND_AFTER_MILLIS) {
                send(op, nowMillis, out);
            }
        }
    }

    /** The client stops: every request ends. */
    public void onShutdown(Effects out) {
        for (Pending op : new ArrayList<>(pending.values())) {
            giveUp(op, new ObjectException(ObjectError.SHUT_DOWN, "the client stops"), out);
        }
    }

    private void giveUp(Pending op, ObjectException failure, Effects out) {
        pending.remove(op.tid);
        op.request.onOutlived();
        out.fail(op.tid, failure);
    }
}
