package io.roost.mailstore.transfer;

/** How often each of many numbers has come, in 24 bytes for each at most: open addressing with linear probing. */
final class Occurrences {
    private static final int FIRST_SLOTS = 1 << 10;

    private long[] numbers = new long[FIRST_SLOTS];
    /** Of the number in that slot, 0 for a free one. */
    private int[] counts = new int[FIRST_SLOTS];

    private int used;

    /** Counts a number, which is as random as a digest; how often it has come before. */
    int add(long number) {
        if (2 * used == numbers.length) {
            grow();
        }
        int slot = slot(number);
        if (counts[slot] == 0) {
            numbers[slot] = number;
            used++;
        }
        return counts[slot]++;
    }

    private int slot(long number) {
        int slot = (int) number & (numbers.length - 1);
        while (counts[slot] > 0 && numbers[slot] != number) {
            slot = (slot + 1) & (numbers.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] before = numbers;
        int[] countsBefore = counts;
        numbers = new long[2 * before.length];
        counts = new int[numbers.length];
        for (int from = 0; from < before.length; from++) {
            if (countsBefore[from] > 0) {
                int slot = slot(before[from]);
                numbers[slot] = before[from];
                counts[slot] = countsBefore[from];
            }
        }
    }
}
