package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgMapping;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PgHistory;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.PgInterval;
import io.roost.cluster.message.PgQuery;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ReadFrom;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.object.ScrubKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OsdMessageCodecTest {
    private static final RequestId ID = new RequestId(4100, 3, 77);
    private static final PgId PG = new PgId(2, 41);
    private static final Locator LOCATOR = new Locator(2, Bytes.utf8("b1.s3"));
    private static final Bytes NAME = Bytes.utf8("name");
    private static final Data DATA = Data.wrap("hello".getBytes(StandardCharsets.UTF_8));

    static Stream<OsdMessage> messages() {
        Entry entry = new Entry(new ObjectVersion(3, 9), Bytes.utf8("attributes"), 12, Entry.NO_BODY);
        return Stream.of(
                new OsdMessage.Operation(
                        ID, 5, PG, LOCATOR, "put", "head", NAME, DATA, new ObjectVersion(5, 1000), 1, ReadFrom.REPLICA),
                new OsdMessage.OperationReply(ID, 6, 404, NAME, DATA, new ObjectVersion(6, 2), new ObjectVersion(6, 3)),
                new OsdMessage.Refusal(ID, 6, ObjectError.NO_SPACE, "full"),
                new OsdMessage.WrongPrimary(ID, 8),
                new OsdMessage.ScanWork(ID, 6, PG, OsdMessage.Scanned.CATALOGUE, NAME, 1000),
                new OsdMessage.WorkReply(ID, 6, List.of(new OsdMessage.WorkItem(LOCATOR, NAME, entry)), Bytes.EMPTY),
                new OsdMessage.Scrub(ID, 6, PG, ScrubKind.DEEP_SCRUB),
                new OsdMessage.ScrubReply(ID, 6, OsdMessage.ScrubStart.NOT_CLEAN),
                new OsdMessage.Watch(ID, 6, PG, LOCATOR, NAME, 12),
                new OsdMessage.Unwatch(ID, 6, PG, LOCATOR, NAME, 12),
                new OsdMessage.Notify(ID, 6, PG, LOCATOR, NAME, Bytes.utf8("payload"), 3000),
                new OsdMessage.NotifyAck(ID, 6, PG, LOCATOR, 12),
                new OsdMessage.WatchReply(ID, 6),
                new OsdMessage.WatchNotify(ID, PG, LOCATOR, 12, Bytes.utf8("payload")),
                new OsdMessage.NotifyReply(ID, 6, 2, 1),
                new OsdMessage.Outdated(ID, 6, new ObjectVersion(4, 7), new ObjectVersion(6, 5000)),
                new OsdMessage.QueryPg(ID, 6, PG),
                new OsdMessage.PgQueried(ID, 6, query()));
    }

    private static PgQuery query() {
        PgInfo info = new PgInfo(
                new ObjectVersion(6, 9),
                new ObjectVersion(3, 2),
                Bytes.utf8("filled to here"),
                3,
                6,
                new PgHistory(2, 6, 5, 7));
        return new PgQuery(
                7,
                Set.of(PgState.DOWN, PgState.UNDERSIZED),
                new PgMapping(List.of(2, 0), 2, List.of(0), 0),
                "down",
                List.of(new PgQuery.Copy(0, info, 3), new PgQuery.Copy(4, PgInfo.ABSENT, 0)),
                List.of(new PgInterval(4, 6, List.of(0, 3), 3)),
                new TreeSet<>(List.of(5)),
                new TreeSet<>(List.of(3)),
                new TreeSet<>(List.of(1, 3)),
                2,
                "remote_wait",
                List.of(8),
                new ScrubHistory(11, 1_764_350_000_000L, 1_764_340_000_000L, 2));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsWhatItWrites(OsdMessage message) {
        Bytes bytes = OsdMessageCodec.encode(message);
        assertThat(OsdMessageCodec.encode(OsdMessageCodec.decode(bytes))).isEqualTo(bytes);
        assertThat(OsdMessageCodec.decode(bytes)).isInstanceOf(message.getClass());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isWrittenAsReleased(OsdMessage message) {
        boolean isNewer = message instanceof OsdMessage.PgQueried || message instanceof OsdMessage.Operation;
        String version = isNewer ? "-v2.hex" : "-v1.hex";
        GoldenFile.check(
                "osd-message-" + message.getClass().getSimpleName() + version, OsdMessageCodec.encode(message));
    }

    @Test
    void whatWasQueriedBeforeThereWereScrubsIsRead() {
        OsdMessage.PgQueried read =
                (OsdMessage.PgQueried) OsdMessageCodec.decode(GoldenFile.read("osd-message-PgQueried-v1.hex"));
        assertThat(read.query().scrubs()).isEqualTo(ScrubHistory.NONE);
        assertThat(read.query().reservationAwaits()).isEqualTo(query().reservationAwaits());
        assertThat(read.query().copies()).isEqualTo(query().copies());
    }

    @Test
    void anOperationOfBeforeReplicasWereAskedIsForThePrimary() {
        OsdMessage.Operation read =
                (OsdMessage.Operation) OsdMessageCodec.decode(GoldenFile.read("osd-message-Operation-v1.hex"));
        assertThat(read.readFrom()).isEqualTo(ReadFrom.PRIMARY);
        assertThat(read.knownVersion()).isEqualTo(new ObjectVersion(5, 1000));
        assertThat(read.attempt()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isSentAsWritten(OsdMessage message) {
        CodecChecks.payloadIsTheEncoding(MessageCodec.payload(message), OsdMessageCodec.encode(message));
    }

    @Test
    void theBodyOfAnOperationIsSentFromWhereItIs() {
        OsdMessage.Operation put = new OsdMessage.Operation(
                ID, 5, PG, LOCATOR, "put", "head", NAME, CodecChecks.direct(DATA), ObjectVersion.NONE, 0);
        assertThat(CodecChecks.isInPlace(MessageCodec.payload(put))).isTrue();
        CodecChecks.payloadIsTheEncoding(MessageCodec.payload(put), OsdMessageCodec.encode(put));
    }

    @Test
    void theBodyOfAnAnswerIsReleasedWithItsPayload() {
        int[] released = new int[1];
        Data body = new BlockPool(1).data(CodecChecks.direct(DATA).blocks(), () -> released[0]++);
        Payload payload = MessageCodec.payload(
                new OsdMessage.OperationReply(ID, 6, 0, NAME, body, ObjectVersion.NONE, ObjectVersion.NONE));
        assertThat(CodecChecks.isInPlace(payload)).isTrue();
        assertThat(released[0]).isZero();
        payload.release();
        assertThat(released[0]).isOne();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyTruncationIsMalformed(OsdMessage message) {
        CodecChecks.cutBytesAreRefused(List.of(OsdMessageCodec.encode(message)), OsdMessageCodec::decode);
    }

    @Test
    void damagedBytesAreAMessageOrMalformedAndNothingElse() {
        Random random = new Random(20261124);
        List<OsdMessage> all = messages().toList();
        int malformed = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = OsdMessageCodec.encode(all.get(random.nextInt(all.size())))
                    .array()
                    .clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                OsdMessageCodec.decode(Bytes.wrap(bytes));
            } catch (MalformedBytesException expected) {
                malformed++;
            }
        }
        assertThat(malformed).isPositive();
    }
}
