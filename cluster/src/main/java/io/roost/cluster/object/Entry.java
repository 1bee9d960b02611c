package io.roost.cluster.object;

/**
 * The catalogue's part of an entry: what a range read returns. Value and body are read apart.
 *
 * @param version the transaction that last changed the entry
 * @param attributes the attribute block, at most {@value #MAX_ATTRIBUTES_BYTES} bytes
 * @param valueLength bytes of the value, 0 for none
 * @param bodyLength bytes of the body, {@value #NO_BODY} for none
 */
public record Entry(ObjectVersion version, Bytes attributes, int valueLength, long bodyLength) {
    /** The {@link #bodyLength} of an entry without a body. */
    public static final long NO_BODY = -1;

    /** Largest attribute block: list attributes take at most 256 bytes as a rule, the rest is for small rows. */
    public static final int MAX_ATTRIBUTES_BYTES = 64 * 1024;

    /** Largest value: S3 metadata is limited to 2 KiB, a manifest of 10,000 parts needs less than this. */
    public static final int MAX_VALUE_BYTES = 1024 * 1024;

    /** Largest name: an S3 key of 1024 bytes, all of them escaped, with kind, terminator and sequence. */
    public static final int MAX_NAME_BYTES = 2560;

    /** True when the entry has a body, possibly of 0 bytes. */
    public boolean hasBody() {
        return bodyLength != NO_BODY;
    }
}
