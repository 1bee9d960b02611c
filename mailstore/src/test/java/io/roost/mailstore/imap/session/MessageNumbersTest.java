package io.roost.mailstore.imap.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Numbers and UIDs, held against a plain list. */
class MessageNumbersTest {
    private static UidSet set(Iterable<Long> uids) {
        UidSet.Builder builder = new UidSet.Builder();
        uids.forEach(builder::add);
        return builder.build();
    }

    @Test
    void numbersArePositions() {
        // RFC 9051 2.3.1.2.
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<Long> uids = new ArrayList<>();
            MessageNumbers numbers = new MessageNumbers(UidSet.EMPTY);
            long next = 1;
            for (int step = 0; step < 12; step++) {
                TreeSet<Long> added = new TreeSet<>();
                TreeSet<Long> removed = new TreeSet<>();
                for (int i = 0; i < random.nextInt(12); i++) {
                    next += random.nextInt(3);
                    added.add(next++);
                }
                for (long uid = 0; uid < next; uid++) {
                    if (random.nextInt(4) == 0) {
                        removed.add(uid + 1);
                    }
                }
                numbers.add(set(added));
                uids.addAll(added);
                numbers.remove(set(removed));
                uids.removeAll(removed);
                check(numbers, uids, random);
            }
        }
    }

    private static void check(MessageNumbers numbers, List<Long> uids, Random random) {
        assertThat(numbers.count()).isEqualTo(uids.size());
        assertThat(numbers.uids().toList()).isEqualTo(uids);
        for (int i = 0; i < uids.size(); i++) {
            assertThat(numbers.uidOf(i + 1)).isEqualTo(uids.get(i));
            assertThat(numbers.numberOf(uids.get(i))).isEqualTo(i + 1);
        }
        long last = uids.isEmpty() ? 0 : uids.get(uids.size() - 1);
        assertThat(numbers.lastUid()).isEqualTo(last);
        assertThat(numbers.numberOf(last + 1)).isZero();
        long one = 1L + random.nextInt(40);
        long other = random.nextInt(4) == 0 ? SequenceSet.STAR : 1L + random.nextInt(40);
        SequenceSet set = new SequenceSet(List.of(SequenceSet.Range.between(one, other)));
        List<Long> byNumber = new ArrayList<>();
        List<Long> byUid = new ArrayList<>();
        for (int i = 0; i < uids.size(); i++) {
            if (isIn(i + 1, one, other, uids.size())) {
                byNumber.add(uids.get(i));
            }
            if (isIn(uids.get(i), one, other, last)) {
                byUid.add(uids.get(i));
            }
        }
        assertThat(numbers.resolve(set, Numbering.SEQUENCE).toList()).isEqualTo(byNumber);
        assertThat(numbers.resolve(set, Numbering.UID).toList()).isEqualTo(byUid);
        SequenceSet back = numbers.numbersOf(set(byUid));
        List<Long> numbersOfUids = new ArrayList<>();
        byUid.forEach(uid -> numbersOfUids.add((long) uids.indexOf(uid) + 1));
        assertThat(
                        back == null
                                ? List.of()
                                : numbers.resolve(back, Numbering.SEQUENCE).toList())
                .isEqualTo(byUid)
                .hasSize(numbersOfUids.size());
    }

    private static boolean isIn(long number, long one, long other, long star) {
        long first = one;
        long last = other == SequenceSet.STAR ? star : other;
        return Math.min(first, last) <= number && number <= Math.max(first, last);
    }

    @Test
    void hugeSetsCostWhatExists() {
        MessageNumbers numbers = new MessageNumbers(UidSet.of(1, 1_000_000));
        SequenceSet all = SequenceSet.of(1, SequenceSet.MAX_NUMBER);
        assertThat(numbers.resolve(all, Numbering.UID)).isEqualTo(UidSet.of(1, 1_000_000));
        assertThat(numbers.resolve(all, Numbering.SEQUENCE)).isEqualTo(UidSet.of(1, 1_000_000));
        assertThat(numbers.isBeyond(all)).isTrue();
        assertThat(numbers.isBeyond(SequenceSet.of(1, SequenceSet.STAR))).isFalse();
        assertThat(new MessageNumbers(UidSet.EMPTY).isBeyond(SequenceSet.of(SequenceSet.STAR)))
                .isTrue();
    }

    @Test
    void starIsTheLastAlsoBelowTheOtherEnd() {
        // RFC 9051 9: "*" in a range with a greater number is the last message.
        MessageNumbers numbers = new MessageNumbers(UidSet.of(10, 12));
        SequenceSet beyond = new SequenceSet(List.of(SequenceSet.Range.between(900, SequenceSet.STAR)));
        assertThat(numbers.resolve(beyond, Numbering.UID)).isEqualTo(UidSet.of(12));
    }
}
