package io.roost.objectstore.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.MalformedBytesException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryNamesTest {
    private static final Bytes ID = Bytes.hex("00112233445566778899aabbccddeeff");
    private final Random random = new Random(7);

    private Bytes key() {
        byte[] bytes = new byte[1 + random.nextInt(4)];
        int[] some = {0, 1, 2, 0xfe, 0xff, 'a'};
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) some[random.nextInt(some.length)];
        }
        return Bytes.wrap(bytes);
    }

    @Test
    void namesAreInTheOrderOfKeysAndThenNewestFirst() {
        for (int i = 0; i < 20_000; i++) {
            Bytes key = key();
            Bytes other = key();
            long sequence = random.nextInt(4);
            long otherSequence = random.nextInt(4);
            int expected = Integer.signum(key.compareTo(other));
            if (expected == 0) {
                expected = Long.compare(otherSequence, sequence);
            }
            Bytes name = EntryNames.version(key, sequence);
            Bytes otherName = EntryNames.version(other, otherSequence);
            assertThat(Integer.signum(name.compareTo(otherName))).isEqualTo(expected);
        }
    }

    @Test
    void aNameTellsItsKeyAndSequence() {
        for (int i = 0; i < 5_000; i++) {
            Bytes key = key();
            long sequence = random.nextLong() >>> 1;
            Bytes name = EntryNames.version(key, sequence);
            assertThat(EntryNames.keyOfVersion(name)).isEqualTo(key);
            assertThat(EntryNames.sequenceOf(name)).isEqualTo(sequence);
            Bytes upload = EntryNames.upload(key, ID);
            assertThat(EntryNames.keyOfUpload(upload)).isEqualTo(key);
            assertThat(EntryNames.uploadIdOf(upload)).isEqualTo(ID);
        }
    }

    @Test
    void rangesHoldExactlyTheirKeys() {
        for (int i = 0; i < 20_000; i++) {
            Bytes key = key();
            Bytes other = key();
            Bytes name = EntryNames.version(other, random.nextInt(3));
            boolean inPrefix = name.compareTo(EntryNames.prefixBegin(EntryNames.KEY, key)) >= 0
                    && name.compareTo(EntryNames.prefixEnd(EntryNames.KEY, key)) < 0;
            assertThat(inPrefix).isEqualTo(other.startsWith(key));
            boolean inKey = name.compareTo(EntryNames.keyBegin(EntryNames.KEY, key)) >= 0
                    && name.compareTo(EntryNames.keyEnd(EntryNames.KEY, key)) < 0;
            assertThat(inKey).isEqualTo(other.equals(key));
        }
    }

    @Test
    void theLongestNameFits() {
        Bytes key = Bytes.wrap(new byte[EntryNames.MAX_KEY_BYTES]);
        assertThat(EntryNames.upload(key, ID).length()).isLessThanOrEqualTo(Entry.MAX_NAME_BYTES);
        assertThat(EntryNames.version(key, 1).length()).isLessThanOrEqualTo(Entry.MAX_NAME_BYTES);
    }

    @Test
    void aGarbageNameTellsWhenWhatAndHow() {
        Bytes name = EntryNames.garbage(1_700_000_000_000L, ID, GarbageRow.Kind.UPLOAD);
        assertThat(EntryNames.garbageDueMillis(name)).isEqualTo(1_700_000_000_000L);
        assertThat(EntryNames.garbageId(name)).isEqualTo(ID);
        assertThat(EntryNames.garbageKind(name)).isEqualTo(GarbageRow.Kind.UPLOAD);
        assertThat(name).isLessThan(EntryNames.garbageDueEnd(1_700_000_000_000L));
        assertThat(name).isGreaterThan(EntryNames.garbageDueEnd(1_699_999_999_999L));
    }

    @Test
    void aBareZeroInAKeyIsMalformed() {
        Bytes name = Bytes.hex("10610062" + "0001" + "ffffffffffffffff");
        assertThatThrownBy(() -> EntryNames.keyOfVersion(name)).isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void namesAreThoseOfTheReleasedFormat() {
        Bytes key = Bytes.hex("610062");
        assertThat(EntryNames.version(key, 0).hex()).isEqualTo("106100ff620001ffffffffffffffff");
        assertThat(EntryNames.version(key, 258).hex()).isEqualTo("106100ff620001fffffffffffffefd");
        assertThat(EntryNames.nullVersion(key).hex()).isEqualTo("116100ff620001");
        assertThat(EntryNames.reference(ID).hex()).isEqualTo("20" + ID.hex());
        assertThat(EntryNames.partPage(ID, 312).hex()).isEqualTo("21" + ID.hex() + "0138");
        assertThat(EntryNames.completed(ID).hex()).isEqualTo("22" + ID.hex());
        assertThat(EntryNames.upload(key, ID).hex()).isEqualTo("806100ff620001" + ID.hex());
        assertThat(EntryNames.intent(ID).hex()).isEqualTo("84" + ID.hex());
        assertThat(EntryNames.garbage(1, ID, GarbageRow.Kind.SETS).hex())
                .isEqualTo("880000000000000001" + ID.hex() + "01");
    }
}
