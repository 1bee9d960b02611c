package io.roost.cluster.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.HeartbeatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few watchers, some of which die, are cut off, or are stuck, on a network that delays and loses, from a seed. */
class HeartbeatsTest {
    private static final HeartbeatTiming TIMING = HeartbeatTiming.DEFAULT;
    private static final int TICK_MILLIS = 200;
    private static final int MAX_DELAY_MILLIS = 300;

    private record Report(long atMillis, int reporter, int target, long silentMillis, Heartbeats.Proof proof) {}

    private record Event(long atMillis, long order, Runnable action) {}

    /** Watchers with a clock and a network. */
    private static final class World {
        final Random random;
        final List<Watcher> watchers = new ArrayList<>();
        final List<Report> reports = new ArrayList<>();
        final TreeSet<Integer> heardAgain = new TreeSet<>();
        final TreeSet<Integer> forgotten = new TreeSet<>();
        final PriorityQueue<Event> events = new PriorityQueue<>((a, b) -> a.atMillis() != b.atMillis()
                ? Long.compare(a.atMillis(), b.atMillis())
                : Long.compare(a.order(), b.order()));
        OsdMap map = SampleMaps.of("racks4", SampleMaps.pool(1, 8, 8, 0));
        long nowMillis = 1_000_000;
        long order;
        int lossPercent;

        World(long seed) {
            random = new Random(seed);
            for (OsdInfo osd : map.osds()) {
                Watcher watcher = new Watcher(this, osd.id());
                watchers.add(watcher);
                watcher.machine.onMap(map, nowMillis, watcher);
                at(random.nextInt(TICK_MILLIS), watcher::tick);
            }
        }

        void at(long inMillis, Runnable action) {
            events.add(new Event(nowMillis + inMillis, order++, action));
        }

        void run(long millis) {
            long end = nowMillis + millis;
            while (events.peek().atMillis() <= end) {
                Event next = events.remove();
                nowMillis = next.atMillis();
                next.action().run();
            }
            nowMillis = end;
        }

        void changed(OsdMapChange change) {
            map = SampleMaps.next(map, change);
            watchers.forEach(watcher -> watcher.machine.onMap(map, nowMillis, watcher));
        }

        List<Report> about(int target) {
            return reports.stream().filter(report -> report.target() == target).toList();
        }
    }

    private static final class Watcher implements Heartbeats.Effects {
        final World world;
        final int osd;
        final Heartbeats machine;
        final TreeSet<Integer> unreachable = new TreeSet<>();
        boolean isConnected;
        boolean isDead;
        boolean isFrozen;

        Watcher(World world, int osd) {
            this.world = world;
            this.osd = osd;
            this.machine = new Heartbeats(osd, TIMING);
        }

        void tick() {
            if (!isDead && !isFrozen) {
                machine.onTick(world.nowMillis, this);
            }
            world.at(TICK_MILLIS, this::tick);
        }

        @Override
        public void send(int to, NodeAddress address, HeartbeatMessage message) {
            Watcher peer = world.watchers.get(to);
            boolean isLost = unreachable.contains(to) || world.random.nextInt(100) < world.lossPercent;
            if (isLost) {
                return;
            }
            world.at(world.random.nextInt(MAX_DELAY_MILLIS), () -> {
                if (peer.isDead) {
                    if (message instanceof HeartbeatMessage.Ping) {
                        machine.onGone(to, address, world.nowMillis, this);
                    }
                } else if (!peer.isFrozen) {
                    NodeAddress mine = world.map.osd(osd).clusterAddress();
                    peer.machine.onMessage(osd, mine, message, world.nowMillis, peer);
                }
            });
        }

        @Override
        public void report(int target, NodeAddress address, long silentMillis, Heartbeats.Proof proof) {
            world.reports.add(new Report(world.nowMillis, osd, target, silentMillis, proof));
        }

        @Override
        public void heardAgain(int target, NodeAddress address) {
            world.heardAgain.add(target);
        }

        @Override
        public void onNewerMap(int epoch) {
            assertThat(epoch).isGreaterThan(1);
        }

        @Override
        public void onConnected(boolean hearsAll) {
            isConnected = hearsAll;
        }

        @Override
        public void forget(int target, NodeAddress address) {
            world.forgotten.add(target);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whoLivesIsNotReportedAlthoughMessagesAreLateAndSomeLost(long seed) {
        World world = new World(seed);
        world.lossPercent = 3;
        world.run(300_000);
        assertThat(world.reports).as("seed %d", seed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whoseProcessIsGoneIsReportedAtOnceByAllWhoWatchIt(long seed) {
        World world = new World(seed);
        world.run(20_000);
        world.watchers.get(2).isDead = true;
        long diedMillis = world.nowMillis;
        long watching = world.watchers.stream()
                .filter(watcher -> watcher.machine.peers().contains(2))
                .count();
        world.run(10_000);
        long reporters =
                world.about(2).stream().map(Report::reporter).distinct().count();
        assertThat(reporters).isEqualTo(watching).isGreaterThan(2);
        assertThat(world.about(2)).allMatch(report -> report.proof() == Heartbeats.Proof.GONE);
        assertThat(world.about(2).get(0).atMillis() - diedMillis)
                .isLessThanOrEqualTo(TIMING.intervalMillis() + TICK_MILLIS + MAX_DELAY_MILLIS);
        assertThat(world.reports).hasSameSizeAs(world.about(2));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whoIsSilentIsReportedAfterTheGraceAgainAndAgainUntilTheMapShowsHimDown(long seed) {
        World world = new World(seed);
        world.run(20_000);
        Watcher frozen = world.watchers.get(1);
        frozen.isFrozen = true;
        long frozenMillis = world.nowMillis;
        world.run(20_000);
        List<Report> reports = world.about(1);
        assertThat(reports)
                .allMatch(report ->
                        report.proof() == Heartbeats.Proof.SILENT && report.silentMillis() >= TIMING.graceMillis());
        long first = reports.get(0).atMillis() - frozenMillis;
        assertThat(first).isGreaterThan(TIMING.graceMillis() - TIMING.intervalMillis() - 2L * MAX_DELAY_MILLIS);
        assertThat(first).isLessThanOrEqualTo(TIMING.graceMillis() + TICK_MILLIS);
        long ofOne = reports.stream().filter(report -> report.reporter() == 0).count();
        assertThat(ofOne).isGreaterThan(5);

        OsdMap down = SampleMaps.next(
                world.map, new OsdMapChange.PutOsd(world.map.osd(1).down(2)));
        world.watchers.forEach(watcher -> watcher.machine.onMap(down, world.nowMillis, watcher));
        world.reports.clear();
        world.run(20_000);
        assertThat(world.reports).isEmpty();
        assertThat(world.forgotten).contains(1);
    }

    /** The monitor that was told has ended too, perhaps: the next one is told at once. */
    @Test
    void anotherMonitorIsToldAtOnceOfThoseThatAreReported() {
        World world = new World(5);
        world.run(20_000);
        world.watchers.get(2).isDead = true;
        world.run(3_000);
        world.reports.clear();
        Watcher watcher = world.watchers.get(0);
        watcher.machine.onSession(world.nowMillis, watcher);
        assertThat(world.reports).hasSize(1);
        assertThat(world.reports.get(0).target()).isEqualTo(2);
        assertThat(world.reports.get(0).proof()).isEqualTo(Heartbeats.Proof.GONE);
    }

    @Test
    void whoCanHearOnlySomeIsReportedByTheOthersAndReportsThem() {
        World world = new World(9);
        world.run(20_000);
        world.watchers.get(0).unreachable.add(3);
        world.watchers.get(3).unreachable.add(0);
        world.run(20_000);
        assertThat(world.reports).isNotEmpty().allMatch(report -> report.reporter() + report.target() == 3);
        world.watchers.get(0).unreachable.clear();
        world.watchers.get(3).unreachable.clear();
        world.run(2000);
        assertThat(world.heardAgain).isNotEmpty().isSubsetOf(0, 3);
        world.reports.clear();
        world.run(20_000);
        assertThat(world.reports).as("they hear each other again").isEmpty();
    }

    /** Else it would be up, wait for the one that it does not hear, and be marked down, again and again. */
    @Test
    void whoIsDownIsNotConnectedBeforeItHearsAllThatItWatches() {
        World world = new World(11);
        world.run(20_000);
        Watcher down = world.watchers.get(3);
        List<Integer> peers = List.copyOf(down.machine.peers());
        Watcher other = world.watchers.get(peers.get(0));
        down.unreachable.add(other.osd);
        other.unreachable.add(down.osd);
        world.run(10_000);
        world.changed(new OsdMapChange.PutOsd(world.map.osd(down.osd).down(2)));
        world.reports.clear();
        world.run(30_000);
        assertThat(down.isConnected).isFalse();
        assertThat(world.reports).as("who is down is no witness").isEmpty();
        down.unreachable.clear();
        other.unreachable.clear();
        world.run(3_000);
        assertThat(down.isConnected).isTrue();
        world.watchers.get(peers.get(1)).isDead = true;
        world.run(30_000);
        assertThat(down.isConnected).as("who is gone is not waited for").isTrue();
        world.watchers.get(peers.get(2)).isFrozen = true;
        world.run(10_000);
        assertThat(down.isConnected).as("that one may come back").isFalse();
        world.changed(new OsdMapChange.PutOsd(world.map.osd(peers.get(2)).down(3)));
        world.run(3_000);
        assertThat(down.isConnected).isTrue();
    }

    /** Were it to report, one slow disk would take the whole cluster down; were it to answer, nobody would notice it. */
    @Test
    void whoIsStuckNeitherAnswersNorReports() {
        World world = new World(10);
        world.run(20_000);
        Watcher stuck = world.watchers.get(0);
        stuck.machine.onStuck(true, world.nowMillis);
        world.run(30_000);
        assertThat(world.reports).isNotEmpty().allMatch(report -> report.target() == 0);
        stuck.machine.onStuck(false, world.nowMillis);
        world.run(1000);
        world.reports.clear();
        world.run(60_000);
        assertThat(world.reports).isEmpty();
    }

    @Test
    void manyAreNotAllWatchedButEachIsWatchedByMany() {
        OsdMap map = SampleMaps.of("racks4", SampleMaps.pool(1, 4, 4, 0));
        int count = map.osds().size();
        ToLongFunction<Integer> watchers = target -> map.osds().stream()
                .filter(osd -> {
                    Heartbeats machine = new Heartbeats(osd.id(), TIMING);
                    machine.onMap(map, 0, new World(1).watchers.get(0));
                    return machine.peers().contains(target);
                })
                .count();
        assertThat(watchers.applyAsLong(0)).isGreaterThanOrEqualTo(Math.min(count - 1, 10));
    }
}
