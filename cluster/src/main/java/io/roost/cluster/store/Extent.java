package io.roost.cluster.store;

/**
 * A piece of a data file.
 *
 * @param file number of the file
 * @param offset of its first byte, a multiple of {@value #UNIT_BYTES}
 * @param length in bytes, a multiple of {@value #UNIT_BYTES}, greater than 0
 */
record Extent(int file, long offset, long length) {
    /** Unit of allocation: a page, so that no write has to read the rest of one first. */
    static final int UNIT_BYTES = 4096;

    Extent {
        if (file < 0 || offset < 0 || length <= 0 || offset % UNIT_BYTES != 0 || length % UNIT_BYTES != 0) {
            throw new IllegalArgumentException("extent " + file + ":" + offset + "+" + length);
        }
    }

    /** First byte behind it. */
    long end() {
        return offset + length;
    }

    /** A length rounded up to whole units. */
    static long roundUp(long bytes) {
        return (bytes + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
    }

    /** A length rounded down to whole units. */
    static long roundDown(long bytes) {
        return bytes / UNIT_BYTES * UNIT_BYTES;
    }

    @Override
    public String toString() {
        return file + ":" + offset + "+" + length;
    }
}
