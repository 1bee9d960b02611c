package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.PgHistory;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.PgInterval;
import io.roost.cluster.message.ReadPromise;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PeerMessageCodecTest {
    private static final PgId PG = new PgId(2, 0x1f);
    private static final PgHistory HISTORY = new PgHistory(3, 17, 15, 18);
    private static final PgInfo INFO =
            new PgInfo(new ObjectVersion(17, 105), new ObjectVersion(12, 40), PgInfo.COMPLETE, 1, 17, HISTORY);
    private static final List<PgInterval> INTERVALS =
            List.of(new PgInterval(15, 16, List.of(1, 2), 1), new PgInterval(17, 17, List.of(2), 2));

    private static List<PeerMessage> peering() {
        TreeMap<Bytes, MissingItem> missing = new TreeMap<>();
        missing.put(
                Bytes.utf8("a"),
                new MissingItem(new ObjectVersion(17, 105), new ObjectVersion(12, 41), MissingItem.Wanted.PRESENT));
        missing.put(
                Bytes.utf8("b"), new MissingItem(ObjectVersion.NONE, ObjectVersion.NONE, MissingItem.Wanted.ABSENT));
        List<Bytes> entries = List.of(Bytes.utf8("row 1"), Bytes.utf8("row 2"));
        ObjectVersion since = new ObjectVersion(17, 103);
        return List.of(
                new PeeringMessage.QueryInfo(PG, 19, 18),
                new PeeringMessage.Notify(PG, 19, 18, INFO, INTERVALS).with(new ReadPromise(3, 700)),
                new PeeringMessage.Notify(PG, 19, 18, PgInfo.ABSENT, List.of()),
                new PeeringMessage.QueryLog(PG, 19, 18, since),
                new PeeringMessage.Log(PG, 19, 18, INFO, since, entries, missing),
                new PeeringMessage.Activate(PG, 19, 18, INFO, since, entries, INTERVALS, PeeringMessage.Start.BACKFILL),
                new PeeringMessage.Activated(PG, 19, 18),
                new PeeringMessage.HistoryUpdate(PG, 19, 18, HISTORY),
                new PeeringMessage.Remove(PG, 19, 18));
    }

    @Test
    void everyMessageKeepsItsReleasedEncoding() {
        ByteWriter all = new ByteWriter();
        peering().forEach(message -> all.bytes(PeerMessageCodec.encode(message)));
        GoldenFile.check("peering-messages-v1.hex", all.toBytes());
    }

    @Test
    void everyMessageSurvivesTheWay() {
        for (PeerMessage message : peering()) {
            assertThat(PeerMessageCodec.decode(PeerMessageCodec.encode(message)))
                    .isEqualTo(message);
        }
    }

    @Test
    void everyKindOfMessageIsAmongThoseTested() {
        Set<Class<?>> kinds = new LinkedHashSet<>(List.of(PeeringMessage.class.getPermittedSubclasses()));
        peering().forEach(message -> kinds.remove(message.getClass()));
        assertThat(kinds).isEmpty();
    }

    @Test
    void bytesThatAreCutOrDamagedEndInNothingButMalformedBytes() {
        List<Bytes> encodings = peering().stream().map(PeerMessageCodec::encode).toList();
        CodecChecks.cutBytesAreRefused(encodings, PeerMessageCodec::decode);
        CodecChecks.damagedBytesEndInNothingButMalformedBytes(encodings, PeerMessageCodec::decode, 6, 500);
    }
}
