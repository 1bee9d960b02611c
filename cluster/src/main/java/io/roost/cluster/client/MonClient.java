package io.roost.cluster.client;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonMessage.Topic;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps a daemon or client in touch with the monitors (Ceph's MonClient): asks some at a time until one answers, stays with
 * it while it does, follows the maps, and sends requests again until they are answered. A machine: one thread, time as
 * input, effects out in order.
 *
 * <p>That a monitor can be reached is no proof that it can answer: outside a quorum it cannot. So the first that sends
 * anything is taken, and it is asked from time to time for what every monitor in a quorum answers.
 */
public final class MonClient {
    /** What it wants done. */
    public interface Effects {
        /** Begin a session; {@link MonClient#onOpened} or {@link MonClient#onClosed} follows. */
        void connect(MonMap.Monitor monitor);

        /** End the session; nothing of it is to be heard any more. */
        void disconnect(String monitor);

        /** Send in the session. */
        void send(String monitor, MonMessage.ToMonitor message);

        /** A monitor answers that is another, or was lost before: what was told to the last may have been lost. */
        void onSession();

        /** A newer map; every epoch that came, in order. */
        void onOsdMap(OsdMap map);

        /** A newer map. */
        void onMonMap(MonMap map);

        /** Newer settings. */
        void onConfig(ClusterConfig config);

        /** An answer to {@link MonClient#onRequest}, or one that was not asked for here. */
        void onReply(MonMessage.FromMonitor reply);

        /** A number, random, in {@code [0, bound)}. */
        int random(int bound);
    }

    /** Which OSD maps somebody wants who has none yet. */
    public enum FirstMap {
        /** The newest: what was before does not matter. */
        NEWEST,
        /** The oldest that monitors have: an OSD must know who has served what. */
        OLDEST
    }

    /** Monitors asked at a time. */
    private static final int PARALLEL = 3;

    /** How long some are given before others are asked; half as long again with every time that none answered. */
    private static final long HUNT_MILLIS = 2000;

    private static final long MAX_HUNT_MILLIS = 10 * HUNT_MILLIS;

    /** A monitor that says nothing is asked whether it still answers. */
    private static final long PING_MILLIS = 1500;

    /** One that says nothing for so long is left: a quorum has been elected again long before. */
    private static final long SILENCE_MILLIS = 6000;

    /** What is not answered is sent again: a monitor may have passed it on to a leader that is gone. */
    private static final long RESEND_MILLIS = 2000;

    private record Request(MonMessage.ToMonitor message, long sentMillis) {}

    private final OsdMapChain osdMaps;
    private final FirstMap firstMap;
    private final Set<String> hunted = new LinkedHashSet<>();
    private final Map<Long, Request> requests = new TreeMap<>();
    private MonMap monMap;
    /** 0 while the map is the one to begin with, which need not be a true one. */
    private int monMapEpoch;

    private int wantedEpoch;
    private int oldestOsdMapEpoch;
    private Optional<ClusterConfig> config = Optional.empty();
    private Optional<String> current = Optional.empty();
    private long huntMillis = HUNT_MILLIS;
    private long huntUntilMillis;
    private long heardMillis;
    private long askedMillis;

    /**
     * A client that has not started.
     *
     * @param seed where the monitors were last
     * @param osdMap the newest that is known
     * @param firstMap wanted when none is
     */
    public MonClient(MonMap seed, Optional<OsdMap> osdMap, FirstMap firstMap) {
        this.monMap = seed;
        this.firstMap = firstMap;
        this.osdMaps = new OsdMapChain(seed.fsid(), osdMap);
    }

    /** The OSD maps. */
    public OsdMapChain osdMaps() {
        return osdMaps;
    }

    /**
     * Oldest epoch of the OSD map that monitors still have, as they have said; 0 while none has. What peers send says nothing of
     * it.
     */
    public int oldestOsdMapEpoch() {
        return oldestOsdMapEpoch;
    }

    /** The newest monitor map known. */
    public MonMap monMap() {
        return monMap;
    }

    /** The newest settings known. */
    public Optional<ClusterConfig> config() {
        return config;
    }

    /** The monitor that answers, while one does. */
    public Optional<String> current() {
        return current;
    }

    /** The first input. */
    public void start(long nowMillis, Effects out) {
        hunt(nowMillis, out);
    }

    private void hunt(long nowMillis, Effects out) {
        current.ifPresent(out::disconnect);
        current = Optional.empty();
        hunted.forEach(out::disconnect);
        hunted.clear();
        List<MonMap.Monitor> candidates = new ArrayList<>(monMap.monitors());
        while (!candidates.isEmpty() && hunted.size() < PARALLEL) {
            MonMap.Monitor next = candidates.remove(out.random(candidates.size()));
            hunted.add(next.name());
            out.connect(next);
        }
        huntUntilMillis = nowMillis + huntMillis;
        huntMillis = Math.min(huntMillis + huntMillis / 2, MAX_HUNT_MILLIS);
    }

    /** A session that was asked for stands. */
    public void onOpened(String monitor, Effects out) {
        if (hunted.contains(monitor)) {
            askIfItAnswers(monitor, out);
        }
    }

    private void askIfItAnswers(String monitor, Effects out) {
        MonMessage.Subscription newest = new MonMessage.Subscription(Topic.MON_MAP, 0, MonMessage.Duration.CONTINUOUS);
        out.send(monitor, new MonMessage.Subscribe(List.of(newest)));
    }

    /** A session has ended, or never stood. */
    public void onClosed(String monitor, long nowMillis, Effects out) {
        if (current.filter(monitor::equals).isPresent()) {
            current = Optional.empty();
            huntMillis = HUNT_MILLIS;
            hunt(nowMillis, out);
        } else {
            // With all of them gone the next are asked when it is time: who refuses now will a moment later.
            hunted.remove(monitor);
        }
    }

    /** A message of a monitor. */
    public void onMessage(String monitor, MonMessage.FromMonitor message, long nowMillis, Effects out) {
        if (current.isEmpty() && hunted.remove(monitor)) {
            stayWith(monitor, nowMillis, out);
        }
        if (current.filter(monitor::equals).isEmpty()) {
            return;
        }
        heardMillis = nowMillis;
        if (message instanceof MonMessage.OsdMaps maps) {
            // What one has trimmed, all have decided to trim.
            oldestOsdMapEpoch = Math.max(oldestOsdMapEpoch, maps.oldestEpoch());
            onOsdMaps(maps, out);
        } else if (message instanceof MonMessage.MonMapUpdate update) {
            if (update.map().epoch() > monMapEpoch) {
                monMapEpoch = update.map().epoch();
                monMap = update.map();
                out.onMonMap(monMap);
            }
        } else if (message instanceof MonMessage.ConfigUpdate update) {
            if (update.config().version() > config.map(ClusterConfig::version).orElse(0L)) {
                config = Optional.of(update.config());
                out.onConfig(update.config());
            }
        } else {
            tid(message).ifPresent(requests::remove);
            out.onReply(message);
        }
    }

    /** The number of the request that a message answers. */
    public static Optional<Long> tid(MonMessage.FromMonitor message) {
        if (message instanceof MonMessage.AuthenticateReply reply) {
            return Optional.of(reply.tid());
        } else if (message instanceof MonMessage.CommandReply reply) {
            return Optional.of(reply.tid());
        } else if (message instanceof MonMessage.HealthReply reply) {
            return Optional.of(reply.tid());
        } else if (message instanceof MonMessage.StatsReply reply) {
            return Optional.of(reply.tid());
        } else if (message instanceof MonMessage.LogReply reply) {
            return Optional.of(reply.tid());
        }
        return Optional.empty();
    }

    private void stayWith(String monitor, long nowMillis, Effects out) {
        hunted.forEach(out::disconnect);
        hunted.clear();
        current = Optional.of(monitor);
        huntMillis = HUNT_MILLIS;
        askedMillis = nowMillis;
        wantedEpoch = 0;
        subscribeFromHere(out);
        requests.replaceAll((tid, request) -> {
            out.send(monitor, request.message());
            return new Request(request.message(), nowMillis);
        });
        out.onSession();
    }

    private void subscribeFromHere(Effects out) {
        int fromEpoch = osdMaps.epoch() == 0 && firstMap == FirstMap.NEWEST ? 0 : osdMaps.epoch() + 1;
        long configFrom = config.map(ClusterConfig::version).orElse(0L) + 1;
        MonMessage.Subscribe wishes = new MonMessage.Subscribe(List.of(
                new MonMessage.Subscription(Topic.OSD_MAP, fromEpoch, MonMessage.Duration.CONTINUOUS),
                new MonMessage.Subscription(Topic.MON_MAP, monMapEpoch + 1L, MonMessage.Duration.CONTINUOUS),
                new MonMessage.Subscription(Topic.CONFIG, configFrom, MonMessage.Duration.CONTINUOUS)));
        current.ifPresent(monitor -> out.send(monitor, wishes));
    }

    /** Maps have come, from a monitor or from a peer. */
    public void onOsdMaps(MonMessage.OsdMaps maps, Effects out) {
        switch (osdMaps.offer(maps, out::onOsdMap)) {
            case TAKEN -> {
                // More, if there is more, follows by itself.
            }
            case GAP -> subscribeFromHere(out);
            case DAMAGED -> askForWhole(osdMaps.epoch() + 1, out);
        }
    }

    private void askForWhole(int epoch, Effects out) {
        MonMessage.Subscription wish =
                new MonMessage.Subscription(Topic.WHOLE_OSD_MAP, epoch, MonMessage.Duration.ONCE);
        current.ifPresent(monitor -> out.send(monitor, new MonMessage.Subscribe(List.of(wish))));
    }

    /** Somebody knows an epoch of the OSD map that is newer than ours. */
    public void onNewerOsdMap(int epoch, Effects out) {
        if (epoch > osdMaps.epoch() && epoch > wantedEpoch) {
            wantedEpoch = epoch;
            subscribeFromHere(out);
        }
    }

    /**
     * Asks for something until there is an answer, which {@link Effects#onReply} gives.
     *
     * @param tid the number in the message
     * @param message one that has an answer with that number
     */
    public void onRequest(long tid, MonMessage.ToMonitor message, long nowMillis, Effects out) {
        requests.put(tid, new Request(message, nowMillis));
        current.ifPresent(monitor -> out.send(monitor, message));
    }

    /** Nobody waits for the answer to a request any more. */
    public void onForgotten(long tid) {
        requests.remove(tid);
    }

    /** Tells the monitors something, or nobody while none answers: what matters is said again, after each onSession too. */
    public void onTold(MonMessage.ToMonitor message, Effects out) {
        current.ifPresent(monitor -> out.send(monitor, message));
    }

    /** Time has passed; at least once a second. */
    public void onTick(long nowMillis, Effects out) {
        if (current.isEmpty()) {
            if (nowMillis >= huntUntilMillis) {
                hunt(nowMillis, out);
            }
            return;
        }
        String monitor = current.get();
        if (nowMillis - heardMillis >= SILENCE_MILLIS) {
            hunt(nowMillis, out);
            return;
        }
        if (nowMillis - heardMillis >= PING_MILLIS && nowMillis - askedMillis >= PING_MILLIS) {
            askedMillis = nowMillis;
            askIfItAnswers(monitor, out);
        }
        requests.replaceAll((tid, request) -> {
            if (nowMillis - request.sentMillis() < RESEND_MILLIS) {
                return request;
            }
            out.send(monitor, request.message());
            return new Request(request.message(), nowMillis);
        });
    }
}
