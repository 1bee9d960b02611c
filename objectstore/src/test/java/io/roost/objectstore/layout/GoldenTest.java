package io.roost.objectstore.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row's bytes are those of {@code golden/layout-NAME.hex}, and these bytes are read as the same row. With
 * {@code -Droost.golden=write} the files are written; a change of them is a change of the disk format.
 */
class GoldenTest {
    private static final Bytes ID = Bytes.hex("00112233445566778899aabbccddeeff");
    private static final Bytes ID2 = Bytes.hex("f0e0d0c0b0a090807060504030201000");
    private static final Bytes MD5 = Bytes.hex("d41d8cd98f00b204e9800998ecf8427e");
    private static final Bytes KEY = Bytes.wrap("photos/\0caf\u00e9".getBytes(StandardCharsets.UTF_8));
    private static final StripeSet SET = new StripeSet(ID2, 2, 4194304, 10_000_000);
    private static final ChecksumMark CRC = new ChecksumMark("CRC64NVME", ChecksumType.FULL_OBJECT);

    static Stream<Arguments> rows() {
        BucketRecord.Layout layout = new BucketRecord.Layout(new Placement(2), 1, 4194304, List.of(0, 1, 513, 65535));
        PartPage.Part part33 = new PartPage.Part(33, MD5, 1_700_000_000_123L, Bytes.hex("01020304"), SET);
        PartPage.Part part64 = new PartPage.Part(64, MD5, 1_700_000_000_456L, Bytes.EMPTY, SET);
        return Stream.of(
                row("head-inline", head(Manifest.inline(), Head.State.UNVERSIONED), Head::encode, Head::decode),
                row(
                        "head-striped",
                        head(new Manifest.Striped(SET), new Head.State(false, false, 0x1122334455667788L)),
                        Head::encode,
                        Head::decode),
                row(
                        "head-parts",
                        head(new Manifest.Parts(ID), new Head.State(false, true, 0)),
                        Head::encode,
                        Head::decode),
                row(
                        "head-delete-marker",
                        Head.deleteMarker(new Head.State(true, false, 7), 1_700_000_000_000L, ID),
                        Head::encode,
                        Head::decode),
                row("object-metadata", metadata(), ObjectMetadata::encode, ObjectMetadata::decode),
                row(
                        "bucket-record",
                        new BucketRecord(
                                ID,
                                "mail",
                                "owner-1",
                                1_700_000_000_000L,
                                false,
                                3,
                                Versioning.ENABLED,
                                layout,
                                "us-east-1",
                                BucketRecord.Use.OBJECTS),
                        BucketRecord::encode,
                        BucketRecord::decode),
                row(
                        "bucket-record-v2",
                        new BucketRecord(
                                ID,
                                "mail",
                                "owner-1",
                                1_700_000_000_000L,
                                false,
                                3,
                                Versioning.NEVER,
                                layout,
                                "us-east-1",
                                BucketRecord.Use.MAIL),
                        BucketRecord::encode,
                        BucketRecord::decode),
                row(
                        "shard-header",
                        new ShardHeader(ID, 300, Versioning.SUSPENDED, 1_700_000_000_000L),
                        ShardHeader::encode,
                        ShardHeader::decode),
                row("counters", new Counters(3, 1L << 40, 200), Counters::encode, Counters::decode),
                row(
                        "user-record",
                        new UserRecord("c0ffee", "anna", "Anna", "anna@example.org", 1, true, List.of("AK1", "AK2")),
                        UserRecord::encode,
                        UserRecord::decode),
                row(
                        "access-key-record",
                        new AccessKeyRecord("AK1", "secret", "anna", 1_700_000_000_000L, true),
                        AccessKeyRecord::encode,
                        AccessKeyRecord::decode),
                row("part-page", new PartPage(List.of(part33, part64)), PartPage::encode, PartPage::decode),
                row(
                        "upload-row",
                        new UploadRow(1_700_000_000_000L, StorageClass.GLACIER_IR, CRC, "anna"),
                        UploadRow::encode,
                        UploadRow::decode),
                row(
                        "intent-row",
                        new IntentRow(true, 1_700_000_000_000L, KEY, ID, 33, SET),
                        IntentRow::encode,
                        IntentRow::decode),
                row("garbage-row", new GarbageRow(List.of(SET, SET)), GarbageRow::encode, GarbageRow::decode),
                row(
                        "reference-row",
                        new ReferenceRow(KEY, List.of(0L, 300L)),
                        ReferenceRow::encode,
                        ReferenceRow::decode),
                row(
                        "completed-row",
                        new CompletedRow(
                                KEY,
                                new ETag(MD5, 2),
                                VersionId.of(5, -1),
                                1_700_000_000_000L,
                                10_000_000,
                                CRC,
                                Bytes.hex("0102030405060708")),
                        CompletedRow::encode,
                        CompletedRow::decode),
                row(
                        "stripe",
                        new Stripe(new Stripe.Owner(ID2, Bytes.utf8("locator"), KEY, ID, 33), 2),
                        Stripe::encode,
                        Stripe::decode),
                row(
                        "tombstone",
                        new Stripe.Tombstone(1_700_000_000_000L),
                        Stripe.Tombstone::encode,
                        Stripe.Tombstone::decode));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void bytesAreThoseOfTheReleasedFormat(String name, Row<?> row) throws IOException {
        row.check(name);
    }

    private static Head head(Manifest manifest, Head.State state) {
        return new Head(
                state,
                10_000_000,
                1_700_000_000_123L,
                new ETag(MD5, manifest instanceof Manifest.Parts ? 2 : 0),
                StorageClass.STANDARD_IA,
                new ChecksumMark("SHA256", ChecksumType.COMPOSITE),
                ID,
                manifest);
    }

    private static ObjectMetadata metadata() {
        return new ObjectMetadata(
                List.of(
                        new ObjectMetadata.Field("content-type", "text/plain"),
                        new ObjectMetadata.Field("x-new-header", "value")),
                List.of(new ObjectMetadata.Field("mtime", "1700000000.5")),
                List.of(new ObjectMetadata.Field("tag", "v\u00e4lue")),
                Bytes.hex("01020304"),
                new PartList(List.of(new PartList.Run(1, 2, 5_242_880), new PartList.Run(7, 1, 12))));
    }

    private static <T> Arguments row(String name, T row, Function<T, Bytes> encode, Function<Bytes, T> decode) {
        return Arguments.of(name, new Row<>(row, encode, decode));
    }

    /** A row and its codec. */
    record Row<T>(T row, Function<T, Bytes> encode, Function<Bytes, T> decode) {
        void check(String name) throws IOException {
            Bytes encoded = encode.apply(row);
            String resource = "golden/layout-" + name + ".hex";
            if ("write".equals(System.getProperty("roost.golden"))) {
                Files.writeString(Path.of("src/test/resources").resolve(resource), encoded.hex() + "\n");
            }
            try (InputStream file = GoldenTest.class.getClassLoader().getResourceAsStream(resource)) {
                assertThat(file).as(resource).isNotNull();
                Bytes golden = Bytes.hex(new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip());
                assertThat(encoded).isEqualTo(golden);
                assertThat(decode.apply(golden)).isEqualTo(row);
                refusesDamage(golden);
                skipsWhatIsNewer(golden);
            }
        }

        /** Every shorter form is malformed, none is read as something else. */
        private void refusesDamage(Bytes golden) {
            for (int length = 1; length < golden.length(); length++) {
                Bytes cut = golden.slice(0, length);
                Assertions.assertThatThrownBy(() -> decode.apply(cut)).isInstanceOf(MalformedBytesException.class);
            }
        }

        /** A newer version with more fields, which this reader may skip, is read as what it knows of it. */
        private void skipsWhatIsNewer(Bytes golden) {
            ByteReader in = new ByteReader(golden);
            in.raw(6);
            ByteWriter newer = new ByteWriter();
            int mark = newer.begin(2, 1);
            newer.raw(in.rest()).u64(42).end(mark);
            assertThat(decode.apply(newer.toBytes())).isEqualTo(row);
        }
    }
}
