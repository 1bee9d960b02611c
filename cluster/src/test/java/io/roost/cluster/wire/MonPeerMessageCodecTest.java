package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.message.ElectionMessage;
import io.roost.cluster.message.ForwardMessage;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.message.PaxosMessage;
import io.roost.cluster.message.ProbeMessage;
import io.roost.cluster.message.SyncMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonPeerMessageCodecTest {
    private static List<MonPeerMessage> election() {
        return List.of(
                new ElectionMessage.Propose(7, 3),
                new ElectionMessage.Ack(7),
                new ElectionMessage.Nak(9),
                new ElectionMessage.Victory(8, new TreeSet<>(List.of("a", "b"))));
    }

    private static List<MonPeerMessage> paxos() {
        PaxosMessage.Versions two = new PaxosMessage.Versions(41, List.of(Bytes.utf8("v41"), Bytes.utf8("v42")));
        return List.of(
                new PaxosMessage.Collect(8, 301, 17, 42),
                new PaxosMessage.Last(8, 301, 17, 40, PaxosMessage.Versions.NONE, Optional.empty(), 0),
                new PaxosMessage.Last(
                        8,
                        301,
                        17,
                        42,
                        two,
                        Optional.of(new PaxosMessage.Uncommitted(43, 202, Bytes.utf8("v43"))),
                        1032),
                new PaxosMessage.Begin(8, 301, 44, Bytes.utf8("v44")),
                new PaxosMessage.Accept(8, 301, 44),
                new PaxosMessage.Commit(8, 301, 44, PaxosMessage.Versions.NONE),
                new PaxosMessage.Commit(8, 301, 42, two),
                new PaxosMessage.Lease(8, 5, 44),
                new PaxosMessage.LeaseAck(8, 5, 44, 123_456_789),
                new PaxosMessage.LeaseGrant(8, 44, 123_456_789, 990));
    }

    private static List<MonPeerMessage> probe() {
        return List.of(
                new ProbeMessage.Probe(new UUID(0x1234, 0x5678), 123_456_789),
                new ProbeMessage.ProbeReply(123_456_789, 3, 17, 44, ProbeMessage.Standing.READABLE, Optional.of("a")),
                new ProbeMessage.ProbeReply(123_456_789, 3, 0, 0, ProbeMessage.Standing.INCOMPLETE, Optional.empty()),
                new ProbeMessage.Join());
    }

    private static List<MonPeerMessage> sync() {
        return List.of(
                new SyncMessage.GetRows(Bytes.utf8("osdmap\0x")),
                new SyncMessage.Rows(Bytes.EMPTY, 44, Bytes.utf8("rows"), Bytes.utf8("osdmap\0x")),
                new SyncMessage.GetVersions(41),
                new SyncMessage.CommittedVersions(
                        17, 44, new PaxosMessage.Versions(41, List.of(Bytes.utf8("v41"), Bytes.utf8("v42")))));
    }

    private static List<MonPeerMessage> forward() {
        return forward(8);
    }

    private static List<MonPeerMessage> forward(int epochOfReply) {
        return List.of(
                new ForwardMessage.Forward(8, 3, 5, new MonMessage.Authenticate(7, "client.a")),
                new ForwardMessage.ForwardReply(epochOfReply, 5, new MonMessage.AuthenticateReply(7, 65)));
    }

    private static List<MonPeerMessage> all() {
        List<MonPeerMessage> all = new ArrayList<>(election());
        all.addAll(paxos());
        all.addAll(probe());
        all.addAll(sync());
        all.addAll(forward());
        return all;
    }

    private static void checkGolden(String name, List<MonPeerMessage> messages) {
        ByteWriter all = new ByteWriter();
        messages.forEach(message -> all.bytes(MonPeerMessageCodec.encode(message)));
        GoldenFile.check(name, all.toBytes());
    }

    private static List<Bytes> encodings() {
        return all().stream().map(MonPeerMessageCodec::encode).toList();
    }

    @Test
    void everyMessageKeepsItsReleasedEncoding() {
        checkGolden("election-messages-v1.hex", election());
        checkGolden("paxos-messages-v1.hex", paxos());
        checkGolden("probe-messages-v1.hex", probe());
        checkGolden("sync-messages-v1.hex", sync());
        // What is passed on has a version of its own.
        checkGolden("forward-messages-v4.hex", forward());
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward-messages-v1.hex", "forward-messages-v2.hex"})
    void messagesPassedOnWithoutTheEpochOfTheAnswerAreRead(String name) {
        checkRead(name, forward(0));
    }

    @Test
    void messagesPassedOnByAnEarlierVersionAreRead() {
        checkRead("forward-messages-v3.hex", forward());
    }

    private static void checkRead(String name, List<MonPeerMessage> messages) {
        ByteReader all = new ByteReader(GoldenFile.read(name));
        messages.forEach(
                message -> assertThat(MonPeerMessageCodec.decode(all.bytes())).isEqualTo(message));
        assertThat(all.remaining()).isZero();
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
    void messageThatGoesTheOtherWayIsNotPassedOn() {
        ByteWriter out = new ByteWriter();
        // Protocol 5, type 1, and inside an answer.
        int mark = out.u8(5).u8(1).begin(1, 1);
        out.u32(8)
                .u64(3)
                .u64(5)
                .bytes(MonMessageCodec.encode(new MonMessage.AuthenticateReply(7, 65)))
                .end(mark);
        assertThatThrownBy(() -> MonPeerMessageCodec.decode(out.toBytes())).isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void cutBytesAreRefused() {
        CodecChecks.cutBytesAreRefused(encodings(), MonPeerMessageCodec::decode);
    }

    @Test
    void damagedBytesEndInNothingButMalformedBytes() {
        CodecChecks.damagedBytesEndInNothingButMalformedBytes(encodings(), MonPeerMessageCodec::decode, 6, 1000);
    }
}
