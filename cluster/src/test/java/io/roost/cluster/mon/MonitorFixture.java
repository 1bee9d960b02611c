package io.roost.cluster.mon;

import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.HealthCheck;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.wire.MapCodec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** A monitor over a store, with what it sent, in order. */
final class MonitorFixture implements MonEffects {
    static final UUID FSID = new UUID(0x1234, 0x5678);
    static final UUID OSD = new UUID(3, 4);
    static final NodeAddress ADDRESS = new NodeAddress("127.0.0.1", 9441, 0);
    static final long SESSION = 7;

    final MonStore store;
    final List<MonMessage.FromMonitor> sent = new ArrayList<>();
    final Map<Long, List<MonMessage.FromMonitor>> sentTo = new TreeMap<>();
    final Set<TimerId> timers = new LinkedHashSet<>();
    Monitor monitor;
    private long gatheredMillis;
    long nowMillis = 1_700_000_000_000L;

    MonitorFixture(MonStore store) {
        this.store = store;
        if (!Monitor.isFormatted(store)) {
            Monitor.format(store, Mkfs.singleNode(FSID, ADDRESS, "node1", OSD, nowMillis));
        }
        open();
    }

    /** Begins the monitor's next life. */
    void open() {
        monitor = Monitor.openSole(store, nowMillis);
        monitor.start(clocks(), this);
    }

    Clocks clocks() {
        return new Clocks(nowMillis, nowMillis);
    }

    @Override
    public void send(String peer, MonPeerMessage message) {
        throw new AssertionError("a sole monitor has no peer " + peer);
    }

    @Override
    public void setTimer(TimerId timer, long delayMillis) {
        timers.add(timer);
        if (timer.name().equals("gathered")) {
            gatheredMillis = nowMillis + delayMillis;
        }
    }

    @Override
    public void cancelTimer(TimerId timer) {
        timers.remove(timer);
    }

    @Override
    public void count(String event) {}

    @Override
    public void persist(MonTransaction batch) {
        store.write(batch);
    }

    @Override
    public void send(long session, MonMessage.FromMonitor message) {
        sent.add(message);
        sentTo.computeIfAbsent(session, s -> new ArrayList<>()).add(message);
    }

    /** Gives the monitor a message and returns what it sent because of it. */
    List<MonMessage.FromMonitor> on(long session, MonMessage.ToMonitor message) {
        nowMillis += 1000;
        return atOnce(session, message);
    }

    /** The same, and no time passes. */
    List<MonMessage.FromMonitor> atOnce(long session, MonMessage.ToMonitor message) {
        int before = sent.size();
        monitor.onMessage(session, message, clocks(), this);
        return List.copyOf(sent.subList(before, sent.size()));
    }

    MonMessage.CommandReply command(MonCommand command) {
        return (MonMessage.CommandReply)
                on(SESSION, new MonMessage.Command(1, command)).get(0);
    }

    static MonMessage.OsdBoot boot(int osd, UUID uuid, long nonce, int newestEpoch) {
        NodeAddress address = new NodeAddress("127.0.0.1", 9441, nonce);
        return new MonMessage.OsdBoot(osd, uuid, address, address, newestEpoch, new TreeMap<>(Map.of("put", 1)));
    }

    /** Makes OSDs from 0 on, each on a host of its own: h0, h1 and so on. */
    void hosts(int count) {
        command(new MonCommand.EditCrush(new CrushEdit.AddBucket("h0", "host", "default")));
        command(new MonCommand.EditCrush(new CrushEdit.Move("osd.0", "h0")));
        for (int osd = 1; osd < count; osd++) {
            command(new MonCommand.CreateOsd(new UUID(3, 4 + osd), "h" + osd, 0x10000, ""));
        }
    }

    /** Everything is where placement wants it: those who act meanwhile ask that they need no more. */
    void recovered() {
        OsdMap map = monitor.osdMap();
        map.state().pgTemp().forEach((pg, acting) -> {
            TreeMap<PgId, List<Integer>> none = new TreeMap<>(Map.of(pg, List.of()));
            atOnce(SESSION, new MonMessage.OsdPgTemp(map.primary(pg), none, map.epoch()));
        });
        passWithoutTick(Monitor.GATHER_MILLIS);
    }

    List<HealthCheck> health() {
        return ((MonMessage.HealthReply)
                        on(SESSION, new MonMessage.GetHealth(1)).get(0))
                .checks();
    }

    /** Lets time pass, a tick at a time. */
    List<MonMessage.FromMonitor> pass(long millis) {
        int before = sent.size();
        for (long end = nowMillis + millis; nowMillis < end; ) {
            nowMillis += 1000;
            monitor.onTimer(new TimerId("tick"), clocks(), this);
        }
        return List.copyOf(sent.subList(before, sent.size()));
    }

    /** Lets a short time pass, without a tick. */
    void passWithoutTick(long millis) {
        nowMillis += millis;
        TimerId gathered = new TimerId("gathered");
        if (nowMillis >= gatheredMillis && timers.remove(gathered)) {
            monitor.onTimer(gathered, clocks(), this);
        }
    }

    /** All placement groups of the map, active and clean, as their primary says. */
    MonMessage.OsdPgStats statsOfAll(int osd, int lastEpochClean) {
        TreeMap<PgId, PgStat> stats = new TreeMap<>();
        OsdMap map = monitor.osdMap();
        Set<PgState> states = Set.of(PgState.ACTIVE, PgState.CLEAN);
        for (Pool pool : map.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                PgStat stat = new PgStat(map.epoch(), states, 1, 1, 0, 0, 0, lastEpochClean, ScrubHistory.NONE);
                stats.put(new PgId(pool.id(), seed), stat);
            }
        }
        return new MonMessage.OsdPgStats(osd, map.epoch(), new OsdStat(100, 1, 1), stats);
    }

    static MonMessage.Subscribe subscribe(MonMessage.Topic topic, long start, MonMessage.Duration duration) {
        return new MonMessage.Subscribe(List.of(new MonMessage.Subscription(topic, start, duration)));
    }

    /** What a subscriber with this map has after these messages. */
    static OsdMap follow(OsdMap known, List<MonMessage.FromMonitor> messages) {
        OsdMap map = known;
        for (MonMessage.FromMonitor message : messages) {
            MonMessage.OsdMaps maps = (MonMessage.OsdMaps) message;
            map = maps.full().orElse(map);
            for (OsdMap.Incremental incremental : maps.incrementals()) {
                map = MapCodec.apply(map, incremental);
            }
        }
        return map;
    }
}
