package io.roost.objectstore.classes;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.layout.Counters;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.layout.Versioning;
import java.util.List;
import org.junit.jupiter.api.Test;

class PutClassTest {
    private final ShardFixture shard = new ShardFixture(1);

    @Test
    void putIsRefusedWithoutAHeader() {
        assertThat(shard.put("a", "x").status()).isEqualTo(ClassStatus.NO_SUCH_BUCKET.code());
        assertThat(shard.locator().names()).isEmpty();
    }

    @Test
    void putWritesHeadBodyAndCountersTogether() {
        shard.init();
        CallReply reply = shard.put("a", "hello");
        assertThat(reply.status()).isZero();
        assertThat(PutClass.Reply.decode(reply.output()).versionId()).isEqualTo(VersionId.LATEST);
        CallReply got = shard.call(GetClass.Parameters.latest(Bytes.utf8("a")).get());
        assertThat(new String(got.data().toArray(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("hello");
        assertThat(GetClass.Reply.decode(got.output()).head().sizeBytes()).isEqualTo(5);
        assertThat(shard.counters()).isEqualTo(new Counters(1, 5, 0));
    }

    @Test
    void overwriteCountsOnceAndTimeNeverGoesBack() {
        shard.init();
        shard.setNow(5000);
        shard.put("a", "hello");
        shard.setNow(3000);
        CallReply reply = shard.put("a", "hi");
        assertThat(PutClass.Reply.decode(reply.output()).lastModifiedMillis()).isEqualTo(5000);
        assertThat(shard.counters()).isEqualTo(new Counters(1, 2, 0));
    }

    @Test
    void retryWithTheSameTagAnswersTheRecordedResult() {
        shard.init();
        PutClass.Parameters parameters = shard.putParameters("a", "one", onlyIfAbsent());
        CallReply first = shard.call(parameters.call(Data.wrap(new byte[] {'o', 'n', 'e'})));
        CallReply again = shard.call(parameters.call(Data.wrap(new byte[] {'o', 'n', 'e'})));
        assertThat(first.status()).isZero();
        assertThat(again.status()).isZero();
        assertThat(again.output()).isEqualTo(first.output());
        assertThat(shard.call(shard.putParameters("a", "two", onlyIfAbsent())
                                .call(Data.wrap(new byte[] {'t', 'w', 'o'})))
                        .status())
                .isEqualTo(ClassStatus.PRECONDITION_FAILED.code());
    }

    @Test
    void ifMatchWithoutAnObjectIsNoSuchKey() {
        shard.init();
        Conditions ifMatch = new Conditions(List.of("*"), List.of(), Conditions.NO_TIME, Conditions.NO_TIME);
        CallReply reply = shard.call(shard.putParameters("a", "x", ifMatch).call(Data.wrap(new byte[] {'x'})));
        assertThat(reply.status()).isEqualTo(ClassStatus.NO_SUCH_KEY.code());
    }

    @Test
    void olderKnowledgeOfTheBucketIsStaleAndNewerIsLearned() {
        shard.init();
        shard.setShard(Versioning.ENABLED, 2);
        CallReply versioned = shard.put("a", "x");
        assertThat(PutClass.Reply.decode(versioned.output()).versionId().kind()).isEqualTo(VersionId.Kind.NUMBERED);
        shard.setShard(Versioning.NEVER, 1);
        assertThat(shard.put("a", "y").status()).isEqualTo(ClassStatus.STALE_BUCKET.code());
    }

    private static Conditions onlyIfAbsent() {
        return new Conditions(List.of(), List.of("*"), Conditions.NO_TIME, Conditions.NO_TIME);
    }
}
