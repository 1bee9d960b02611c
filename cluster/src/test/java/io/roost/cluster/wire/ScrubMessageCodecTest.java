package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.message.ScrubMessage;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ScrubDepth;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScrubMessageCodecTest {
    private static final PgId PG = new PgId(258, 0x2f);
    private static final Bytes KEY = Bytes.hex("0101aabbccdd610001");
    private static final Bytes NEXT = Bytes.hex("0101aabbccdd620001");
    private static final ObjectVersion VERSION = new ObjectVersion(7, 300);
    private static final ReplicationMessage.Content CONTENT = new ReplicationMessage.Content(
            Bytes.utf8("attributes"), Bytes.utf8("value"), Data.wrap("hello".getBytes(StandardCharsets.UTF_8)));

    private static final ScrubMessage KNOWN =
            new ScrubMessage.Known(PG, 9, new ScrubHistory(11, 1_764_350_000_000L, 1_764_340_000_000L, 2));

    private static List<ScrubMessage> all() {
        List<ScrubMessage.Sample> samples =
                List.of(new ScrubMessage.Sample(KEY, true, VERSION, 0xcafebabe), ScrubMessage.Sample.damaged(NEXT));
        return List.of(
                new ScrubMessage.Examine(PG, 9, 11, ScrubDepth.SHALLOW, Bytes.EMPTY, KEY),
                new ScrubMessage.Examine(PG, 9, 12, ScrubDepth.DEEP, KEY, NEXT),
                new ScrubMessage.Examined(PG, 9, 12, NEXT, samples, false),
                new ScrubMessage.Examined(PG, 9, 12, NEXT, List.of(), true),
                new ScrubMessage.Mend(PG, 9, 12, KEY, VERSION, CONTENT),
                new ScrubMessage.Mend(PG, 9, 12, KEY, ObjectVersion.NONE, null),
                new ScrubMessage.Mended(PG, 9, 12, KEY),
                KNOWN);
    }

    @Test
    void everyMessageKeepsItsReleasedEncoding() {
        ByteWriter all = new ByteWriter();
        all().stream()
                .filter(message -> !message.equals(KNOWN))
                .forEach(message -> all.bytes(PeerMessageCodec.encode(message)));
        GoldenFile.check("scrub-messages-v1.hex", all.toBytes());
        GoldenFile.check("scrub-message-Known-v1.hex", PeerMessageCodec.encode(KNOWN));
    }

    @Test
    void everyMessageSurvivesTheWay() {
        for (ScrubMessage message : all()) {
            Bytes encoded = PeerMessageCodec.encode(message);
            assertThat(PeerMessageCodec.decode(encoded)).isInstanceOf(message.getClass());
            assertThat(PeerMessageCodec.encode(PeerMessageCodec.decode(encoded)))
                    .isEqualTo(encoded);
        }
    }

    @Test
    void everyKindOfMessageIsAmongThoseTested() {
        Set<Class<?>> kinds = new LinkedHashSet<>(List.of(ScrubMessage.class.getPermittedSubclasses()));
        all().forEach(message -> kinds.remove(message.getClass()));
        assertThat(kinds).isEmpty();
    }

    @Test
    void bytesThatAreCutOrDamagedEndInNothingButMalformedBytes() {
        List<Bytes> encodings = all().stream().map(PeerMessageCodec::encode).toList();
        CodecChecks.cutBytesAreRefused(encodings, PeerMessageCodec::decode);
        CodecChecks.damagedBytesEndInNothingButMalformedBytes(encodings, PeerMessageCodec::decode, 6, 500);
    }
}
