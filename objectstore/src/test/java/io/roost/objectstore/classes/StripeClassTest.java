package io.roost.objectstore.classes;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.objectstore.layout.IntentRow;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.StripeSet;
import org.junit.jupiter.api.Test;

/** Stripes and the intents that allow them. */
class StripeClassTest {
    private static final Bytes SET = Bytes.hex("00112233445566778899aabbccddeeff");
    private static final Stripe STRIPE =
            new Stripe(Stripe.Owner.ofObject(SET, Bytes.utf8("head"), Bytes.utf8("key")), 1);
    private final ModelLocator locator =
            new ModelLocator(new Locator(2, Stripe.locatorKey(SET, 1)), new ClassRegistry(S3Classes.all()), null);

    private ClassStatus create(byte... bytes) {
        return ClassStatus.ofCode(
                locator.call(StripeClass.create(STRIPE, Data.wrap(bytes))).status());
    }

    @Test
    void aStripeIsWrittenOnceAndReadInPieces() {
        byte[] body = {1, 2, 3, 4};
        assertThat(create(body)).isEqualTo(ClassStatus.OK);
        assertThat(create(body)).as("sent again").isEqualTo(ClassStatus.OK);
        assertThat(create((byte) 1)).isEqualTo(ClassStatus.ALREADY_EXISTS);
        assertThat(locator.call(StripeClass.read(1, 2)).data().toArray()).containsExactly(2, 3);
        StripeClass.StatReply stat =
                StripeClass.StatReply.decode(locator.call(StripeClass.stat()).output());
        assertThat(stat).isEqualTo(new StripeClass.StatReply(STRIPE, 4));
    }

    @Test
    void aBuriedStripeCannotComeBackUntilItsTombstoneExpires() {
        create((byte) 1);
        locator.call(StripeClass.bury(1000));
        assertThat(status(StripeClass.read(0, 1))).isEqualTo(ClassStatus.NOT_FOUND);
        assertThat(create((byte) 1)).isEqualTo(ClassStatus.NO_SUCH_INTENT);
        locator.call(StripeClass.forget(999));
        assertThat(create((byte) 1)).isEqualTo(ClassStatus.NO_SUCH_INTENT);
        locator.call(StripeClass.forget(1000));
        assertThat(locator.names()).isEmpty();
    }

    @Test
    void deletingIsIdempotent() {
        create((byte) 1);
        assertThat(status(StripeClass.delete())).isEqualTo(ClassStatus.OK);
        assertThat(status(StripeClass.delete())).isEqualTo(ClassStatus.OK);
        assertThat(locator.names()).isEmpty();
        assertThat(status(StripeClass.stat())).isEqualTo(ClassStatus.NOT_FOUND);
    }

    private ClassStatus status(io.roost.cluster.client.ClassCall call) {
        return ClassStatus.ofCode(locator.call(call).status());
    }

    @Test
    void anIntentIsRenewedUntilItIsReaped() {
        ShardFixture shard = new ShardFixture(1);
        StripeSet set = shard.set(5000);
        IntentRow intent = new IntentRow(false, 1000, Bytes.utf8("a"), Bytes.EMPTY, 0, set);
        assertThat(create(shard, intent)).isEqualTo(ClassStatus.NO_SUCH_BUCKET);
        shard.init();
        assertThat(create(shard, intent)).isEqualTo(ClassStatus.OK);
        assertThat(create(shard, intent)).as("sent again").isEqualTo(ClassStatus.OK);
        assertThat(shard.call(IntentClass.renew(set.id(), 2000)).status()).isZero();
        assertThat(reap(shard, set, 2000)).isEqualTo(ClassStatus.STILL_LIVE);
        assertThat(ClassStatus.ofCode(shard.call(IntentClass.remove(set.id())).status()))
                .isEqualTo(ClassStatus.CONFLICT);
        CallReply reaped = shard.call(IntentClass.reap(set.id(), 2001));
        assertThat(IntentRow.decode(reaped.output()))
                .isEqualTo(intent.renewed(2000).reaping());
        assertThat(reap(shard, set, 2001)).as("another reaper").isEqualTo(ClassStatus.OK);
        assertThat(ClassStatus.ofCode(
                        shard.call(IntentClass.renew(set.id(), 3000)).status()))
                .isEqualTo(ClassStatus.NO_SUCH_INTENT);
        assertThat(shard.call(IntentClass.remove(set.id())).status()).isZero();
        assertThat(reap(shard, set, 2001)).isEqualTo(ClassStatus.NOT_FOUND);
    }

    @Test
    void anIntentForAPartNeedsTheOpenUpload() {
        ShardFixture shard = new ShardFixture(1);
        shard.init();
        IntentRow intent = new IntentRow(false, 1000, Bytes.utf8("a"), shard.id(), 1, shard.set(10));
        assertThat(create(shard, intent)).isEqualTo(ClassStatus.NO_SUCH_UPLOAD);
    }

    private static ClassStatus create(ShardFixture shard, IntentRow intent) {
        return ClassStatus.ofCode(shard.call(new IntentClass.CreateParameters(shard.shard(), intent).call())
                .status());
    }

    private static ClassStatus reap(ShardFixture shard, StripeSet set, long staleBeforeMillis) {
        return ClassStatus.ofCode(
                shard.call(IntentClass.reap(set.id(), staleBeforeMillis)).status());
    }
}
