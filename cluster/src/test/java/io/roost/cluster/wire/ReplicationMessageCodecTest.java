package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicationMessageCodecTest {
    private static final PgId PG = new PgId(258, 0x2f);
    private static final Bytes KEY = Bytes.hex("0101aabbccdd610001");
    private static final ObjectVersion VERSION = new ObjectVersion(7, 300);
    private static final Data BODY = Data.wrap("hello".getBytes(StandardCharsets.UTF_8));

    private static List<ReplicationMessage> all() {
        Locator locator = new Locator(258, Bytes.utf8("b1.s3"));
        Bytes attributes = Bytes.utf8("attributes");
        Bytes value = Bytes.utf8("value");
        return List.of(
                new ReplicationMessage.Replicate(
                        PG,
                        9,
                        VERSION,
                        locator,
                        List.of(
                                new Mutation.Put(Bytes.utf8("whole"), attributes, value, BODY),
                                Mutation.Put.row(Bytes.utf8("row"), attributes),
                                new Mutation.SetAttributes(Bytes.utf8("kept"), attributes, value),
                                new Mutation.Delete(Bytes.utf8("gone"))),
                        Bytes.utf8("row of the log"),
                        new ObjectVersion(6, 200)),
                new ReplicationMessage.Replicated(PG, 9, VERSION),
                new ReplicationMessage.Pull(PG, 9, KEY, VERSION),
                new ReplicationMessage.Push(
                        PG, 9, KEY, VERSION, new ReplicationMessage.Content(attributes, value, BODY)),
                new ReplicationMessage.Push(
                        PG, 9, KEY, VERSION, new ReplicationMessage.Content(attributes, Bytes.EMPTY, null)),
                new ReplicationMessage.Push(PG, 9, KEY, VERSION, null),
                new ReplicationMessage.Pushed(PG, 9, KEY, VERSION),
                new ReplicationMessage.Unreadable(PG, 9, KEY, VERSION),
                new ReplicationMessage.Scan(PG, 9, Bytes.EMPTY, KEY),
                new ReplicationMessage.Scanned(
                        PG, 9, Bytes.EMPTY, KEY, List.of(new ReplicationMessage.Present(KEY, VERSION))),
                new ReplicationMessage.Filled(PG, 9, KEY),
                new ReplicationMessage.FilledRecorded(PG, 9, KEY));
    }

    @Test
    void everyMessageIsSentAsWritten() {
        all().forEach(message ->
                CodecChecks.payloadIsTheEncoding(MessageCodec.payload(message), PeerMessageCodec.encode(message)));
    }

    /** A transaction is in flight until everybody has it; what is pushed is released as soon as it has been sent. */
    @Test
    void onlyTheBodiesOfTransactionsAreSentFromWhereTheyAre() {
        Data body = CodecChecks.direct(BODY);
        Mutation put = new Mutation.Put(Bytes.utf8("whole"), Bytes.EMPTY, Bytes.EMPTY, body);
        ReplicationMessage replicate = new ReplicationMessage.Replicate(
                PG, 9, VERSION, new Locator(258, KEY), List.of(put), Bytes.EMPTY, VERSION);
        ReplicationMessage push = new ReplicationMessage.Push(
                PG, 9, KEY, VERSION, new ReplicationMessage.Content(Bytes.EMPTY, Bytes.EMPTY, body));
        assertThat(CodecChecks.isInPlace(MessageCodec.payload(replicate))).isTrue();
        assertThat(CodecChecks.isInPlace(MessageCodec.payload(push))).isFalse();
    }

    private static List<Bytes> encodings() {
        return all().stream().map(PeerMessageCodec::encode).toList();
    }

    @Test
    void everyMessageKeepsItsReleasedEncoding() {
        ByteWriter all = new ByteWriter();
        all().forEach(message -> all.bytes(PeerMessageCodec.encode(message)));
        GoldenFile.check("replication-messages-v1.hex", all.toBytes());
    }

    @Test
    void everyMessageSurvivesTheWay() {
        for (ReplicationMessage message : all()) {
            Bytes encoded = PeerMessageCodec.encode(message);
            assertThat(PeerMessageCodec.decode(encoded)).isInstanceOf(message.getClass());
            assertThat(PeerMessageCodec.encode(PeerMessageCodec.decode(encoded)))
                    .isEqualTo(encoded);
        }
    }

    @Test
    void everyKindOfMessageIsAmongThoseTested() {
        Set<Class<?>> kinds = new LinkedHashSet<>(List.of(ReplicationMessage.class.getPermittedSubclasses()));
        all().forEach(message -> kinds.remove(message.getClass()));
        assertThat(kinds).isEmpty();
    }

    @Test
    void cutBytesAreRefused() {
        CodecChecks.cutBytesAreRefused(encodings(), PeerMessageCodec::decode);
    }

    @Test
    void damagedBytesEndInNothingButMalformedBytes() {
        CodecChecks.damagedBytesEndInNothingButMalformedBytes(encodings(), PeerMessageCodec::decode, 8, 1000);
    }
}
