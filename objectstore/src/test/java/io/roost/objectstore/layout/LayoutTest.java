package io.roost.objectstore.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The small values of this package. */
class LayoutTest {
    private static final Bytes ID = Bytes.hex("00112233445566778899aabbccddeeff");

    @Test
    void anInlineHeadIsWithinTheRuleForListAttributes() {
        Head head = new Head(
                new Head.State(false, false, -1),
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                ETag.NONE,
                StorageClass.STANDARD,
                ChecksumMark.NONE,
                ID,
                Manifest.inline());
        assertThat(head.encode().length()).isLessThanOrEqualTo(100);
    }

    @Test
    void versionIdsAreReadAsTheyAreWritten() {
        VersionId id = VersionId.of(3, 0xabcdef0123456789L);
        assertThat(id.text()).isEqualTo("0000000000000003abcdef0123456789");
        assertThat(VersionId.parse(id.text())).isEqualTo(id);
        assertThat(VersionId.parse("null")).isEqualTo(VersionId.NULL);
        for (String wrong : List.of(
                "",
                "x",
                "0000000000000000abcdef0123456789",
                "g000000000000003abcdef0123456789",
                "ffffffffffffffff0000000000000000")) {
            assertThat(VersionId.parse(wrong)).as(wrong).isNull();
        }
    }

    @Test
    void eTagsMatchInEitherCase() {
        ETag eTag = new ETag(Bytes.hex("d41d8cd98f00b204e9800998ecf8427e"), 3);
        assertThat(eTag.text()).isEqualTo("d41d8cd98f00b204e9800998ecf8427e-3");
        assertThat(eTag.matches("D41D8CD98F00B204E9800998ECF8427E-3")).isTrue();
        assertThat(eTag.matches("d41d8cd98f00b204e9800998ecf8427e")).isFalse();
    }

    @Test
    void stripesCoverTheirSet() {
        StripeSet set = new StripeSet(ID, 2, 1000, 2500);
        assertThat(set.stripeCount()).isEqualTo(3);
        assertThat(set.stripeLength(0) + set.stripeLength(1) + set.stripeLength(2))
                .isEqualTo(2500);
        assertThat(new StripeSet(ID, 2, 1000, 0).stripeCount()).isZero();
        assertThat(new StripeSet(ID, 2, 1000, 2000).stripeCount()).isEqualTo(2);
        Set<Bytes> keys = new HashSet<>(List.of(set.locatorKey(0), set.locatorKey(1), set.locatorKey(2)));
        assertThat(keys).hasSize(3);
    }

    @Test
    void aPartListFindsEveryByte() {
        Random random = new Random(9);
        for (int round = 0; round < 200; round++) {
            List<PartPage.Part> parts = new ArrayList<>();
            int number = 0;
            long size = 0;
            for (int i = 0; i < 1 + random.nextInt(12); i++) {
                number += 1 + random.nextInt(2);
                long bytes = random.nextInt(3) * 7L;
                parts.add(part(number, bytes));
                size += bytes;
            }
            PartList list = PartList.of(parts);
            assertThat(list.count()).isEqualTo(parts.size());
            assertThat(list.sizeBytes()).isEqualTo(size);
            long begin = 0;
            for (PartPage.Part part : parts) {
                assertThat(list.contains(part.number())).isTrue();
                assertThat(list.extent(part.number())).isEqualTo(new PartList.Extent(begin, part.sizeBytes()));
                for (long offset = begin; offset < begin + part.sizeBytes(); offset++) {
                    assertThat(list.at(offset)).isEqualTo(new PartList.Position(part.number(), begin));
                }
                begin += part.sizeBytes();
            }
            for (int absent = 1; absent <= number + 1; absent++) {
                assertThat(list.extent(absent) == null).isEqualTo(!list.contains(absent));
            }
            long end = size;
            assertThatThrownBy(() -> list.at(end)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void equalPartsAreOneRun() {
        List<PartPage.Part> parts = new ArrayList<>();
        for (int number = 1; number <= 10_000; number++) {
            parts.add(part(number, number == 10_000 ? 3 : 8));
        }
        assertThat(PartList.of(parts).runs()).hasSize(2);
    }

    @Test
    void aPageReplacesPartsAndKeepsTheirOrder() {
        PartPage page = PartPage.EMPTY
                .with(part(5, 1))
                .with(part(3, 1))
                .with(part(32, 1))
                .with(part(5, 9));
        assertThat(page.parts()).extracting(PartPage.Part::number).containsExactly(3, 5, 32);
        assertThat(page.part(5).sizeBytes()).isEqualTo(9);
        assertThatThrownBy(() -> page.with(part(33, 1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void referencesComeAndGo() {
        ReferenceRow row =
                new ReferenceRow(Bytes.utf8("k"), List.of(5L)).with(2).with(5);
        assertThat(row.sequences()).containsExactly(2L, 5L);
        assertThat(row.without(2).sequences()).containsExactly(5L);
        assertThat(row.without(2).without(5)).isNull();
    }

    @Test
    void ownersAndBucketsDoNotMixInTheIndex() {
        // Owner "a" must not list the buckets of owner "ab".
        assertThat(SystemNames.bucketOfOwner("ab", "x").startsWith(SystemNames.bucketsOfOwner("a")))
                .isFalse();
        assertThat(SystemNames.userLocators()).contains(SystemNames.userLocator("anna"));
        assertThat(SystemNames.accessKeyLocators()).hasSize(16).contains(SystemNames.accessKeyLocator("AK1"));
    }

    @Test
    void noLogShowsASecret() {
        assertThat(new AccessKeyRecord("AK1", "s3cr3t", "anna", 1, true).toString())
                .doesNotContain("s3cr3t");
    }

    private static PartPage.Part part(int number, long sizeBytes) {
        return new PartPage.Part(
                number, Bytes.wrap(new byte[16]), 1, Bytes.EMPTY, new StripeSet(ID, 2, 1000, sizeBytes));
    }
}
