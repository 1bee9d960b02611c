package io.roost.objectstore.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.objectstore.admin.ObjectNames.ObjectName;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ModelCluster;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Placement;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.SystemNames;
import io.roost.objectstore.layout.Versioning;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectNamesTest {
    private static final Bytes KEY = Bytes.utf8("2026/über\u0000.jpg");
    private static final ObjectName PHOTO =
            new ObjectName("photos", "2026/über\u0000.jpg", "photos/2026/über\u0000.jpg");

    private final ModelCluster system = new ModelCluster(1);
    private final ModelCluster data = new ModelCluster(2);
    private final BucketRecord.Layout layout = new BucketRecord.Layout(Placement.HASH, 1, 4096, List.of(1, 2, 3, 4));
    private final BucketRecord bucket = new BucketRecord(
            id(1), "photos", "anna", 1, false, 1, Versioning.NEVER, layout, "", BucketRecord.Use.OBJECTS);
    private final BucketShards shards = new BucketShards(bucket);
    private final BucketAdmin admin = new BucketAdmin(system, data, Map.of(), null, () -> 0);

    private static Bytes id(int last) {
        byte[] id = new byte[EntryNames.ID_BYTES];
        id[id.length - 1] = (byte) last;
        return Bytes.wrap(id);
    }

    @BeforeEach
    void createBucket() {
        assertThat(system.call(SystemNames.BUCKETS, BucketClass.create(bucket))
                        .result()
                        .isOk())
                .isTrue();
    }

    private ObjectName name(Bytes locatorKey, Bytes name) {
        ObjectNames names = ObjectNames.load(data, admin).result();
        return names.of(new Locator(data.pool(), locatorKey), name).result();
    }

    private Bytes stripeOf(Bytes headLocator) {
        Stripe stripe = new Stripe(Stripe.Owner.ofObject(id(7), headLocator, KEY), 3);
        Bytes locatorKey = Stripe.locatorKey(id(7), 3);
        assertThat(data.call(locatorKey, StripeClass.create(stripe, Data.wrap(new byte[9])))
                        .result()
                        .isOk())
                .isTrue();
        return locatorKey;
    }

    @Test
    void versionsNullVersionsAndUploadsAreOfTheirKey() {
        Bytes shard = shards.locatorKeyOf(KEY);
        assertThat(name(shard, EntryNames.version(KEY, 0))).isEqualTo(PHOTO);
        assertThat(name(shard, EntryNames.version(KEY, 17))).isEqualTo(PHOTO);
        assertThat(name(shard, EntryNames.nullVersion(KEY))).isEqualTo(PHOTO);
        assertThat(name(shard, EntryNames.upload(KEY, id(9)))).isEqualTo(PHOTO);
    }

    @Test
    void aStripeIsOfTheObjectThatItsBackReferenceNames() {
        assertThat(name(stripeOf(shards.locatorKeyOf(KEY)), EntryNames.STRIPE)).isEqualTo(PHOTO);
    }

    @Test
    void otherRowsOfAShardAreOfTheBucket() {
        assertThat(name(shards.locatorKey(2), EntryNames.COUNTERS))
                .isEqualTo(new ObjectName("photos", "", "photos (row \\02)"));
        assertThat(name(shards.locatorKey(2), null)).isEqualTo(new ObjectName("photos", "", "photos"));
        assertThat(name(shards.locatorKey(2), Bytes.of(EntryNames.KEY)).bucket())
                .as("a name cut short")
                .isEqualTo("photos");
    }

    @Test
    void aBucketWithoutARecordIsCalledByItsId() {
        Bytes shard = BucketShards.locatorKey(id(5), 1, 0, 0);
        assertThat(name(shard, EntryNames.version(Bytes.utf8("k"), 0)).where())
                .isEqualTo("bucket 00000000000000000000000000000005/k");
    }

    @Test
    void whatIsOfNoBucketKeepsItsOwnName() {
        Bytes missing = Stripe.locatorKey(id(8), 0);
        assertThat(name(missing, EntryNames.STRIPE).bucket()).isEmpty();
        assertThat(name(missing, EntryNames.STRIPE).where()).startsWith("2:s");
        ObjectNames names = ObjectNames.load(data, admin).result();
        assertThat(names.of(new Locator(1, SystemNames.BUCKETS), Bytes.utf8("x"))
                        .result()
                        .where())
                .isEqualTo(new Locator(1, SystemNames.BUCKETS) + " / x");
    }

    @Test
    void damagedRecordsAndStripesLeaveTheIds() {
        Bytes stripe = stripeOf(shards.locatorKeyOf(KEY));
        system.failAfter(-1);
        data.failAfter(-1);
        assertThat(name(shards.locatorKeyOf(KEY), EntryNames.version(KEY, 0)).where())
                .isEqualTo("bucket 00000000000000000000000000000001/2026/über\u0000.jpg");
        assertThat(name(stripe, EntryNames.STRIPE).where()).startsWith("2:s");
    }
}
