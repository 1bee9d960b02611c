package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MonMessageCodecTest {
    private static Map<String, MonMessage> messages() {
        OsdMap map = SampleMaps.of("flat3x1", SampleMaps.pool(1, 8, 8, 0));
        NodeAddress address = new NodeAddress("10.0.0.9", 9441, 77);
        MonMap monMap = new MonMap(1, SampleMaps.FSID, 5, List.of(new MonMap.Monitor("a", address, MonMap.Role.VOTER)));
        Map<String, MonMessage> messages = new LinkedHashMap<>();
        messages.put(
                "subscribe",
                new MonMessage.Subscribe(List.of(
                        new MonMessage.Subscription(MonMessage.Topic.OSD_MAP, 300, MonMessage.Duration.CONTINUOUS),
                        new MonMessage.Subscription(MonMessage.Topic.MON_MAP, 0, MonMessage.Duration.ONCE),
                        new MonMessage.Subscription(MonMessage.Topic.CONFIG, 1, MonMessage.Duration.ONCE))));
        messages.put("authenticate", new MonMessage.Authenticate(1, "client.gateway"));
        messages.put("authenticate-reply", new MonMessage.AuthenticateReply(1, 4711));
        messages.put(
                "osd-boot",
                new MonMessage.OsdBoot(
                        3, new UUID(1, 2), address, address, 17, new TreeMap<>(Map.of("put", 1, "list", 2))));
        messages.put("osd-boot-refused", new MonMessage.OsdBootRefused(3, "noup is set"));
        messages.put("osd-alive", new MonMessage.OsdAlive(3, address, 17));
        messages.put("osd-beacon", new MonMessage.OsdBeacon(3, 18, 12));
        messages.put("osd-stopping", new MonMessage.OsdStopping(3, address));
        messages.put(
                "create-pool", new MonMessage.Command(9, new MonCommand.CreatePool("p", 3, 2, 64, "replicated_rule")));
        messages.put("remove-pool", new MonMessage.Command(9, new MonCommand.RemovePool("p")));
        messages.put("set-osd-weight", new MonMessage.Command(9, new MonCommand.SetOsdWeight(2, CrushItem.ONE)));
        messages.put(
                "set-flag", new MonMessage.Command(9, new MonCommand.SetFlag(OsdMapFlag.NOOUT, MonCommand.Switch.ON)));
        messages.put(
                "set-crush",
                new MonMessage.Command(9, new MonCommand.SetCrush(map.state().crush())));
        messages.put(
                "set-setting", new MonMessage.Command(9, new MonCommand.SetSetting("osd", "grace", Optional.of("7"))));
        messages.put(
                "unset-setting",
                new MonMessage.Command(9, new MonCommand.SetSetting("osd", "grace", Optional.empty())));
        messages.put("command-reply", new MonMessage.CommandReply(9, MonCommand.Outcome.EXISTS, "there is", 12));
        messages.put(
                "osd-maps",
                new MonMessage.OsdMaps(
                        Optional.of(map),
                        List.of(SampleMaps.incremental(map, List.of(new OsdMapChange.RemovePool(1)), 6)),
                        1,
                        2));
        messages.put("mon-map-update", new MonMessage.MonMapUpdate(monMap));
        messages.put(
                "config-update",
                new MonMessage.ConfigUpdate(
                        new ClusterConfig(1, new TreeMap<>()).with("global", "a", Optional.of("b"))));
        return messages;
    }

    @Test
    void everyMessageKeepsItsReleasedEncoding() {
        ByteWriter all = new ByteWriter();
        messages().values().forEach(message -> all.bytes(MonMessageCodec.encode(message)));
        GoldenFile.check("mon-messages-v1.hex", all.toBytes());
    }

    @Test
    void everyMessageSurvivesTheWay() {
        messages()
                .forEach((name, message) -> assertThat(MonMessageCodec.decode(MonMessageCodec.encode(message)))
                        .as(name)
                        .isEqualTo(message));
    }

    @Test
    void everyKindOfMessageIsAmongThoseTested() {
        long kinds =
                messages().values().stream().map(Object::getClass).distinct().count();
        long permitted = MonMessage.ToMonitor.class.getPermittedSubclasses().length
                + (long) MonMessage.FromMonitor.class.getPermittedSubclasses().length;
        assertThat(kinds).isEqualTo(permitted);
        long commands = messages().values().stream()
                .filter(MonMessage.Command.class::isInstance)
                .map(message -> ((MonMessage.Command) message).command().getClass())
                .distinct()
                .count();
        assertThat(commands).isEqualTo(MonCommand.class.getPermittedSubclasses().length);
    }

    @Test
    void cutBytesAreRefused() {
        messages().forEach((name, message) -> {
            Bytes encoded = MonMessageCodec.encode(message);
            for (int end = 0; end < encoded.length(); end++) {
                Bytes cut = encoded.slice(0, end);
                assertThatThrownBy(() -> MonMessageCodec.decode(cut))
                        .as("%s cut to %d bytes", name, end)
                        .isInstanceOf(MalformedBytesException.class);
            }
        });
    }

    @Test
    void damagedBytesEndInNothingButMalformedBytes() {
        long seed = 5;
        Random random = new Random(seed);
        int refused = 0;
        for (MonMessage message : messages().values()) {
            Bytes encoded = MonMessageCodec.encode(message);
            for (int i = 0; i < 500; i++) {
                byte[] copy = encoded.array().clone();
                copy[random.nextInt(copy.length)] ^= (byte) (1 + random.nextInt(255));
                try {
                    MonMessageCodec.decode(Bytes.wrap(copy));
                } catch (MalformedBytesException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(1000);
    }
}
