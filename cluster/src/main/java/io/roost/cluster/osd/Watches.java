package io.roost.cluster.osd;

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
import java.util.function.Predicate;

/**
 * Who watches which entry, and the notifications not acknowledged by all yet (Ceph's watch/notify). Held in memory: a
 * watcher watches again when the primary changes, and must poll for what it may have missed meanwhile.
 */
final class Watches {
    private record Watched(Locator locator, Bytes name) {}

    private record Watcher(long session, long watch) {}

    private static final class Notification {
        final RequestId request;
        final long deadlineMillis;
        final Set<Watcher> unheard;
        long session;
        int heard;

        Notification(long session, RequestId request, long deadlineMillis, Set<Watcher> unheard) {
            this.session = session;
            this.request = request;
            this.deadlineMillis = deadlineMillis;
            this.unheard = unheard;
        }
    }

    /** Sends to the client of a session. */
    interface Replies {
        void reply(long session, OsdMessage.ToClient message);
    }

    private final Map<Watched, LinkedHashSet<Watcher>> watchers = new HashMap<>();
    private final Map<RequestId, Notification> notifications = new LinkedHashMap<>();

    void onWatch(long session, OsdMessage.Watch message, int mapEpoch, Replies out) {
        Watched watched = new Watched(message.locator(), message.name());
        watchers.computeIfAbsent(watched, w -> new LinkedHashSet<>()).add(new Watcher(session, message.watch()));
        out.reply(session, new OsdMessage.WatchReply(message.request(), mapEpoch));
    }

    void onUnwatch(long session, OsdMessage.Unwatch message, int mapEpoch, Replies out) {
        Watched watched = new Watched(message.locator(), message.name());
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
        Set<Watcher> set = watchers.getOrDefault(new Watched(message.locator(), message.name()), new LinkedHashSet<>());
        Notification notification = new Notification(
                session, message.request(), nowMillis + message.timeoutMillis(), new LinkedHashSet<>(set));
        notifications.put(message.request(), notification);
        for (Watcher watcher : new ArrayList<>(notification.unheard)) {
            out.reply(
                    watcher.session(),
                    new OsdMessage.WatchNotify(
                            message.request(), message.pg(), message.locator(), watcher.watch(), message.payload()));
        }
        finishIfHeard(notification, mapEpoch, out);
    }

    void onNotifyAck(long session, OsdMessage.NotifyAck message, int mapEpoch, Replies out) {
        Notification notification = notifications.get(message.request());
        if (notification != null && notification.unheard.remove(new Watcher(session, message.watch()))) {
            notification.heard++;
            finishIfHeard(notification, mapEpoch, out);
        }
    }

    private void finishIfHeard(Notification notification, int mapEpoch, Replies out) {
        if (notification.unheard.isEmpty() && notifications.remove(notification.request) != null) {
            out.reply(
                    notification.session,
                    new OsdMessage.NotifyReply(notification.request, mapEpoch, notification.heard, 0));
        }
    }

    /** Forgets the watches of locators whose primary is another now: their watchers watch there. */
    void onMap(Predicate<Locator> isPrimary) {
        watchers.keySet().removeIf(watched -> !isPrimary.test(watched.locator()));
    }

    void onTick(long nowMillis, int mapEpoch, Replies out) {
        List<Notification> late = new ArrayList<>();
        for (Iterator<Notification> all = notifications.values().iterator(); all.hasNext(); ) {
            Notification notification = all.next();
            if (nowMillis >= notification.deadlineMillis) {
                all.remove();
                late.add(notification);
            }
        }
        for (Notification notification : late) {
            out.reply(
                    notification.session,
                    new OsdMessage.NotifyReply(
                            notification.request, mapEpoch, notification.heard, notification.unheard.size()));
        }
    }

    /** A client's session has ended: its watches go, and nobody waits for its acknowledgements. */
    void onSessionClosed(long session, int mapEpoch, Replies out) {
        watchers.values().forEach(set -> set.removeIf(watcher -> watcher.session() == session));
        watchers.values().removeIf(Set::isEmpty);
        for (Notification notification : new ArrayList<>(notifications.values())) {
            notification.unheard.removeIf(watcher -> watcher.session() == session);
            finishIfHeard(notification, mapEpoch, out);
        }
    }
}
