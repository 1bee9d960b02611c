package io.roost.cluster.osd;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.RequestId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Who watches which entry, and the notifications not acknowledged by all yet (Ceph's watch/notify). Held in memory: a
 * watcher watches again when the primary changes, and must poll for what it may have missed meanwhile.
 *
 * <p>Somebody may believe to watch who is not known here: because another OSD was the primary until now, or because the
 * session has ended and the other side has not noticed. So a notification lasts until all of its timeout has passed since
 * this OSD began to keep watches of the placement group, or last lost a watcher: who was told nothing has had that time to
 * notice. (Ceph keeps its watchers on disk instead, and waits for those to come back.) Where there has only ever been one
 * OSD its clients end with it, and nobody is waited for.
 */
final class Watches {
    private record Watched(PgId pg, Locator locator, Bytes name) {}

    private record Watcher(long session, long watch) {}

    private static final class Notification {
        final RequestId request;
        final long deadlineMillis;
        final Set<Watcher> unheard;
        long session;
        int heard;
        /** From when on it ends when all have heard it. */
        long endsFromMillis;

        Notification(long session, RequestId request, long deadlineMillis, Set<Watcher> unheard, long endsFromMillis) {
            this.session = session;
            this.request = request;
            this.deadlineMillis = deadlineMillis;
            this.unheard = unheard;
            this.endsFromMillis = endsFromMillis;
        }

        boolean isOver(long nowMillis) {
            return nowMillis >= deadlineMillis || (unheard.isEmpty() && nowMillis >= endsFromMillis);
        }
    }

    /** Sends to the client of a session. */
    interface Replies {
        void reply(long session, OsdMessage.ToClient message);
    }

    private final Map<Watched, LinkedHashSet<Watcher>> watchers = new HashMap<>();
    private final Map<RequestId, Notification> notifications = new LinkedHashMap<>();
    /** Since when all watchers of a placement group are known, as far as they know of this OSD. */
    private final Map<PgId, Long> sinceMillis = new HashMap<>();

    private final BooleanSupplier isAlone;

    /**
     * Without watchers.
     *
     * @param isAlone true while there has only ever been one OSD
     */
    Watches(BooleanSupplier isAlone) {
        this.isAlone = isAlone;
    }

    void onWatch(long session, OsdMessage.Watch message, int mapEpoch, long nowMillis, Replies out) {
        sinceMillis.putIfAbsent(message.pg(), nowMillis);
        Watched watched = new Watched(message.pg(), message.locator(), message.name());
        watchers.computeIfAbsent(watched, w -> new LinkedHashSet<>()).add(new Watcher(session, message.watch()));
        out.reply(session, new OsdMessage.WatchReply(message.request(), mapEpoch));
    }

    void onUnwatch(long session, OsdMessage.Unwatch message, int mapEpoch, Replies out) {
        Watched watched = new Watched(message.pg(), message.locator(), message.name());
        Set<Watcher> set = watchers.get(watched);
        if (set != null) {
            set.remove(new Watcher(session, message.watch()));
            if (set.isEmpty()) {
                watchers.remove(watched);
            }
        }
        out.reply(session, new OsdMessage.WatchReply(message.request(), mapEpoch));
    }

    void onNotify(long session, OsdMessage.Notify message, int mapEpoch, long nowMillis, Replies out) {
        Notification known = notifications.get(message.request());
        if (known != null) {
            known.session = session;
            return;
        }
        sinceMillis.putIfAbsent(message.pg(), nowMillis);
        Set<Watcher> set = watchers.getOrDefault(
                new Watched(message.pg(), message.locator(), message.name()), new LinkedHashSet<>());
        Notification notification = new Notification(
                session,
                message.request(),
                nowMillis + message.timeoutMillis(),
                new LinkedHashSet<>(set),
                isAlone.getAsBoolean() ? nowMillis : sinceMillis.get(message.pg()) + message.timeoutMillis());
        notifications.put(message.request(), notification);
        for (Watcher watcher : new ArrayList<>(notification.unheard)) {
            out.reply(
                    watcher.session(),
                    new OsdMessage.WatchNotify(
                            message.request(), message.pg(), message.locator(), watcher.watch(), message.payload()));
        }
        endIfOver(notification, mapEpoch, nowMillis, out);
    }

    void onNotifyAck(long session, OsdMessage.NotifyAck message, int mapEpoch, long nowMillis, Replies out) {
        Notification notification = notifications.get(message.request());
        if (notification != null && notification.unheard.remove(new Watcher(session, message.watch()))) {
            notification.heard++;
            endIfOver(notification, mapEpoch, nowMillis, out);
        }
    }

    private void endIfOver(Notification notification, int mapEpoch, long nowMillis, Replies out) {
        if (notification.isOver(nowMillis) && notifications.remove(notification.request) != null) {
            out.reply(
                    notification.session,
                    new OsdMessage.NotifyReply(
                            notification.request, mapEpoch, notification.heard, notification.unheard.size()));
        }
    }

    /** Forgets the watches of placement groups whose primary is another now: their watchers watch there. */
    void onMap(Predicate<PgId> isPrimary) {
        watchers.keySet().removeIf(watched -> !isPrimary.test(watched.pg()));
        sinceMillis.keySet().removeIf(pg -> !isPrimary.test(pg));
    }

    void onTick(long nowMillis, int mapEpoch, Replies out) {
        for (Notification notification : List.copyOf(notifications.values())) {
            endIfOver(notification, mapEpoch, nowMillis, out);
        }
    }

    /** A client's session has ended: its watches go, and nobody waits for its acknowledgements. */
    void onSessionClosed(long session, int mapEpoch, long nowMillis, Replies out) {
        for (Iterator<Map.Entry<Watched, LinkedHashSet<Watcher>>> all =
                        watchers.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<Watched, LinkedHashSet<Watcher>> one = all.next();
            if (one.getValue().removeIf(watcher -> watcher.session() == session)) {
                sinceMillis.put(one.getKey().pg(), nowMillis);
            }
            if (one.getValue().isEmpty()) {
                all.remove();
            }
        }
        for (Notification notification : List.copyOf(notifications.values())) {
            if (notification.unheard.removeIf(watcher -> watcher.session() == session)) {
                notification.endsFromMillis = isAlone.getAsBoolean() ? nowMillis : notification.deadlineMillis;
                endIfOver(notification, mapEpoch, nowMillis, out);
            }
        }
    }
}
