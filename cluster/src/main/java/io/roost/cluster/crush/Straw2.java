package io.roost.cluster.crush;

import java.math.BigInteger;

/**
 * The straw2 choice: each item draws a straw whose length is exponentially distributed with the item's weight as its
 * rate, from a hash of (input, item, attempt), and the longest wins.
 *
 * <p>The logarithm is the fixed-point {@code crush_ln} that Ceph's placement is defined by, in three small tables:
 * the reciprocal and the logarithm of a coarse step, and the logarithm of the fine rest. The tables follow from exact
 * arithmetic but for the deviations of the fine one, which every existing map depends on: most of its entries are too
 * large by one constant, and {@link #IRREGULAR} lists those that follow no rule. The function is strictly needed as it
 * is: a mathematically clean table sends about one input in 13,000 elsewhere.
 */
public final class Straw2 {
    /** 2^48: what {@link #ln} approaches from below, as 2^44 * log2(65536) is 2^48. */
    static final long LN_RANGE = 1L << 48;

    private static final int COARSE_STEPS = 128;
    private static final int FINE_STEPS = 256;
    private static final long FINE_OFFSET = 0x147700000L;

    /** Indexes of the fine table whose entries are exact. */
    private static final int[] EXACT = {
        0, 1, 203, 216, 222, 233, 237, 238, 239, 243, 244, 245, 246, 248, 249, 250, 251, 252, 253, 254, 255
    };

    /** Index and value of the fine table's entries that follow no rule. */
    private static final long[][] IRREGULAR = {
        {56, 0xa2b07f3458L},
        {127, 0x16df6ca19bdL},
        {134, 0x182b07f3458L},
        {181, 0x209c06e6212L},
        {184, 0x212b07f3458L},
        {188, 0x21d6a73a78fL},
        {193, 0x22c23679b4eL},
        {198, 0x23a2c3b0ea4L},
        {199, 0x23d13ee805bL},
        {200, 0x24035e9221fL},
        {207, 0x25492644d65L},
        {210, 0x25d13ee805bL},
        {212, 0x26296453882L},
        {225, 0x287bdbf5255L},
        {227, 0x28d13ee805bL},
        {228, 0x29035e9221fL},
        {229, 0x29296453882L},
        {231, 0x29902a37aabL},
        {235, 0x2a4c7605d61L},
        {236, 0x2a7bdbf5255L},
        {240, 0x2b296453882L},
        {241, 0x2b5d022d80fL},
        {247, 0x2c61a5e8f4cL},
    };

    /** {@code ceil(2^48 * 128 / (128 + k))}, k from 0 to 128. */
    private static final long[] RECIPROCAL = reciprocals();
    /** {@code floor(2^48 * log2(1 + k / 128))}, k from 0 to 128; the last is short of 2^48. */
    private static final long[] COARSE = coarse();
    /** About {@code 2^48 * log2(1 + i / 2^15)}, i from 0 to 255. */
    private static final long[] FINE = fine();

    private Straw2() {}

    /**
     * {@code 2^44 * log2(u + 1)} as Ceph computes it ({@code crush_ln}).
     *
     * @param u {@code [0, 65535]}
     */
    public static long ln(int u) {
        int x = u + 1;
        int exponent = 15;
        int shift = Integer.numberOfLeadingZeros(x) - 16;
        if (shift > 0) {
            x <<= shift;
            exponent -= shift;
        }
        int coarse = (x >> 8) - COARSE_STEPS;
        // The product reaches 2^63, so it is taken as unsigned.
        int fine = (int) ((x * RECIPROCAL[coarse]) >>> 48) & 0xff;
        return ((long) exponent << 44) + ((COARSE[coarse] + FINE[fine]) >> 4);
    }

    /**
     * The item of a straw2 bucket that draws the longest straw; the first of equals.
     *
     * @param x the input
     * @param r the attempt
     * @param items ids, at least one
     * @param weights 16.16, as many
     */
    static int choose(int x, int r, int[] items, int[] weights) {
        int best = items[0];
        long bestDraw = draw(x, r, items[0], weights[0]);
        for (int i = 1; i < items.length; i++) {
            long draw = draw(x, r, items[i], weights[i]);
            if (draw > bestDraw) {
                bestDraw = draw;
                best = items[i];
            }
        }
        return best;
    }

    private static long draw(int x, int r, int item, int weight) {
        if (weight == 0) {
            return Long.MIN_VALUE;
        }
        return (ln(JenkinsHash.hash3(x, item, r) & 0xffff) - LN_RANGE) / weight;
    }

    static long[] reciprocals() {
        long[] table = new long[COARSE_STEPS + 1];
        BigInteger numerator = BigInteger.ONE.shiftLeft(48 + 7);
        for (int k = 0; k <= COARSE_STEPS; k++) {
            BigInteger divisor = BigInteger.valueOf(COARSE_STEPS + k);
            table[k] = numerator
                    .add(divisor)
                    .subtract(BigInteger.ONE)
                    .divide(divisor)
                    .longValueExact();
        }
        return table;
    }

    static long[] coarse() {
        long[] table = new long[COARSE_STEPS + 1];
        for (int k = 0; k < COARSE_STEPS; k++) {
            table[k] = log2(COARSE_STEPS + k, 7);
        }
        table[COARSE_STEPS] = 0xffff00000000L;
        return table;
    }

    static long[] fine() {
        long[] table = new long[FINE_STEPS];
        for (int i = 0; i < FINE_STEPS; i++) {
            table[i] = log2((1 << 15) + i, 15) + FINE_OFFSET;
        }
        for (int i : EXACT) {
            table[i] -= FINE_OFFSET;
        }
        for (long[] entry : IRREGULAR) {
            table[(int) entry[0]] = entry[1];
        }
        return table;
    }

    /**
     * {@code floor(2^48 * log2(n / 2^bits))} for n in {@code [2^bits, 2^(bits + 1))}, one binary digit per squaring. 160
     * fraction bits leave over 100 correct after the 48 squarings, and no argument's logarithm is that near a multiple.
     */
    private static long log2(int n, int bits) {
        int fraction = 160;
        BigInteger y = BigInteger.valueOf(n).shiftLeft(fraction - bits);
        long digits = 0;
        for (int i = 0; i < 48; i++) {
            y = y.multiply(y).shiftRight(fraction);
            digits <<= 1;
            if (y.bitLength() > fraction + 1) {
                digits |= 1;
                y = y.shiftRight(1);
            }
        }
        return digits;
    }
}
