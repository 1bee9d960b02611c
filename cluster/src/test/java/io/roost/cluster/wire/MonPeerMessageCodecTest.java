package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.message.ElectionMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MonPeerMessageCodecTest {
    private static List<MonPeerMessage> election() {
        return List.of(
                new ElectionMessage.Propose(7, 3),
                new ElectionMessage.Ack(7),
                new ElectionMessage.Nak(9),
                new ElectionMessage.Victory(8, new TreeSet<>(List.of("a", "b"))));
    }

    private static List<MonPeerMessage> all() {
        return new ArrayList<>(election());
    }

    private static void checkGolden(String name, List<MonPeerMessage> messages) {
        ByteWriter all = new ByteWriter();
        messages.forEach(message -> all.bytes(MonPeerMessageCodec.encode(message)));
        GoldenFile.check(name, all.toBytes());
    }

    @Test
    void everyMessageKeepsItsReleasedEncoding() {
        checkGolden("election-messages-v1.hex", election());
    }

    @Test
    void everyMessageSurvivesTheWay() {
        for (MonPeerMessage message : all()) {
            assertThat(MonPeerMessageCodec.decode(MonPeerMessageCodec.encode(message)))
                    .isEqualTo(message);
        }
    }

    @Test
    void everyKindOfMessageIsAmongThoseTested() {
        Set<Class<?>> kinds = new LinkedHashSet<>();
        for (Class<?> protocol : MonPeerMessage.class.getPermittedSubclasses()) {
            kinds.addAll(List.of(protocol.getPermittedSubclasses()));
        }
        all().forEach(message -> kinds.remove(message.getClass()));
        assertThat(kinds).isEmpty();
    }

    @Test
    void cutBytesAreRefused() {
        for (MonPeerMessage message : all()) {
            Bytes encoded = MonPeerMessageCodec.encode(message);
            for (int end = 0; end < encoded.length(); end++) {
                Bytes cut = encoded.slice(0, end);
                assertThatThrownBy(() -> MonPeerMessageCodec.decode(cut))
                        .as("%s cut to %d bytes", message, end)
                        .isInstanceOf(MalformedBytesException.class);
            }
        }
    }

    @Test
    void damagedBytesEndInNothingButMalformedBytes() {
        long seed = 6;
        Random random = new Random(seed);
        int refused = 0;
        for (MonPeerMessage message : all()) {
            Bytes encoded = MonPeerMessageCodec.encode(message);
            for (int i = 0; i < 1000; i++) {
                byte[] copy = encoded.array().clone();
                copy[random.nextInt(copy.length)] ^= (byte) (1 + random.nextInt(255));
                try {
                    MonPeerMessageCodec.decode(Bytes.wrap(copy));
                } catch (MalformedBytesException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(1000);
    }
}
