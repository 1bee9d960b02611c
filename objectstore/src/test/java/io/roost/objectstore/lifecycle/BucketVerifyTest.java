package io.roost.objectstore.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.classes.ModelLocator;
import io.roost.objectstore.layout.Counters;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.ReferenceRow;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.StripeSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every kind of planted damage is found, and nothing else. */
class BucketVerifyTest {
    private final BucketFixture fixture = new BucketFixture(1);
    private StripeSet set;
    private Bytes upload;
    private Bytes open;

    @BeforeEach
    void fill() {
        fixture.putInline("inline");
        set = fixture.writeStripes("striped", 95);
        fixture.commit("striped", set);
        upload = fixture.upload("parts", 3);
        fixture.complete("parts", upload, 2);
        open = fixture.upload("open", 2);
        fixture.writeStripes("intent", 20);
        assertThat(fixture.verify()).isEmpty();
    }

    private ModelLocator shard(String key) {
        return fixture.data.locator(fixture.shards.locatorKeyOf(Bytes.utf8(key)));
    }

    private static Bytes head(String key) {
        return EntryNames.version(Bytes.utf8(key), 0);
    }

    /** The consequences of a damage, so many of a kind, and what is found besides. */
    private static Finding.Kind[] with(int count, Finding.Kind consequence, Finding.Kind... others) {
        Finding.Kind[] kinds = java.util.Arrays.copyOf(others, others.length + count);
        java.util.Arrays.fill(kinds, others.length, kinds.length, consequence);
        return kinds;
    }

    private void finds(Finding.Kind... kinds) {
        List<Finding> findings = fixture.verify();
        assertThat(findings).extracting(Finding::kind).containsExactlyInAnyOrder(kinds);
    }

    @Test
    void wrongCounters() {
        shard("inline").plant(EntryNames.COUNTERS, new Counters(7, 7, 7).encode());
        finds(Finding.Kind.WRONG_COUNTERS);
    }

    @Test
    void aMissingStripe() {
        fixture.data.locator(set.locatorKey(3)).plant(EntryNames.STRIPE, null);
        finds(Finding.Kind.WRONG_STRIPE);
    }

    @Test
    void aStripeOfAnotherObject() {
        Bytes other = fixture.data
                .locator(fixture.writeStripes("x", 10).locatorKey(0))
                .attributes(EntryNames.STRIPE);
        fixture.data.locator(set.locatorKey(0)).plant(EntryNames.STRIPE, other);
        finds(Finding.Kind.WRONG_STRIPE);
    }

    @Test
    void aStripeThatNobodyKnows() {
        StripeSet orphan = fixture.set(25);
        Bytes key = Bytes.utf8("inline");
        fixture.write(orphan, Stripe.Owner.ofObject(orphan.id(), fixture.shards.locatorKeyOf(key), key));
        finds(Finding.Kind.ORPHAN, Finding.Kind.ORPHAN, Finding.Kind.ORPHAN);
    }

    @Test
    void stripesInTheGarbageAreNoOrphans() {
        fixture.delete("striped");
        fixture.delete("parts");
        fixture.putPart("open", open, 2, 15);
        assertThat(fixture.verify()).isEmpty();
    }

    @Test
    void aMissingReference() {
        shard("striped").plant(EntryNames.reference(set.id()), null);
        finds(with(10, Finding.Kind.ORPHAN, Finding.Kind.WRONG_REFERENCE));
    }

    @Test
    void aReferenceToNoVersion() {
        ReferenceRow row = new ReferenceRow(Bytes.utf8("striped"), List.of(0L, 9L));
        shard("striped").plant(EntryNames.reference(set.id()), row.encode());
        finds(Finding.Kind.WRONG_REFERENCE);
    }

    @Test
    void aMissingPageOfParts() {
        shard("parts").plant(EntryNames.partPage(upload, 0), null);
        finds(with(3, Finding.Kind.ORPHAN, Finding.Kind.WRONG_PARTS));
    }

    @Test
    void partsOfNoUpload() {
        Bytes page = shard("parts").attributes(EntryNames.partPage(upload, 0));
        shard("inline").plant(EntryNames.partPage(fixture.id(), 0), page);
        List<Finding> findings = fixture.verify();
        assertThat(findings).extracting(Finding::kind).contains(Finding.Kind.ORPHAN);
    }

    @Test
    void aSetThatIsInUseAndInTheGarbage() {
        Bytes name = EntryNames.garbage(5, set.id(), io.roost.objectstore.layout.GarbageRow.Kind.SETS);
        Bytes row = new io.roost.objectstore.layout.GarbageRow(List.of(set)).encode();
        shard("striped").plant(name, row);
        finds(Finding.Kind.DOUBLE_USE);
    }

    @Test
    void aNullVersionWithAPointerElsewhere() {
        shard("inline").plant(EntryNames.nullVersion(Bytes.utf8("inline")), Bytes.of(5));
        finds(Finding.Kind.WRONG_NULL_VERSION);
    }

    @Test
    void aHeadThatCannotBeRead() {
        shard("inline").plant(head("inline"), Bytes.of(1, 2, 3));
        assertThat(fixture.verify())
                .extracting(Finding::kind)
                .contains(Finding.Kind.MALFORMED_ROW, Finding.Kind.WRONG_COUNTERS);
    }

    @Test
    void aMissingHead() {
        shard("striped").plant(head("striped"), null);
        finds(Finding.Kind.WRONG_COUNTERS, Finding.Kind.WRONG_REFERENCE);
    }

    @Test
    void aBodyThatIsNotThere() {
        Bytes attributes = shard("inline").attributes(head("inline"));
        shard("inline").plant(head("inline"), null);
        shard("inline").plant(head("inline"), attributes);
        finds(Finding.Kind.WRONG_BODY);
    }

    @Test
    void aShardWithObjectsButWithoutAHeader() {
        shard("inline").plant(EntryNames.SHARD_HEADER, null);
        finds(Finding.Kind.WRONG_HEADER);
    }
}
