package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.crush.CrushDevice;
import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.HealthCheck;
import io.roost.cluster.message.LogLine;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MonMessageCodecTest {
    private static final PgStat STAT =
            new PgStat(18, Set.of(PgState.ACTIVE, PgState.DEGRADED), 100, 5_000_000, 30, 2, 1, 12, ScrubHistory.NONE);

    /** Those that version 1 had, as it had them. */
    private static Map<String, MonMessage> messagesOfVersion1() {
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
        messages.put("osd-boot-refused", new MonMessage.OsdBootRefused(3, "noup is set", 0));
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

    private static Map<String, MonMessage> messages() {
        Map<String, MonMessage> messages = messagesOfVersion3();
        PgStat scrubbed = STAT.with(
                new ScrubHistory(11, 1_764_350_000_000L, 1_764_340_000_000L, 2), Set.of(PgState.INCONSISTENT));
        messages.put(
                "osd-pg-stats-of-scrubs",
                new MonMessage.OsdPgStats(
                        3, 18, new OsdStat(1000, 300, 450), new TreeMap<>(Map.of(new PgId(1, 2), scrubbed))));
        return messages;
    }

    /** Those that version 3 had. */
    private static Map<String, MonMessage> messagesOfVersion3() {
        Map<String, MonMessage> messages = messagesOfVersion2();
        messages.put(
                "subscribe-whole",
                new MonMessage.Subscribe(List.of(
                        new MonMessage.Subscription(MonMessage.Topic.WHOLE_OSD_MAP, 301, MonMessage.Duration.ONCE))));
        return messages;
    }

    /** Those that version 2 had. */
    private static Map<String, MonMessage> messagesOfVersion2() {
        NodeAddress address = new NodeAddress("10.0.0.9", 9441, 77);
        Map<String, MonMessage> messages = messagesOfVersion1();
        messages.put(
                "osd-boots-again",
                new MonMessage.OsdBoot(
                        3,
                        new UUID(1, 2),
                        address,
                        address,
                        17,
                        new TreeMap<>(Map.of("put", 1)),
                        new TreeSet<>(List.of(70L, 77L)),
                        MonMessage.BootCause.WRONGLY_DOWN));
        messages.put("osd-boot-refused-for-its-life", new MonMessage.OsdBootRefused(3, "set back", 6));
        messages.put("osd-failure", new MonMessage.OsdFailure(3, 1, address, 6500, MonMessage.Evidence.REFUSED, 18));
        messages.put("osd-still-alive", new MonMessage.OsdStillAlive(3, 1, address, 18));
        messages.put(
                "osd-pg-temp",
                new MonMessage.OsdPgTemp(
                        3, new TreeMap<>(Map.of(new PgId(1, 2), List.of(0, 3), new PgId(1, 5), List.of())), 18));
        messages.put(
                "osd-pg-stats",
                new MonMessage.OsdPgStats(
                        3, 18, new OsdStat(1000, 300, 450), new TreeMap<>(Map.of(new PgId(1, 2), STAT))));
        for (MonCommand command : List.of(
                new MonCommand.SetPoolSize("data", 3),
                new MonCommand.SetPoolMinSize("data", 1, MonCommand.Consent.DATA_LOSS),
                new MonCommand.CreateOsd(new UUID(1, 2), "node2", 0x18000, "ssd"),
                new MonCommand.MarkOsdDown(3, 17),
                new MonCommand.DeclareOsdLost(3),
                new MonCommand.PurgeOsd(3, MonCommand.Consent.NONE),
                new MonCommand.SetBlocklisted(4711, 1_700_000_000_000L),
                new MonCommand.AddMonitor("b", address),
                new MonCommand.RemoveMonitor("b"))) {
            messages.put(command.toString(), new MonMessage.Command(9, command));
        }
        for (CrushEdit edit : List.of(
                new CrushEdit.AddBucket("rack1", "rack", "default"),
                new CrushEdit.RemoveBucket("rack1"),
                new CrushEdit.Move("osd.3", "node2"),
                new CrushEdit.SetWeight(3, 0x18000),
                new CrushEdit.SetClass(3, "ssd"),
                new CrushEdit.AddRule("fast", "default", "host", "ssd"),
                new CrushEdit.RemoveRule("fast"),
                new CrushEdit.AddDevice(new CrushDevice(3, "osd.3", "ssd"), "node2", 0x10000),
                new CrushEdit.RemoveDevice(3))) {
            messages.put(edit.toString(), new MonMessage.Command(9, new MonCommand.EditCrush(edit)));
        }
        messages.put("get-log", new MonMessage.GetLog(4, 100));
        messages.put(
                "log-reply",
                new MonMessage.LogReply(
                        4, List.of(new LogLine(7, 1_700_000_000_000L, LogLine.Severity.WARN, "osd.1 is down"))));
        messages.put("get-health", new MonMessage.GetHealth(5));
        messages.put(
                "health-reply",
                new MonMessage.HealthReply(
                        5,
                        List.of(new HealthCheck(
                                "OSD_DOWN",
                                HealthCheck.Severity.WARNING,
                                "1 osds are down",
                                List.of("osd.1 on node2 is down"),
                                "start them"))));
        messages.put("get-stats", new MonMessage.GetStats(6));
        messages.put(
                "stats-reply",
                new MonMessage.StatsReply(
                        6,
                        new TreeMap<>(Map.of(3, new OsdStat(1000, 300, 450))),
                        new TreeMap<>(Map.of(new PgId(1, 2), STAT))));
        messages.put(
                "create-token",
                new MonMessage.Command(9, new MonCommand.CreateToken(Bytes.hex("ab".repeat(32)), 1_764_350_000_000L)));
        messages.put(
                "admit-node",
                new MonMessage.Command(
                        9, new MonCommand.AdmitNode(Bytes.hex("ab".repeat(32)), "n2", Bytes.hex("cd".repeat(32)))));
        return messages;
    }

    @Test
    void everyMessageKeepsItsReleasedEncoding() {
        ByteWriter all = new ByteWriter();
        messages().values().forEach(message -> all.bytes(MonMessageCodec.encode(message)));
        GoldenFile.check("mon-messages-v6.hex", all.toBytes());
    }

    @Test
    void messagesOfOlderVersionsAreRead() {
        checkRead(messagesOfVersion1(), "mon-messages-v1.hex");
        checkRead(messagesOfVersion2(), "mon-messages-v2.hex");
        // It says of no OSD whether its process is gone.
        checkRead(messagesOfVersion3(), "mon-messages-v3.hex");
        checkRead(messagesOfVersion3(), "mon-messages-v4.hex");
        // It says of no OSD since when it has its store.
        checkRead(messages(), "mon-messages-v5.hex");
    }

    private static void checkRead(Map<String, MonMessage> messages, String file) {
        ByteReader all = new ByteReader(GoldenFile.read(file));
        messages.forEach((name, message) ->
                assertThat(MonMessageCodec.decode(all.bytes())).as(name).isEqualTo(message));
        assertThat(all.remaining()).isZero();
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
        long edits = messages().values().stream()
                .filter(message -> message instanceof MonMessage.Command command
                        && command.command() instanceof MonCommand.EditCrush)
                .count();
        assertThat(edits).isEqualTo(CrushEdit.class.getPermittedSubclasses().length);
    }

    private static List<Bytes> encodings() {
        return messages().values().stream().map(MonMessageCodec::encode).toList();
    }

    @Test
    void cutBytesAreRefused() {
        CodecChecks.cutBytesAreRefused(encodings(), MonMessageCodec::decode);
    }

    @Test
    void damagedBytesEndInNothingButMalformedBytes() {
        CodecChecks.damagedBytesEndInNothingButMalformedBytes(encodings(), MonMessageCodec::decode, 5, 1000);
    }
}
