package io.roost.objectstore.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.CompleteClass;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.StripeSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Garbage collection, the reaper of intents, and the end of abandoned uploads. */
class PendingWorkTest {
    private final BucketFixture fixture = new BucketFixture(1);

    @Test
    void replacedAndDeletedBytesGoWhenTheyAreDueAndNoSooner() {
        fixture.putStriped("a", 95);
        fixture.putStriped("b", 25);
        fixture.putInline("a");
        fixture.delete("b");
        assertThat(fixture.stripes()).isEqualTo(13);
        fixture.nowMillis += BucketFixture.DELAY_MILLIS - 1;
        GarbageCollection collection = fixture.garbageCollection();
        assertThat(fixture.round(collection)).isTrue();
        assertThat(fixture.stripes()).isEqualTo(13);
        fixture.nowMillis += 1;
        assertThat(fixture.round(collection)).isTrue();
        assertThat(fixture.stripes()).isZero();
        assertThat(collection.rowsRemoved()).isEqualTo(2);
        assertThat(fixture.verify()).isEmpty();
    }

    @Test
    void anAdministratorMayHaveTheSpaceEarly() {
        fixture.putStriped("a", 95);
        fixture.delete("a");
        GarbageCollection early = new GarbageCollection(
                fixture.data, pool -> fixture.data, () -> fixture.nowMillis, BucketFixture.DELAY_MILLIS);
        assertThat(fixture.round(early)).isTrue();
        assertThat(fixture.stripes()).isZero();
    }

    @Test
    void whateverCallFailsTheNextRoundsFinish() {
        for (int calls = 0; ; calls++) {
            BucketFixture own = new BucketFixture(calls);
            own.putStriped("a", 95);
            own.putInline("a");
            Bytes upload = own.upload("m", 40);
            own.putPart("m", upload, 3, 35);
            own.complete("m", upload, 7);
            own.delete("m");
            own.delete("a");
            own.writeStripes("gone", 55);
            own.nowMillis += CompleteClass.COMPLETED_FOR_MILLIS;
            own.data.failAfter(calls);
            boolean finished = own.round(own.reaper(), own.garbageCollection());
            boolean failed = own.data.hasFailed();
            assertThat(finished).isEqualTo(!failed);
            own.data.heal();
            assertThat(own.verify()).as("after " + calls + " calls").isEmpty();
            own.round(own.reaper(), own.garbageCollection());
            own.nowMillis += 25 * 3600 * 1000L;
            own.round(own.reaper(), own.garbageCollection());
            assertThat(own.stripes()).as("after " + calls + " calls").isZero();
            // Nothing but the headers and counters of the shards is left, no row and no tombstone.
            assertThat(own.data.locatorKeys()).allMatch(key -> key.at(0) == 'b');
            for (Bytes key : own.data.locatorKeys()) {
                assertThat(own.data.locator(key).names()).hasSizeLessThanOrEqualTo(2);
            }
            if (!failed) {
                assertThat(calls).isGreaterThan(100);
                break;
            }
        }
    }

    @Test
    void aStaleIntentIsReapedAndALateWriteOfItsStripesFails() {
        StripeSet set = fixture.writeStripes("a", 55);
        IntentReaper reaper = fixture.reaper();
        fixture.nowMillis += IntentReaper.STALE_AFTER_MILLIS;
        fixture.round(reaper);
        assertThat(fixture.stripes()).as("not stale yet").isEqualTo(6);
        fixture.nowMillis += 1;
        fixture.round(reaper);
        assertThat(reaper.reaped()).isEqualTo(1);
        assertThat(fixture.stripes()).isZero();
        Bytes key = Bytes.utf8("a");
        Stripe.Owner owner = Stripe.Owner.ofObject(set.id(), fixture.shards.locatorKeyOf(key), key);
        assertThat(fixture.writeStripe(set, owner, 2).status()).isEqualTo(ClassStatus.NO_SUCH_INTENT.code());
        assertThat(fixture.commit("a", set).status()).isEqualTo(ClassStatus.NO_SUCH_INTENT.code());
    }

    @Test
    void aCommitThatWinsKeepsItsStripes() {
        fixture.putStriped("a", 55);
        fixture.nowMillis += 10 * IntentReaper.STALE_AFTER_MILLIS;
        fixture.round(fixture.reaper(), fixture.garbageCollection());
        assertThat(fixture.stripes()).isEqualTo(6);
        assertThat(fixture.verify()).isEmpty();
    }

    @Test
    void aDamagedRowKeepsNoOtherWaiting() {
        fixture.putStriped("a", 95);
        fixture.delete("a");
        Bytes damaged = EntryNames.intent(fixture.id());
        for (int shard = 0; shard < 4; shard++) {
            fixture.data.locator(fixture.shards.locatorKey(shard)).plant(damaged, Bytes.of(9));
        }
        fixture.nowMillis += BucketFixture.DELAY_MILLIS;
        assertThat(fixture.round(fixture.reaper(), fixture.garbageCollection())).isFalse();
        assertThat(fixture.stripes()).isZero();
    }

    @Test
    void anAbortedUploadLeavesNothing() {
        fixture.upload("m", 70);
        Bytes young = Bytes.EMPTY;
        fixture.nowMillis += 1000;
        AbandonedUploads uploads = new AbandonedUploads(fixture.data);
        BucketRecord bucket = fixture.bucket;
        assertThat(uploads.abort(bucket, young, fixture.nowMillis - 1000, 0).succeeded())
                .isTrue();
        assertThat(uploads.aborted()).isZero();
        assertThat(uploads.abort(bucket, Bytes.utf8("x"), fixture.nowMillis, 0).succeeded())
                .isTrue();
        assertThat(uploads.aborted()).isZero();
        assertThat(uploads.abort(bucket, Bytes.utf8("m"), fixture.nowMillis, 0).succeeded())
                .isTrue();
        assertThat(uploads.aborted()).isEqualTo(1);
        fixture.round(fixture.garbageCollection());
        assertThat(fixture.stripes()).isZero();
        assertThat(fixture.verify()).isEmpty();
    }

    @Test
    void completedRowsAndFencesGoAfterADay() {
        Bytes upload = fixture.upload("m", 2);
        fixture.complete("m", upload, 2);
        fixture.delete("m");
        fixture.nowMillis += CompleteClass.COMPLETED_FOR_MILLIS - 1;
        fixture.round(fixture.garbageCollection());
        Bytes locator = fixture.shards.locatorKeyOf(Bytes.utf8("m"));
        assertThat(fixture.data.locator(locator).names()).hasSize(4);
        fixture.nowMillis += 1;
        fixture.round(fixture.garbageCollection());
        assertThat(fixture.data.locator(locator).names()).hasSize(2);
        assertThat(ShardClass.FORGET_AFTER_MILLIS).isEqualTo(CompleteClass.COMPLETED_FOR_MILLIS);
    }

    @Test
    void housekeepingCollectsWhatIsDueAndAllWhenAsked() {
        Housekeeping housekeeping = new Housekeeping(fixture.system, fixture.data, () -> fixture.nowMillis);
        fixture.putStriped("a", 95);
        fixture.delete("a");
        fixture.writeStripes("b", 20);
        assertThat(housekeeping.round(pg -> true).result()).isEqualTo(new Housekeeping.Collected(0, 0, 0));
        fixture.nowMillis += 3 * 60 * 1000 + 1;
        assertThat(housekeeping.collect(Housekeeping.Extent.ALL, pg -> true).result())
                .isEqualTo(new Housekeeping.Collected(1, 1, 1));
        assertThat(fixture.stripes()).isZero();
        fixture.putStriped("c", 25);
        assertThat(housekeeping.verify().result()).isEqualTo(new Housekeeping.Verified(List.of(), 4, 3));
    }
}
