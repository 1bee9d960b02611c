package io.roost.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.wire.MapCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MonClientTest {
    private static final class Noted implements MonClient.Effects {
        final TreeSet<String> connected = new TreeSet<>();
        final List<String> sentTo = new ArrayList<>();
        final List<MonMessage.ToMonitor> sent = new ArrayList<>();
        final List<Integer> epochs = new ArrayList<>();
        final List<MonMessage.FromMonitor> replies = new ArrayList<>();
        int sessions;

        @Override
        public void connect(MonMap.Monitor monitor) {
            connected.add(monitor.name());
        }

        @Override
        public void disconnect(String monitor) {
            connected.remove(monitor);
        }

        @Override
        public void send(String monitor, MonMessage.ToMonitor message) {
            sentTo.add(monitor);
            sent.add(message);
        }

        @Override
        public void onSession() {
            sessions++;
        }

        @Override
        public void onOsdMap(OsdMap map) {
            epochs.add(map.epoch());
        }

        @Override
        public void onMonMap(MonMap map) {}

        @Override
        public void onConfig(ClusterConfig config) {}

        @Override
        public void onReply(MonMessage.FromMonitor reply) {
            replies.add(reply);
        }

        @Override
        public int random(int bound) {
            return bound - 1;
        }

        long start(MonMessage.Topic topic) {
            for (int i = sent.size() - 1; i >= 0; i--) {
                if (sent.get(i) instanceof MonMessage.Subscribe subscribe) {
                    for (MonMessage.Subscription wish : subscribe.subscriptions()) {
                        if (wish.topic() == topic) {
                            return wish.start();
                        }
                    }
                }
            }
            throw new AssertionError("no subscription of " + topic);
        }
    }

    private final Noted noted = new Noted();
    private final MonMap monitors = monitors(1, "a", "b", "c", "d");
    private final MonClient client = new MonClient(monitors, Optional.empty(), MonClient.FirstMap.NEWEST);
    private final OsdMap first = SampleMaps.of("single1", SampleMaps.pool(1, 8, 8, 0));

    private static MonMap monitors(int epoch, String... names) {
        List<MonMap.Monitor> list = new ArrayList<>();
        for (String name : names) {
            list.add(new MonMap.Monitor(
                    name, new NodeAddress("127.0.0.1", 9000 + name.charAt(0), 0), MonMap.Role.VOTER));
        }
        return new MonMap(epoch, SampleMaps.FSID, 1, list);
    }

    private static OsdMap next(OsdMap map) {
        return SampleMaps.next(map);
    }

    private static OsdMap.Incremental difference(OsdMap from) {
        OsdMap to = next(from);
        return SampleMaps.incremental(from, List.of(), MapCodec.crc(MapCodec.encode(to)));
    }

    private static MonMessage.OsdMaps full(OsdMap map) {
        return new MonMessage.OsdMaps(Optional.of(map), List.of(), map.epoch(), map.epoch());
    }

    private static MonMessage.OsdMaps differences(OsdMap.Incremental... differences) {
        return new MonMessage.OsdMaps(Optional.empty(), List.of(differences), 1, 100);
    }

    private void stayWith(String monitor) {
        client.onOpened(monitor, noted);
        client.onMessage(monitor, new MonMessage.MonMapUpdate(monitors), 0, noted);
    }

    @Test
    void asksThreeAndStaysWithTheFirstThatAnswers() {
        client.start(0, noted);
        assertThat(noted.connected).hasSize(3);
        String answering = noted.connected.first();
        for (String asked : List.copyOf(noted.connected)) {
            client.onOpened(asked, noted);
        }
        assertThat(noted.connected).as("that they can be reached says nothing").hasSize(3);
        client.onMessage(answering, new MonMessage.MonMapUpdate(monitors), 10, noted);
        assertThat(noted.connected).containsExactly(answering);
        assertThat(client.current()).contains(answering);
        assertThat(noted.sessions).isEqualTo(1);
        assertThat(noted.start(MonMessage.Topic.OSD_MAP)).as("just the newest").isZero();
    }

    @Test
    void anOsdAsksForTheOldestMapThatThereIs() {
        MonClient ofOsd = new MonClient(monitors, Optional.empty(), MonClient.FirstMap.OLDEST);
        ofOsd.start(0, noted);
        String one = noted.connected.first();
        ofOsd.onOpened(one, noted);
        ofOsd.onMessage(one, new MonMessage.MonMapUpdate(monitors), 0, noted);
        assertThat(noted.start(MonMessage.Topic.OSD_MAP)).isEqualTo(1);
    }

    @Test
    void whichMapsMonitorsStillHaveOnlyMonitorsCanSay() {
        assertThat(client.oldestOsdMapEpoch()).isZero();
        client.start(0, noted);
        String one = noted.connected.first();
        stayWith(one);
        OsdMap second = next(first);
        client.onMessage(one, full(second), 0, noted);
        assertThat(client.oldestOsdMapEpoch()).isEqualTo(second.epoch());
        client.onOsdMaps(full(next(second)), noted);
        assertThat(client.osdMaps().epoch()).isEqualTo(second.epoch() + 1);
        assertThat(client.oldestOsdMapEpoch()).as("a peer does not know").isEqualTo(second.epoch());
        client.onMessage(one, differences(difference(next(second))), 0, noted);
        assertThat(client.oldestOsdMapEpoch())
                .as("a monitor that lags has not trimmed yet")
                .isEqualTo(second.epoch());
    }

    @Test
    void asksOthersWhenNobodyAnswersLessAndLessOften() {
        client.start(0, noted);
        List<Long> hunts = new ArrayList<>();
        noted.connected.clear();
        for (long now = 0; now < 120_000; now += 250) {
            client.onTick(now, noted);
            if (!noted.connected.isEmpty()) {
                hunts.add(now);
                noted.connected.clear();
            }
        }
        assertThat(hunts.get(0)).isEqualTo(2000);
        long last = hunts.get(hunts.size() - 1) - hunts.get(hunts.size() - 2);
        assertThat(last).isBetween(20_000L, 20_250L);
    }

    @Test
    void leavesAMonitorThatIsLostOrSaysNothing() {
        client.start(0, noted);
        String one = noted.connected.first();
        stayWith(one);
        noted.connected.remove(one);
        client.onClosed(one, 100, noted);
        assertThat(noted.connected).hasSize(3);
        String two = noted.connected.first();
        stayWith(two);
        noted.sent.clear();
        client.onTick(1500, noted);
        assertThat(noted.sent).as("does it still answer?").hasSize(1);
        client.onTick(5999, noted);
        assertThat(client.current()).contains(two);
        client.onTick(6000, noted);
        assertThat(client.current()).isEmpty();
        assertThat(noted.connected).hasSize(3);
    }

    @Test
    void followsTheMapsWithoutAGap() {
        client.start(0, noted);
        String one = noted.connected.first();
        stayWith(one);
        OsdMap second = next(first);
        OsdMap third = next(second);
        client.onMessage(one, full(first), 0, noted);
        client.onMessage(one, differences(difference(first), difference(second)), 0, noted);
        client.onMessage(one, differences(difference(second)), 0, noted);
        assertThat(noted.epochs).containsExactly(1, 2, 3);
        client.onClosed(one, 0, noted);
        stayWith(noted.connected.first());
        assertThat(noted.start(MonMessage.Topic.OSD_MAP)).isEqualTo(4);
        client.onMessage(client.current().orElseThrow(), differences(difference(next(third))), 0, noted);
        assertThat(noted.epochs).as("one is missing in between").containsExactly(1, 2, 3);
        assertThat(noted.start(MonMessage.Topic.OSD_MAP)).isEqualTo(4);
    }

    @Test
    void aDifferenceThatLeadsElsewhereMakesItAskForAWholeMap() {
        client.start(0, noted);
        String one = noted.connected.first();
        stayWith(one);
        client.onMessage(one, full(first), 0, noted);
        client.onMessage(one, differences(SampleMaps.incremental(first, List.of(), 77)), 0, noted);
        assertThat(noted.epochs).containsExactly(1);
        assertThat(noted.start(MonMessage.Topic.WHOLE_OSD_MAP)).isEqualTo(2);
        client.onMessage(one, full(next(first)), 0, noted);
        assertThat(noted.epochs).containsExactly(1, 2);
    }

    @Test
    void mapsOfPeersAreTakenAndPeersThatAreBehindGetThem() {
        client.start(0, noted);
        stayWith(noted.connected.first());
        client.onOsdMaps(full(first), noted);
        client.onOsdMaps(differences(difference(first), difference(next(first))), noted);
        assertThat(client.osdMaps().since(2).orElseThrow().incrementals()).hasSize(1);
        assertThat(client.osdMaps().since(1).orElseThrow().incrementals()).hasSize(2);
        assertThat(client.osdMaps().since(3)).isEmpty();
        noted.sent.clear();
        client.onNewerOsdMap(3, noted);
        assertThat(noted.sent).isEmpty();
        client.onNewerOsdMap(5, noted);
        client.onNewerOsdMap(5, noted);
        assertThat(noted.sent).as("asked once").hasSize(1);
    }

    @Test
    void requestsAreSentAgainUntilTheyAreAnswered() {
        MonMessage.Command command =
                new MonMessage.Command(9, new MonCommand.SetFlag(OsdMapFlag.NOOUT, MonCommand.Switch.ON));
        client.start(0, noted);
        client.onRequest(9, command, 0, noted);
        assertThat(noted.sent).doesNotContain(command);
        String one = noted.connected.first();
        stayWith(one);
        assertThat(noted.sent).containsOnlyOnce(command);
        client.onMessage(one, new MonMessage.ConfigUpdate(new ClusterConfig(1, new TreeMap<>())), 2000, noted);
        client.onTick(2000, noted);
        assertThat(noted.sent.stream().filter(command::equals)).hasSize(2);
        MonMessage.CommandReply reply = new MonMessage.CommandReply(9, MonCommand.Outcome.DONE, "done", 2);
        client.onMessage(one, reply, 2100, noted);
        assertThat(noted.replies).containsExactly(reply);
        client.onMessage(one, new MonMessage.MonMapUpdate(monitors), 5000, noted);
        client.onTick(5000, noted);
        assertThat(noted.sent.stream().filter(command::equals)).hasSize(2);
    }
}
