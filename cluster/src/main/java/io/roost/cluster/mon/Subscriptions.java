package io.roost.cluster.mon;

import io.roost.cluster.message.MonMessage;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** Who wants what from which epoch on. */
final class Subscriptions {
    private final OsdMapService osdMaps;
    private final MonMapService monMaps;
    private final ConfigService configs;
    private final TreeMap<Long, EnumMap<MonMessage.Topic, MonMessage.Subscription>> bySession = new TreeMap<>();

    Subscriptions(OsdMapService osdMaps, MonMapService monMaps, ConfigService configs) {
        this.osdMaps = osdMaps;
        this.monMaps = monMaps;
        this.configs = configs;
    }

    void onSubscribe(long session, MonMessage.Subscribe subscribe, MonEffects out) {
        EnumMap<MonMessage.Topic, MonMessage.Subscription> wishes =
                bySession.computeIfAbsent(session, s -> new EnumMap<>(MonMessage.Topic.class));
        for (MonMessage.Subscription subscription : subscribe.subscriptions()) {
            wishes.put(subscription.topic(), subscription);
        }
        push(session, wishes, out);
        if (wishes.isEmpty()) {
            bySession.remove(session);
        }
    }

    void onSessionClosed(long session) {
        bySession.remove(session);
    }

    /** Sends everyone what is new. */
    void pushAll(MonEffects out) {
        bySession.forEach((session, wishes) -> push(session, wishes, out));
        bySession.values().removeIf(Map::isEmpty);
    }

    private void push(long session, EnumMap<MonMessage.Topic, MonMessage.Subscription> wishes, MonEffects out) {
        for (Iterator<Map.Entry<MonMessage.Topic, MonMessage.Subscription>> all =
                        wishes.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<MonMessage.Topic, MonMessage.Subscription> wish = all.next();
            long newest = newest(wish.getKey());
            if (newest < wish.getValue().start()) {
                continue;
            }
            send(session, wish.getValue(), out);
            if (wish.getValue().duration() == MonMessage.Duration.ONCE) {
                all.remove();
            } else {
                wish.setValue(new MonMessage.Subscription(wish.getKey(), newest + 1, MonMessage.Duration.CONTINUOUS));
            }
        }
    }

    private long newest(MonMessage.Topic topic) {
        return switch (topic) {
            case OSD_MAP, WHOLE_OSD_MAP -> osdMaps.map().epoch();
            case MON_MAP -> monMaps.map().epoch();
            case CONFIG -> configs.config().version();
        };
    }

    private void send(long session, MonMessage.Subscription subscription, MonEffects out) {
        switch (subscription.topic()) {
            case OSD_MAP -> osdMaps.since(subscription.start()).forEach(message -> out.send(session, message));
            case WHOLE_OSD_MAP ->
                osdMaps.wholeFrom(subscription.start()).forEach(message -> out.send(session, message));
            case MON_MAP -> out.send(session, new MonMessage.MonMapUpdate(monMaps.map()));
            case CONFIG -> out.send(session, new MonMessage.ConfigUpdate(configs.config()));
        }
    }
}
