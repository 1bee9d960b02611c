package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.message.ReservationMessage;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReservationMessageCodecTest {
    private static final PgId PG = new PgId(258, 0x2f);
    private static final List<ReservationMessage> ALL = List.of(
            new ReservationMessage.Request(PG, 9, 1L << 40, ReservationMessage.Work.RECOVERY, 180),
            new ReservationMessage.Request(PG, 9, 1, ReservationMessage.Work.BACKFILL, 100),
            new ReservationMessage.Granted(PG, 9, 2),
            new ReservationMessage.Refused(PG, 9, 3, ReservationMessage.Reason.TOO_FULL),
            new ReservationMessage.Refused(PG, 9, 3, ReservationMessage.Reason.TAKEN_BACK),
            new ReservationMessage.Release(PG, 10, 4));

    @Test
    void everyMessageKeepsItsReleasedEncoding() {
        ByteWriter all = new ByteWriter();
        ALL.forEach(message -> all.bytes(PeerMessageCodec.encode(message)));
        GoldenFile.check("reservation-messages-v1.hex", all.toBytes());
    }

    @Test
    void everyMessageSurvivesTheWay() {
        for (PeerMessage message : ALL) {
            Bytes encoded = PeerMessageCodec.encode(message);
            assertThat(PeerMessageCodec.decode(encoded)).isEqualTo(message);
        }
    }

    @Test
    void everyKindOfMessageIsAmongThoseTested() {
        Set<Class<?>> kinds = new LinkedHashSet<>(List.of(ReservationMessage.class.getPermittedSubclasses()));
        ALL.forEach(message -> kinds.remove(message.getClass()));
        assertThat(kinds).isEmpty();
    }

    @Test
    void bytesThatAreCutOrDamagedEndInNothingButMalformedBytes() {
        List<Bytes> encodings = ALL.stream().map(PeerMessageCodec::encode).toList();
        CodecChecks.cutBytesAreRefused(encodings, PeerMessageCodec::decode);
        CodecChecks.damagedBytesEndInNothingButMalformedBytes(encodings, PeerMessageCodec::decode, 6, 500);
    }
}
