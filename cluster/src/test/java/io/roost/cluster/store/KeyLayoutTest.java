package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.crush.JenkinsHash;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.StableMod;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeyLayoutTest {
    private static Bytes random(Random random, int maxLength) {
        byte[] bytes = new byte[1 + random.nextInt(maxLength)];
        for (int i = 0; i < bytes.length; i++) {
            // Many zeros and 0xFF: the bytes that escaping is about.
            int kind = random.nextInt(4);
            bytes[i] = (byte) (kind == 0 ? 0 : kind == 1 ? 0xff : random.nextInt(256));
        }
        return Bytes.wrap(bytes);
    }

    @Test
    void everyPlacementGroupIsOneContiguousRangeForEveryNumberOfThem() {
        Random random = new Random(7);
        TreeMap<Bytes, Integer> hashes = new TreeMap<>();
        for (int i = 0; i < 3000; i++) {
            Locator locator = new Locator(3, random(random, 20));
            Bytes key = KeyLayout.entry(locator, random(random, 8));
            hashes.put(key, JenkinsHash.name(locator.key()));
        }
        for (int pgNum : new int[] {1, 2, 3, 4, 5, 7, 8, 12, 31, 32, 33, 64, 100, 128, 255, 256, 257, 1000}) {
            for (int seed = 0; seed < pgNum; seed++) {
                KeyLayout.KeyRange range = KeyLayout.entriesOf(new PgId(3, seed), pgNum);
                int members = 0;
                int pg = seed;
                for (Bytes key : hashes.subMap(range.begin(), range.end()).keySet()) {
                    assertThat(StableMod.of(hashes.get(key), pgNum))
                            .as("%d of %d", pg, pgNum)
                            .isEqualTo(seed);
                    members++;
                }
                long expected = hashes.values().stream()
                        .filter(hash -> StableMod.of(hash, pgNum) == pg)
                        .count();
                assertThat(members).as("%d of %d", seed, pgNum).isEqualTo((int) expected);
            }
        }
    }

    @Test
    void orderIsPoolThenReversedHashThenLocatorThenName() {
        long seed = 11;
        Random random = new Random(seed);
        record Named(Locator locator, Bytes name) {}
        List<Named> all = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            long pool = new long[] {1, 2, 255, 256, 65536, Long.MAX_VALUE}[random.nextInt(6)];
            all.add(new Named(new Locator(pool, random(random, 3)), random(random, 3)));
        }
        all.sort((a, b) -> KeyLayout.entry(a.locator(), a.name()).compareTo(KeyLayout.entry(b.locator(), b.name())));
        List<Named> expected = new ArrayList<>(all);
        Collections.shuffle(expected, random);
        expected.sort((a, b) -> {
            int order = Long.compare(a.locator().pool(), b.locator().pool());
            int hashA = Integer.reverse(JenkinsHash.name(a.locator().key()));
            int hashB = Integer.reverse(JenkinsHash.name(b.locator().key()));
            order = order != 0 ? order : Integer.compareUnsigned(hashA, hashB);
            order = order != 0 ? order : a.locator().key().compareTo(b.locator().key());
            return order != 0 ? order : a.name().compareTo(b.name());
        });
        assertThat(all).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void parsesWhatItWrites() {
        Random random = new Random(13);
        for (int i = 0; i < 2000; i++) {
            Locator locator = new Locator(1 + (random.nextLong() >>> (1 + random.nextInt(63))), random(random, 255));
            Bytes name = random(random, 50);
            Bytes key = KeyLayout.entry(locator, name);
            assertThat(KeyLayout.parse(key)).isEqualTo(new KeyLayout.EntryKey(locator, name));
            assertThat(key.startsWith(KeyLayout.locator(locator))).isTrue();
            assertThat(KeyLayout.data('v', locator, name))
                    .isEqualTo(Bytes.of('v').concat(key));
            assertThat(KeyLayout.data('v', key)).isEqualTo(Bytes.of('v').concat(key));
        }
    }

    @Test
    void refusesBytesThatAreNoKey() {
        for (String hex : new String[] {
            "", "00", "0101", "09010203", "010100000000", "01010000000061", "0101000000000001", "01010000000061000261"
        }) {
            assertThatThrownBy(() -> KeyLayout.parse(Bytes.hex(hex))).isInstanceOf(MalformedBytesException.class);
        }
    }

    @Test
    void keysAreThoseOfTheDiskFormat() {
        Locator locator = new Locator(258, Bytes.hex("6100ff"));
        int reversed = Integer.reverse(JenkinsHash.name(locator.key()));
        assertThat(KeyLayout.entry(locator, Bytes.hex("00aa")).hex())
                .isEqualTo("020102" + String.format("%08x", reversed) + "6100ffff0001" + "00aa");
        PgId pg = new PgId(1, 0x2f);
        assertThat(KeyLayout.logEntry(pg, new ObjectVersion(5, 0x1_0000_0002L)).hex())
                .isEqualTo("0101" + "0000002f" + "00000005" + "0000000100000002");
        assertThat(KeyLayout.meta(pg, "info").hex()).isEqualTo("70" + "0101" + "0000002f" + "696e666f");
        Bytes missing = KeyLayout.missing(pg, Bytes.hex("aabb"));
        assertThat(missing.hex()).isEqualTo("70" + "0101" + "0000002f" + "6d697373696e67" + "aabb");
        assertThat(KeyLayout.missingEntry(pg, missing).hex()).isEqualTo("aabb");
        assertThat(KeyLayout.meta("x").hex()).isEqualTo("6778");
    }

    @Test
    void logKeysAreOrderedByVersionAndStayWithinTheirPlacementGroup() {
        PgId pg = new PgId(9, 3);
        KeyLayout.KeyRange range = KeyLayout.logOf(pg);
        Bytes last = range.begin();
        for (ObjectVersion version : List.of(
                new ObjectVersion(0, 0),
                new ObjectVersion(0, 1),
                new ObjectVersion(1, 0),
                new ObjectVersion(1, -1),
                new ObjectVersion(-1, 1))) {
            Bytes key = KeyLayout.logEntry(pg, version);
            assertThat(key).isGreaterThan(last).isLessThan(range.end());
            assertThat(KeyLayout.logVersion(key)).isEqualTo(version);
            last = key;
        }
        assertThat(KeyLayout.logEntry(new PgId(9, 4), ObjectVersion.NONE)).isGreaterThanOrEqualTo(range.end());
    }
}
