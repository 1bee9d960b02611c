package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.LeaseMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseMessageCodecTest {
    private static final PgId PG = new PgId(258, 0x2f);
    private static final List<LeaseMessage> ALL =
            List.of(new LeaseMessage.Ask(PG, 9, -12_345), new LeaseMessage.Promise(PG, 10, 1L << 40));

    @Test
    void everyMessageKeepsItsReleasedEncoding() {
        ByteWriter all = new ByteWriter();
        ALL.forEach(message -> all.bytes(PeerMessageCodec.encode(message)));
        GoldenFile.check("lease-messages-v1.hex", all.toBytes());
    }

    @Test
    void everyMessageSurvivesTheWay() {
        for (PeerMessage message : ALL) {
            Bytes encoded = PeerMessageCodec.encode(message);
            assertThat(PeerMessageCodec.decode(encoded)).isEqualTo(message);
        }
    }
}
