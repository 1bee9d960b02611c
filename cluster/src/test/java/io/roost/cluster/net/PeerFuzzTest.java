package io.roost.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.FuzzRounds;
import io.roost.cluster.identity.CertificateRequest;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.JoinToken;
import io.roost.cluster.identity.NodeKey;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.net.handshake.HandshakeCodec;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.wire.MonMessageCodec;
import io.roost.cluster.wire.OsdMessageCodec;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What a peer may send inside of good frames, damaged in every way: each reader gives a value or finds it malformed, and does
 * nothing else.
 */
class PeerFuzzTest {
    /** Reads bytes from a peer. */
    private interface Reader {
        void read(Bytes bytes);
    }

    private record Subject(Bytes bytes, Reader reader) {}

    private static List<Subject> subjects() {
        Bytes name = Bytes.utf8("name");
        Entity osd = new Entity(EntityName.osd(1), 2);
        Bytes nonce = Bytes.wrap(new byte[HandshakeMessage.NONCE_BYTES]);
        Bytes request =
                CertificateRequest.of(NodeKey.generate(TestNodes.RANDOM)).der();
        OsdMessage operation = new OsdMessage.Operation(
                new RequestId(1, 2, 3),
                4,
                new PgId(2, 5),
                new Locator(2, name),
                "put",
                "head",
                name,
                Data.wrap(new byte[100]),
                ObjectVersion.NONE,
                0);
        MonMessage boot = new MonMessage.OsdBoot(
                1,
                new UUID(1, 2),
                new NodeAddress("host", 1, 2),
                new NodeAddress("host", 1, 2),
                3,
                new java.util.TreeMap<>());
        JoinToken token = JoinToken.create(
                List.of(new NodeAddress("host", 1, 0)), Bytes.wrap(new byte[32]), Instant.EPOCH, TestNodes.RANDOM);
        Reader handshake = HandshakeCodec::decode;
        return List.of(
                new Subject(OsdMessageCodec.encode(operation), OsdMessageCodec::decode),
                new Subject(MonMessageCodec.encode(boot), MonMessageCodec::decode),
                new Subject(request, CertificateRequest::parse),
                new Subject(Bytes.utf8(token.text()), bytes -> JoinToken.parse(bytes.utf8())),
                new Subject(HandshakeCodec.encode(new HandshakeMessage.Challenge(1, 1, nonce)), handshake),
                new Subject(
                        HandshakeCodec.encode(
                                new HandshakeMessage.Hello(1, nonce, new UUID(1, 2), osd, osd, Channel.BULK, 0)),
                        handshake),
                new Subject(
                        HandshakeCodec.encode(new HandshakeMessage.Join(nonce, EntityName.node("b"), request)),
                        handshake));
    }

    @Test
    void damagedBytesAreValuesOrMalformed() {
        List<Subject> subjects = subjects();
        int[] malformed = new int[1];
        long rounds = FuzzRounds.run(8_000, random -> {
            Subject subject = subjects.get(random.nextInt(subjects.size()));
            Bytes bytes = damaged(subject.bytes(), random);
            try {
                subject.reader().read(bytes);
            } catch (MalformedBytesException expected) {
                malformed[0]++;
            }
        });
        assertThat(malformed[0]).isBetween((int) Math.min(rounds / 2, Integer.MAX_VALUE), (int) rounds);
    }

    private static Bytes damaged(Bytes good, Random random) {
        byte[] bytes = good.array().clone();
        for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes = new ByteWriter().raw(bytes, 0, at).toArray();
                case 2 ->
                    bytes = new ByteWriter()
                            .raw(bytes, 0, at)
                            .u8(random.nextInt(256))
                            .raw(bytes, at, bytes.length - at)
                            .toArray();
                default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return Bytes.wrap(bytes);
    }
}
