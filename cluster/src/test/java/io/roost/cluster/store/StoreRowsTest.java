package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.map.PgId;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.CatalogueRow.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rows of the disk format: their released forms, round trips, and damage. */
class StoreRowsTest {
    private static final ObjectVersion VERSION = new ObjectVersion(0x01020304, 0x05060708090a0b0cL);

    private static CatalogueRow row(int valueLength, long bodyLength, Place place) {
        return new CatalogueRow(new Entry(VERSION, Bytes.utf8("attributes"), valueLength, bodyLength), place);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 8));
        }
        return bytes;
    }

    private static ExtentsRow extents() {
        List<Extent> extents = List.of(new Extent(1, 0, 131072), new Extent(300, 1L << 29, 69632));
        return ExtentsRow.of(Data.wrap(pattern(200_000)), extents);
    }

    @Test
    void rowsHaveTheirReleasedForm() {
        GoldenFile.check(
                "store-catalogue-row-v1.hex", row(0, Entry.NO_BODY, Place.NONE).encode());
        GoldenFile.check(
                "store-catalogue-value-v1.hex",
                row(300, Entry.NO_BODY, Place.NONE).encode());
        GoldenFile.check(
                "store-catalogue-inline-v1.hex", row(5, 65536, Place.INLINE).encode());
        GoldenFile.check(
                "store-catalogue-extents-v1.hex",
                row(5, 4L << 20, Place.EXTENTS).encode());
        GoldenFile.check("store-extents-v1.hex", extents().encode());
        Data body = Data.wrap(pattern(100));
        GoldenFile.check("store-inline-body-v1.hex", InlineBody.head(body).concat(Bytes.wrap(body.toArray())));
        GoldenFile.check("store-value-v1.hex", InlineBody.valueRow(Bytes.utf8("a value")));
    }

    @Test
    void keysHaveTheirReleasedForm() {
        Locator locator = new Locator(258, Bytes.hex("6100ff"));
        PgId pg = new PgId(258, 0x2f);
        GoldenFile.check("store-key-entry-v1.hex", KeyLayout.entry(locator, Bytes.hex("00aa")));
        GoldenFile.check("store-key-value-v1.hex", KeyLayout.data(KeyLayout.VALUE, locator, Bytes.hex("00aa")));
        GoldenFile.check("store-key-body-v1.hex", KeyLayout.data(KeyLayout.INLINE_BODY, locator, Bytes.hex("00aa")));
        GoldenFile.check("store-key-extents-v1.hex", KeyLayout.data(KeyLayout.EXTENTS, locator, Bytes.hex("00aa")));
        GoldenFile.check("store-key-log-v1.hex", KeyLayout.logEntry(pg, VERSION));
        GoldenFile.check("store-key-pg-meta-v1.hex", KeyLayout.meta(pg, "info"));
        GoldenFile.check("store-key-meta-v1.hex", KeyLayout.meta("format"));
    }

    @Test
    void releasedRowsAreRead() {
        assertThat(CatalogueRow.decode(GoldenFile.read("store-catalogue-row-v1.hex")))
                .isEqualTo(row(0, Entry.NO_BODY, Place.NONE));
        assertThat(CatalogueRow.decode(GoldenFile.read("store-catalogue-value-v1.hex")))
                .isEqualTo(row(300, Entry.NO_BODY, Place.NONE));
        assertThat(CatalogueRow.decode(GoldenFile.read("store-catalogue-inline-v1.hex")))
                .isEqualTo(row(5, 65536, Place.INLINE));
        assertThat(CatalogueRow.decode(GoldenFile.read("store-catalogue-extents-v1.hex")))
                .isEqualTo(row(5, 4L << 20, Place.EXTENTS));
        ExtentsRow list = ExtentsRow.decode(GoldenFile.read("store-extents-v1.hex"));
        assertThat(list.extents()).isEqualTo(extents().extents());
        assertThat(list.bodyLength()).isEqualTo(200_000);
        assertThat(list.blocks()).isEqualTo(4);
        for (int block = 0; block < 4; block++) {
            assertThat(list.crc32c(block)).isEqualTo(extents().crc32c(block));
        }
        Data body = InlineBody.decode(GoldenFile.read("store-inline-body-v1.hex"));
        assertThat(body.isIntact()).isTrue();
        assertThat(body.toArray()).isEqualTo(pattern(100));
        assertThat(InlineBody.value(GoldenFile.read("store-value-v1.hex"))).isEqualTo(Bytes.utf8("a value"));
    }

    @Test
    void everyPrefixOfARowIsMalformedOrReadAsShorterAttributes() {
        Bytes list = extents().encode();
        for (int length = 0; length < list.length(); length++) {
            Bytes prefix = list.slice(0, length);
            assertThatThrownBy(() -> ExtentsRow.decode(prefix))
                    .as("%d bytes", length)
                    .isInstanceOf(MalformedBytesException.class);
        }
        Bytes row = row(5, 65536, Place.INLINE).encode();
        int attributes = "attributes".length();
        for (int length = 0; length < row.length() - attributes; length++) {
            Bytes prefix = row.slice(0, length);
            assertThatThrownBy(() -> CatalogueRow.decode(prefix))
                    .as("%d bytes", length)
                    .isInstanceOf(MalformedBytesException.class);
        }
    }

    @Test
    void unknownFormatsAndFlagsAreRefused() {
        for (Bytes row : List.of(
                row(5, 65536, Place.INLINE).encode(),
                extents().encode(),
                InlineBody.valueRow(Bytes.utf8("v")),
                InlineBody.head(Data.wrap(pattern(100))).concat(Bytes.wrap(pattern(100))))) {
            byte[] changed = row.array().clone();
            changed[0]++;
            Bytes newer = Bytes.wrap(changed);
            assertThatThrownBy(() -> {
                        CatalogueRow.decode(newer);
                    })
                    .isInstanceOf(MalformedBytesException.class);
            assertThatThrownBy(() -> ExtentsRow.decode(newer)).isInstanceOf(MalformedBytesException.class);
            assertThatThrownBy(() -> InlineBody.decode(newer)).isInstanceOf(MalformedBytesException.class);
            assertThatThrownBy(() -> InlineBody.value(newer)).isInstanceOf(MalformedBytesException.class);
        }
        byte[] flags = row(5, 65536, Place.INLINE).encode().array().clone();
        flags[1] = 3;
        assertThatThrownBy(() -> CatalogueRow.decode(Bytes.wrap(flags))).isInstanceOf(MalformedBytesException.class);
    }
}
