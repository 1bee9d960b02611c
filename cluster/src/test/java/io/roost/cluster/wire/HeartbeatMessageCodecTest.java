package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeartbeatMessageCodecTest {
    private static final List<HeartbeatMessage> MESSAGES =
            List.of(new HeartbeatMessage.Ping(123_456_789, 42), new HeartbeatMessage.PingReply(123_456_789, 43));

    @Test
    void isWrittenAsReleasedAndReadBack() {
        Bytes all = Bytes.EMPTY;
        for (HeartbeatMessage message : MESSAGES) {
            Bytes encoded = HeartbeatMessageCodec.encode(message);
            assertThat(HeartbeatMessageCodec.decode(encoded)).isEqualTo(message);
            all = all.concat(encoded);
        }
        GoldenFile.check("heartbeat-messages-v1.hex", all);
    }

    @Test
    void everyKindIsAmongThoseTested() {
        assertThat(HeartbeatMessage.class.getPermittedSubclasses()).hasSize(MESSAGES.size());
    }

    @Test
    void anythingElseIsMalformed() {
        Bytes encoded = HeartbeatMessageCodec.encode(MESSAGES.get(0));
        CodecChecks.cutBytesAreRefused(List.of(encoded), HeartbeatMessageCodec::decode);
        byte[] other = encoded.array().clone();
        other[0] = 9;
        assertThatThrownBy(() -> HeartbeatMessageCodec.decode(Bytes.wrap(other)))
                .isInstanceOf(MalformedBytesException.class);
    }
}
