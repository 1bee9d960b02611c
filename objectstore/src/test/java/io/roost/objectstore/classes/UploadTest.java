package io.roost.objectstore.classes;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.ChecksumType;
import io.roost.objectstore.layout.CompletedRow;
import io.roost.objectstore.layout.IntentRow;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.StorageClass;
import io.roost.objectstore.layout.StripeSet;
import io.roost.objectstore.layout.UploadRow;
import io.roost.objectstore.layout.VersionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Multipart uploads: UploadClass, PartClass, CompleteClass, UploadListClass. */
class UploadTest {
    private static final Bytes KEY = Bytes.utf8("big");
    private static final long BIG = CompleteClass.MIN_PART_BYTES;
    private final ShardFixture shard = new ShardFixture(1);
    private final Bytes uploadId = shard.id();

    private void create(ChecksumMark mark) {
        shard.init();
        UploadRow row = new UploadRow(shard.now(), StorageClass.STANDARD, mark, "anna");
        ObjectMetadata metadata = new ObjectMetadata(
                List.of(new ObjectMetadata.Field("content-type", "text/plain")),
                List.of(),
                List.of(),
                Bytes.EMPTY,
                io.roost.objectstore.layout.PartList.EMPTY);
        assertThat(shard.call(new UploadClass.CreateParameters(shard.shard(), KEY, uploadId, row, metadata.encode())
                                .call())
                        .status())
                .isZero();
    }

    private PartPage.Part part(int number, long sizeBytes, Bytes checksum) {
        StripeSet set = new StripeSet(shard.id(), ShardFixture.POOL, 1 << 22, sizeBytes);
        if (sizeBytes > 0) {
            IntentRow intent = new IntentRow(false, shard.now(), KEY, uploadId, number, set);
            shard.call(new IntentClass.CreateParameters(shard.shard(), intent).call());
        }
        return new PartPage.Part(number, Bytes.wrap(ShardFixture.md5(set.id().array())), shard.now(), checksum, set);
    }

    private CallReply put(PartPage.Part part) {
        return shard.call(new PartClass.PutParameters(shard.shard(), KEY, uploadId, part, shard.garbageDue()).call());
    }

    private PartPage.Part putPart(int number, long sizeBytes) {
        PartPage.Part part = part(number, sizeBytes, Bytes.EMPTY);
        assertThat(put(part).status()).isZero();
        return part;
    }

    private CallReply complete(List<CompleteClass.ListedPart> parts, long sizeBytes, Bytes checksum) {
        return shard.call(new CompleteClass.Parameters(
                        shard.shard(),
                        KEY,
                        uploadId,
                        parts,
                        Conditions.NONE,
                        new CompleteClass.Terms(shard.now(), 5, shard.garbageDue(), sizeBytes, checksum))
                .call());
    }

    private CallReply complete(PartPage.Part... parts) {
        return complete(listed(List.of(parts)), CompleteClass.NO_SIZE, Bytes.EMPTY);
    }

    private static List<CompleteClass.ListedPart> listed(List<PartPage.Part> parts) {
        List<CompleteClass.ListedPart> listed = new ArrayList<>();
        for (PartPage.Part part : parts) {
            listed.add(new CompleteClass.ListedPart(part.number(), part.md5(), part.checksum()));
        }
        return listed;
    }

    @Test
    void anObjectIsMadeOfTheListedPartsAndTheOthersBecomeGarbage() {
        create(ChecksumMark.NONE);
        PartPage.Part one = putPart(1, BIG);
        putPart(2, BIG);
        PartPage.Part three = putPart(3, 7);
        CallReply reply = complete(one, three);
        assertThat(reply.status()).isZero();
        byte[] both = one.md5().concat(three.md5()).array();
        assertThat(CompletedRow.decode(reply.output()).eTag().text())
                .isEqualTo(Bytes.wrap(ShardFixture.md5(both)).hex() + "-2");
        GetClass.Reply got = GetClass.Reply.decode(shard.call(
                        new GetClass.Parameters(KEY, VersionId.LATEST, Conditions.NONE, new ByteSpan.Suffix(8)).get())
                .output());
        assertThat(got.head().sizeBytes()).isEqualTo(BIG + 7);
        assertThat(got.parts()).containsExactly(one, three);
        assertThat(got.partsOffset()).isZero();
        assertThat(ObjectMetadata.decode(got.metadata()).header("content-type")).isEqualTo("text/plain");
        assertThat(ShardPropertyTest.audit(shard).findings()).isEmpty();
    }

    @Test
    void aRangeNamesOnlyThePartsThatHoldIt() {
        create(ChecksumMark.NONE);
        List<PartPage.Part> parts = new ArrayList<>();
        for (int number = 1; number <= 100; number++) {
            parts.add(putPart(number, BIG));
        }
        complete(listed(parts), CompleteClass.NO_SIZE, Bytes.EMPTY);
        GetClass.Reply got = range(40 * BIG + 5, 42 * BIG);
        assertThat(got.parts()).extracting(PartPage.Part::number).containsExactly(41, 42, 43);
        assertThat(got.partsOffset()).isEqualTo(40 * BIG);
        GetClass.Reply all = range(0, Long.MAX_VALUE);
        assertThat(all.parts()).hasSize(64);
        PartClass.ListReply more = PartClass.ListReply.decode(
                shard.call(new PartClass.ListParameters(Bytes.EMPTY, uploadId, 64, 1000).call())
                        .output());
        assertThat(more.parts()).isEqualTo(parts.subList(64, 100));
        assertThat(more.isTruncated()).isFalse();
    }

    @Test
    void aPartIsFoundByItsNumberAndOneThatIsNotListedIsNot() {
        create(ChecksumMark.NONE);
        List<PartPage.Part> parts = new ArrayList<>();
        for (int number = 2; number <= 80; number += 2) {
            parts.add(putPart(number, BIG));
        }
        parts.add(putPart(81, BIG));
        parts.add(putPart(82, 0));
        assertThat(complete(listed(parts), CompleteClass.NO_SIZE, Bytes.EMPTY).status())
                .isZero();
        for (int number = 1; number <= 83; number++) {
            GetClass.Parameters wanted =
                    new GetClass.Parameters(KEY, VersionId.LATEST, Conditions.NONE, new ByteSpan.Part(number));
            boolean isThere = number <= 80 ? number % 2 == 0 : number <= 82;
            for (CallReply reply : List.of(shard.call(wanted.get()), shard.call(wanted.head()))) {
                GetClass.Reply got = GetClass.Reply.decode(reply.output());
                assertThat(reply.status()).isEqualTo((isThere ? ClassStatus.OK : ClassStatus.NO_SUCH_PART).code());
                assertThat(got.head().sizeBytes()).isEqualTo(41 * BIG);
                if (isThere && number <= 81) {
                    assertThat(got.parts()).extracting(PartPage.Part::number).containsExactly(number);
                    assertThat(got.offset()).isEqualTo(got.partsOffset()).isEqualTo((number - 1) / 2 * BIG);
                    assertThat(got.length()).isEqualTo(BIG);
                } else {
                    assertThat(got.parts()).isEmpty();
                    assertThat(got.length()).isZero();
                }
            }
        }
    }

    private GetClass.Reply range(long first, long last) {
        return GetClass.Reply.decode(shard.call(new GetClass.Parameters(
                                KEY, VersionId.LATEST, Conditions.NONE, new ByteSpan.Between(first, last))
                        .get())
                .output());
    }

    @Test
    void wrongListsAreRefusedAndTheUploadStaysOpen() {
        create(ChecksumMark.NONE);
        PartPage.Part one = putPart(1, BIG);
        PartPage.Part small = putPart(2, 10);
        PartPage.Part three = putPart(3, 20);
        assertThat(complete(three, one).status()).isEqualTo(ClassStatus.INVALID_PART_ORDER.code());
        assertThat(complete(one, one).status()).isEqualTo(ClassStatus.INVALID_PART_ORDER.code());
        CallReply tooSmall = complete(one, small, three);
        assertThat(tooSmall.status()).isEqualTo(ClassStatus.ENTITY_TOO_SMALL.code());
        assertThat(CompleteClass.BadPart.decode(tooSmall.output())).isEqualTo(new CompleteClass.BadPart(2, 10));
        List<CompleteClass.ListedPart> missing = listed(List.of(one, part(9, 5, Bytes.EMPTY)));
        CallReply invalid = complete(missing, CompleteClass.NO_SIZE, Bytes.EMPTY);
        assertThat(invalid.status()).isEqualTo(ClassStatus.INVALID_PART.code());
        assertThat(CompleteClass.BadPart.decode(invalid.output()).number()).isEqualTo(9);
        List<CompleteClass.ListedPart> otherTag = List.of(new CompleteClass.ListedPart(1, three.md5(), Bytes.EMPTY));
        assertThat(complete(otherTag, CompleteClass.NO_SIZE, Bytes.EMPTY).status())
                .isEqualTo(ClassStatus.INVALID_PART.code());
        assertThat(complete(listed(List.of(one, small)), 12, Bytes.EMPTY).status())
                .isEqualTo(ClassStatus.CONFLICT.code());
        assertThat(complete(one, small).status()).isZero();
    }

    @Test
    void aRetriedCompletionIsAnsweredAlikeAndPartsNoLongerCome() {
        create(ChecksumMark.NONE);
        PartPage.Part one = putPart(1, 10);
        CallReply first = complete(one);
        assertThat(complete(one).output()).isEqualTo(first.output());
        assertThat(put(part(2, 10, Bytes.EMPTY)).status()).isEqualTo(ClassStatus.NO_SUCH_UPLOAD.code());
        assertThat(shard.counters().objects()).isEqualTo(1);
    }

    @Test
    void aPartCommitsOnlyWithItsIntent() {
        create(ChecksumMark.NONE);
        PartPage.Part reaped = part(1, 10, Bytes.EMPTY);
        shard.call(IntentClass.abandon(reaped.set().id()));
        assertThat(put(reaped).status()).isEqualTo(ClassStatus.NO_SUCH_INTENT.code());
        PartPage.Part good = part(1, 10, Bytes.EMPTY);
        assertThat(put(good).status()).isZero();
        assertThat(put(good).status()).as("sent again").isZero();
        assertThat(put(part(2, 0, Bytes.EMPTY)).status()).as("an empty part").isZero();
    }

    @Test
    void tenThousandPartsAreCompletedInOneEvaluation() {
        create(ChecksumMark.NONE);
        List<PartPage.Part> parts = new ArrayList<>();
        for (int number = 1; number <= PartPage.MAX_PART_NUMBER; number++) {
            PartPage.Part part = putPart(number, BIG);
            // Every other one is left out: the most names that a completion can change.
            if (number % 2 == 0) {
                parts.add(part);
            }
        }
        assertThat(complete(listed(parts), CompleteClass.NO_SIZE, Bytes.EMPTY).status())
                .isZero();
        assertThat(ShardPropertyTest.audit(shard).findings()).isEmpty();
    }

    @Test
    void checksumsOfPartsMakeThatOfTheObject() {
        Random random = new Random(3);
        byte[] first = new byte[(int) BIG];
        byte[] second = new byte[1000];
        random.nextBytes(first);
        random.nextBytes(second);
        ChecksumAlgorithm crc = ChecksumAlgorithm.CRC64NVME;
        create(new ChecksumMark("CRC64NVME", ChecksumType.FULL_OBJECT));
        PartPage.Part one = part(1, first.length, value(crc, first));
        PartPage.Part two = part(2, second.length, value(crc, second));
        put(one);
        put(two);
        byte[] whole = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        Bytes expected = value(crc, whole);
        List<CompleteClass.ListedPart> listed = listed(List.of(one, two));
        assertThat(complete(listed, CompleteClass.NO_SIZE, Bytes.hex("0000000000000000"))
                        .status())
                .isEqualTo(ClassStatus.CONFLICT.code());
        CallReply reply = complete(listed, whole.length, expected);
        assertThat(reply.status()).isZero();
        assertThat(CompletedRow.decode(reply.output()).checksumValue()).isEqualTo(expected);
    }

    private static Bytes value(ChecksumAlgorithm algorithm, byte[] bytes) {
        ChecksumAlgorithm.Running running = algorithm.start();
        running.update(java.nio.ByteBuffer.wrap(bytes));
        return running.value();
    }

    @Test
    void aCompositeChecksumIsThatOfThePartsChecksums() {
        create(new ChecksumMark("SHA256", ChecksumType.COMPOSITE));
        Bytes checksum = value(ChecksumAlgorithm.SHA256, new byte[] {1});
        PartPage.Part one = part(1, 1, checksum);
        put(one);
        CallReply reply = complete(one);
        assertThat(CompletedRow.decode(reply.output()).checksumValue())
                .isEqualTo(value(ChecksumAlgorithm.SHA256, checksum.array()));
    }

    @Test
    void partsAreListedInPages() {
        create(ChecksumMark.NONE);
        List<PartPage.Part> parts = new ArrayList<>();
        for (int number = 3; number <= 99; number += 3) {
            parts.add(putPart(number, 1));
        }
        List<PartPage.Part> listed = new ArrayList<>();
        int after = 0;
        while (true) {
            PartClass.ListReply page =
                    PartClass.ListReply.decode(shard.call(new PartClass.ListParameters(KEY, uploadId, after, 7).call())
                            .output());
            listed.addAll(page.parts());
            if (!page.isTruncated()) {
                break;
            }
            after = listed.get(listed.size() - 1).number();
        }
        assertThat(listed).isEqualTo(parts);
        assertThat(shard.call(new PartClass.ListParameters(Bytes.utf8("other"), uploadId, 0, 7).call())
                        .status())
                .isEqualTo(ClassStatus.NO_SUCH_UPLOAD.code());
    }

    @Test
    void uploadsAreListedAsASortedMapListsThem() {
        for (long seed = 1; seed <= 6; seed++) {
            ShardFixture own = new ShardFixture(seed, seed % 2 == 1);
            own.init();
            TreeMap<Bytes, Bytes> names = new TreeMap<>();
            for (int i = 0; i < 60; i++) {
                Bytes key = RandomKeys.key(own.random());
                Bytes id = own.id();
                UploadRow row = new UploadRow(i, StorageClass.STANDARD, ChecksumMark.NONE, "anna");
                own.call(new UploadClass.CreateParameters(own.shard(), key, id, row, Bytes.EMPTY).call());
                names.put(io.roost.objectstore.layout.EntryNames.upload(key, id), key);
            }
            for (int i = 0; i < 100; i++) {
                Bytes prefix = RandomKeys.bytes(own.random(), own.random().nextInt(3));
                Bytes delimiter = own.random().nextBoolean() ? Bytes.EMPTY : Bytes.utf8("/");
                Bytes marker = own.random().nextBoolean() ? Bytes.EMPTY : RandomKeys.key(own.random());
                UploadListClass.Parameters first = new UploadListClass.Parameters(
                        prefix,
                        delimiter,
                        marker,
                        Bytes.EMPTY,
                        Bytes.EMPTY,
                        1 + own.random().nextInt(5));
                assertThat(uploads(own, first)).as("seed " + seed + " " + first).isEqualTo(expected(names, first));
            }
        }
    }

    private static List<String> uploads(ShardFixture own, UploadListClass.Parameters first) {
        List<String> found = new ArrayList<>();
        UploadListClass.Parameters parameters = first;
        while (true) {
            UploadListClass.Reply reply =
                    UploadListClass.Reply.decode(own.call(parameters.call()).output());
            UploadListClass.Item last = null;
            for (UploadListClass.Item item : reply.items()) {
                found.add(item instanceof UploadListClass.Found ? "key " + item.name() : "prefix " + item.name());
                last = item;
            }
            if (reply.cursor().isEmpty()) {
                return found;
            }
            // Half of the pages go on as a client does, from the markers.
            boolean byMarker = own.random().nextBoolean() && last != null;
            Bytes idMarker = last instanceof UploadListClass.Found upload ? upload.uploadId() : Bytes.EMPTY;
            parameters = byMarker
                    ? new UploadListClass.Parameters(
                            first.prefix(), first.delimiter(), last.name(), idMarker, Bytes.EMPTY, first.maxItems())
                    : parameters.next(reply.cursor(), first.maxItems());
        }
    }

    private static List<String> expected(Map<Bytes, Bytes> names, UploadListClass.Parameters parameters) {
        List<String> expected = new ArrayList<>();
        Bytes lastCommon = null;
        for (Bytes key : names.values()) {
            if (!key.startsWith(parameters.prefix()) || key.compareTo(parameters.keyMarker()) <= 0) {
                continue;
            }
            Bytes common = Keys.commonPrefix(key, parameters.prefix().length(), parameters.delimiter());
            if (common == null) {
                expected.add("key " + key);
            } else if (!common.equals(lastCommon) && common.compareTo(parameters.keyMarker()) > 0) {
                expected.add("prefix " + common);
            }
            lastCommon = common;
        }
        return expected;
    }

    @Test
    void anUploadOfANeverVersionedBucketReplacesTheObjectThatIsThere() {
        create(ChecksumMark.NONE);
        shard.put("big", "small");
        PartPage.Part one = putPart(1, 10);
        complete(one);
        assertThat(shard.counters().objects()).isEqualTo(1);
        assertThat(shard.counters().bytes()).isEqualTo(10);
        GetClass.Reply got = GetClass.Reply.decode(
                shard.call(GetClass.Parameters.latest(KEY).get()).output());
        assertThat(got.head().manifest()).isEqualTo(new Manifest.Parts(uploadId));
    }
}
