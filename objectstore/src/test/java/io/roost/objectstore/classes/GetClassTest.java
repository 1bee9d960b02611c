package io.roost.objectstore.classes;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ReadFrom;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.layout.Versioning;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GetClassTest {
    private static final Bytes KEY = Bytes.utf8("a");
    private static final String HELLO_MD5 = "5d41402abc4b2a76b9719d911017c592";
    private final ShardFixture shard = new ShardFixture(1);

    private CallReply get(Conditions conditions, ByteSpan span) {
        return shard.call(new GetClass.Parameters(KEY, VersionId.LATEST, conditions, span).get());
    }

    private String bytes(ByteSpan span) {
        CallReply reply = get(Conditions.NONE, span);
        return reply.isOk() ? new String(reply.data().toArray(), StandardCharsets.UTF_8) : "status " + reply.status();
    }

    @Test
    void rangesAreThoseOfRfc9110() {
        shard.init();
        shard.put("a", "hello");
        String unsatisfiable = "status " + ClassStatus.INVALID_RANGE.code();
        assertThat(bytes(ByteSpan.all())).isEqualTo("hello");
        assertThat(bytes(new ByteSpan.Between(1, 3))).isEqualTo("ell");
        assertThat(bytes(new ByteSpan.Between(3, Long.MAX_VALUE))).isEqualTo("lo");
        assertThat(bytes(new ByteSpan.Between(4, 100))).isEqualTo("o");
        assertThat(bytes(new ByteSpan.Between(5, 100))).isEqualTo(unsatisfiable);
        assertThat(bytes(new ByteSpan.Suffix(2))).isEqualTo("lo");
        assertThat(bytes(new ByteSpan.Suffix(100))).isEqualTo("hello");
        assertThat(bytes(new ByteSpan.Suffix(0))).isEqualTo(unsatisfiable);
        shard.put("a", "");
        assertThat(bytes(ByteSpan.all())).isEmpty();
        assertThat(bytes(new ByteSpan.Between(0, 0))).isEqualTo(unsatisfiable);
        assertThat(bytes(new ByteSpan.Suffix(1))).isEqualTo(unsatisfiable);
    }

    @Test
    void anUnsatisfiableRangeTellsTheSize() {
        shard.init();
        shard.put("a", "hello");
        CallReply reply = get(Conditions.NONE, new ByteSpan.Between(9, 10));
        assertThat(GetClass.Reply.decode(reply.output()).head().sizeBytes()).isEqualTo(5);
        assertThat(reply.data().length()).isZero();
    }

    @Test
    void conditionsHaveThePrecedenceOfRfc9110Section13() {
        shard.init();
        shard.setNow(10_000);
        shard.put("a", "hello");
        List<String> same = List.of(HELLO_MD5);
        List<String> other = List.of("0");
        List<String> none = List.of();
        long no = Conditions.NO_TIME;
        assertThat(status(new Conditions(same, none, no, no))).isEqualTo(ClassStatus.OK);
        assertThat(status(new Conditions(other, none, no, no))).isEqualTo(ClassStatus.PRECONDITION_FAILED);
        assertThat(status(new Conditions(List.of("0", "*"), none, no, no))).isEqualTo(ClassStatus.OK);
        assertThat(status(new Conditions(none, same, no, no))).isEqualTo(ClassStatus.NOT_MODIFIED);
        assertThat(status(new Conditions(none, other, no, no))).isEqualTo(ClassStatus.OK);
        assertThat(status(new Conditions(none, none, 10, no))).isEqualTo(ClassStatus.NOT_MODIFIED);
        assertThat(status(new Conditions(none, none, 9, no))).isEqualTo(ClassStatus.OK);
        assertThat(status(new Conditions(none, none, no, 10))).isEqualTo(ClassStatus.OK);
        assertThat(status(new Conditions(none, none, no, 9))).isEqualTo(ClassStatus.PRECONDITION_FAILED);
        // An ETag condition makes the time condition of the same sense void.
        assertThat(status(new Conditions(same, none, no, 9))).isEqualTo(ClassStatus.OK);
        assertThat(status(new Conditions(none, other, 10, no))).isEqualTo(ClassStatus.OK);
        assertThat(status(new Conditions(other, same, no, no))).isEqualTo(ClassStatus.PRECONDITION_FAILED);
    }

    private ClassStatus status(Conditions conditions) {
        CallReply reply = get(conditions, ByteSpan.all());
        assertThat(reply.data().length()).isEqualTo(reply.isOk() ? 5 : 0);
        assertThat(GetClass.Reply.decode(reply.output()).head().eTag().text()).isEqualTo(HELLO_MD5);
        return ClassStatus.ofCode(reply.status());
    }

    @Test
    void headAnswersTheSameWithoutBytes() {
        shard.init();
        shard.put("a", "hello");
        CallReply get = shard.call(GetClass.Parameters.latest(KEY).get());
        CallReply head = shard.call(GetClass.Parameters.latest(KEY).head());
        assertThat(head.output()).isEqualTo(get.output());
        assertThat(head.data().length()).isZero();
    }

    @Test
    void aDeleteMarkerIsNoKeyButAVersion() {
        shard.setShard(Versioning.ENABLED, 1);
        shard.init();
        shard.put("a", "hello");
        DeleteClass.Parameters delete = new DeleteClass.Parameters(
                shard.shard(),
                List.of(new DeleteClass.Target(KEY, VersionId.LATEST, 77, Conditions.NONE)),
                shard.now(),
                shard.id(),
                shard.garbageDue());
        CallReply deleted = shard.call(delete.call());
        VersionId marker = DeleteClass.Reply.decode(deleted.output(), delete)
                .outcomes()
                .get(0)
                .versionId();
        CallReply latest = shard.call(GetClass.Parameters.latest(KEY).get());
        assertThat(latest.status()).isEqualTo(ClassStatus.NO_SUCH_KEY.code());
        assertThat(GetClass.Reply.decode(latest.output()).versionId()).isEqualTo(marker);
        CallReply version = shard.call(new GetClass.Parameters(KEY, marker, Conditions.NONE, ByteSpan.all()).get());
        assertThat(version.status()).isEqualTo(ClassStatus.IS_DELETE_MARKER.code());
        VersionId forged = VersionId.of(marker.sequence(), 78);
        assertThat(shard.call(new GetClass.Parameters(KEY, forged, Conditions.NONE, ByteSpan.all()).get())
                        .status())
                .isEqualTo(ClassStatus.NO_SUCH_VERSION.code());
    }

    @Test
    void moreBytesThanAreWantedAtOnceAreNamed() {
        shard.init();
        shard.put("a", "hello");
        GetClass.Parameters parameters =
                new GetClass.Parameters(KEY, VersionId.LATEST, Conditions.NONE, new ByteSpan.Between(1, 3));
        CallReply along = shard.call(parameters.withMaxBytes(3).get());
        assertThat(GetClass.Reply.decode(along.output()).apart()).isNull();
        assertThat(new String(along.data().toArray(), StandardCharsets.UTF_8)).isEqualTo("ell");
        CallReply reply = shard.call(parameters.withMaxBytes(2).get());
        GetClass.Reply found = GetClass.Reply.decode(reply.output());
        assertThat(reply.data().length()).isZero();
        assertThat(found.length()).isEqualTo(3);
        assertThat(found.bytes().readFrom()).isEqualTo(ReadFrom.REPLICA);
        assertThat(new String(shard.call(found.bytes()).data().toArray(), StandardCharsets.UTF_8))
                .isEqualTo("ell");
    }

    /** A replica may have an entry of that name from a transaction that was never agreed on, or not have the newest. */
    @Test
    void onlyBytesOfTheVersionThatWasNamedAreAnswered() {
        shard.init();
        shard.put("a", "hello");
        GetClass.Reply found = GetClass.Reply.decode(
                shard.call(GetClass.Parameters.latest(KEY).withMaxBytes(0).get())
                        .output());
        GetClass.BodyApart apart = found.apart();
        ObjectVersion other =
                new ObjectVersion(apart.version().epoch() - 1, apart.version().version());
        GetClass.Reply another = new GetClass.Reply(
                found.versionId(),
                found.head(),
                found.metadata(),
                found.offset(),
                found.length(),
                List.of(),
                0,
                new GetClass.BodyApart(apart.name(), other));
        assertThat(shard.call(another.bytes()).status()).isEqualTo(ClassStatus.NOT_FOUND.code());
        shard.put("a", "world");
        assertThat(shard.call(found.bytes()).status()).isEqualTo(ClassStatus.NOT_FOUND.code());
    }

    @Test
    void readsNeedTheBucket() {
        assertThat(shard.call(GetClass.Parameters.latest(KEY).get()).status())
                .isEqualTo(ClassStatus.NO_SUCH_BUCKET.code());
        shard.init();
        assertThat(shard.call(GetClass.Parameters.latest(KEY).get()).status())
                .isEqualTo(ClassStatus.NO_SUCH_KEY.code());
    }
}
