package io.roost.objectstore;

/**
 * CRC of a concatenation from the CRCs of its pieces. A CRC with its register inverted before and after satisfies
 * crc(AB) = crc(A) * x^(8|B|) mod P + crc(B), with polynomials over GF(2) (M. Adler, crc32_combine of zlib). Polynomials
 * are reflected, as the CRCs are: the highest bit is x^0.
 */
enum CrcCombination {
    CRC32(0xEDB88320L, 32),
    CRC32C(0x82F63B78L, 32),
    CRC64NVME(0x9A6C9329AC4BC9B5L, 64);

    private final long polynomial;
    private final long one;

    CrcCombination(long polynomial, int width) {
        this.polynomial = polynomial;
        this.one = 1L << (width - 1);
    }

    long combine(long first, long second, long secondLengthBytes) {
        return product(power(secondLengthBytes), first) ^ second;
    }

    /** x^(8n) mod P, by squaring. */
    private long power(long n) {
        long square = one >>> 8;
        long power = one;
        for (long left = n; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                power = product(square, power);
            }
            square = product(square, square);
        }
        return power;
    }

    /** a * b mod P. */
    private long product(long a, long b) {
        long product = 0;
        long shifted = b;
        for (long term = one; term != 0; term >>>= 1) {
            if ((a & term) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) != 0 ? (shifted >>> 1) ^ polynomial : shifted >>> 1;
        }
        return product;
    }
}
