package io.roost.objectstore.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.CallReply;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.SystemNames;
import org.junit.jupiter.api.Test;

class DeletedBucketsTest {
    private static BucketRecord record(BucketFixture fixture) {
        CallReply reply = fixture.system
                .call(SystemNames.BUCKETS, BucketClass.get("photos"))
                .result();
        return reply.isOk() ? BucketRecord.decode(reply.output()) : null;
    }

    /** A deletion that dies after so many shards were fenced. */
    private static BucketRecord cutShort(BucketFixture fixture, int fenced) {
        BucketRecord marked = BucketRecord.decode(fixture.system
                .call(
                        SystemNames.BUCKETS,
                        BucketClass.Parameters.of(fixture.bucket).markDeleting())
                .result()
                .output());
        for (int shard = 0; shard < fenced; shard++) {
            fixture.data.call(
                    fixture.shards.locatorKey(shard),
                    parameters(fixture, marked).fence());
        }
        return marked;
    }

    private static ShardClass.Parameters parameters(BucketFixture fixture, BucketRecord bucket) {
        return new ShardClass.Parameters(ShardRef.of(bucket), fixture.nowMillis);
    }

    private static DeletedBuckets worker(BucketFixture fixture) {
        return new DeletedBuckets(fixture.system, fixture.data, () -> fixture.nowMillis);
    }

    @Test
    void aDeletionCutShortIsFinishedOnceItHasStood() {
        for (int fenced = 0; fenced <= 4; fenced++) {
            BucketFixture fixture = new BucketFixture(fenced);
            cutShort(fixture, fenced);
            DeletedBuckets worker = worker(fixture);
            assertThat(worker.round().succeeded()).isTrue();
            fixture.nowMillis += DeletedBuckets.STUCK_AFTER_MILLIS - 1;
            assertThat(worker.round().succeeded()).isTrue();
            assertThat(record(fixture)).as("not stuck yet").isNotNull();
            fixture.nowMillis += 1;
            assertThat(worker.round().succeeded()).isTrue();
            assertThat(record(fixture)).isNull();
            assertThat(fixture.commit("a", null).status()).isEqualTo(ClassStatus.NO_SUCH_BUCKET.code());
        }
    }

    @Test
    void aBucketWithAnObjectIsOpenedAgain() {
        for (int fenced = 0; fenced <= 4; fenced++) {
            BucketFixture fixture = new BucketFixture(fenced);
            fixture.putInline("a");
            cutShort(fixture, fenced);
            DeletedBuckets worker = worker(fixture);
            worker.round();
            fixture.nowMillis += DeletedBuckets.STUCK_AFTER_MILLIS;
            assertThat(worker.round().succeeded()).isTrue();
            BucketRecord opened = record(fixture);
            assertThat(opened.isDeleting()).isFalse();
            for (int shard = 0; shard < 4; shard++) {
                CallReply stat = fixture.data
                        .call(fixture.shards.locatorKey(shard), ShardClass.stat())
                        .result();
                assertThat(stat.status()).isZero();
            }
            assertThat(fixture.verify()).isEmpty();
        }
    }

    @Test
    void whoBeganTheDeletionCannotMeddleAfterTheWorkerHas() {
        BucketFixture fixture = new BucketFixture(1);
        BucketRecord marked = cutShort(fixture, 4);
        DeletedBuckets worker = worker(fixture);
        worker.round();
        fixture.nowMillis += DeletedBuckets.STUCK_AFTER_MILLIS;
        worker.round();
        for (int shard = 0; shard < 4; shard++) {
            CallReply late = fixture.data
                    .call(
                            fixture.shards.locatorKey(shard),
                            parameters(fixture, marked).restore())
                    .result();
            assertThat(late.status()).isEqualTo(ClassStatus.CONFLICT.code());
            late = fixture.data
                    .call(
                            fixture.shards.locatorKey(shard),
                            parameters(fixture, fixture.bucket).init())
                    .result();
            assertThat(late.status()).isEqualTo(ClassStatus.NO_SUCH_BUCKET.code());
        }
    }

    @Test
    void aDeletionThatGoesOnIsLeftAlone() {
        BucketFixture fixture = new BucketFixture(1);
        DeletedBuckets worker = worker(fixture);
        cutShort(fixture, 1);
        worker.round();
        fixture.nowMillis += DeletedBuckets.STUCK_AFTER_MILLIS;
        BucketRecord again = cutShort(fixture, 2);
        worker.round();
        assertThat(record(fixture)).isEqualTo(again);
    }
}
