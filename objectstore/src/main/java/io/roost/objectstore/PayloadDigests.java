package io.roost.objectstore;

import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * What was computed over a payload that has been verified.
 *
 * @param md5 16 bytes, which a plain object's ETag shows in hex
 * @param checksumAlgorithm the additional checksum that the client asked for, such as CRC32; empty for none
 * @param checksum its value, empty for none
 */
public record PayloadDigests(Bytes md5, String checksumAlgorithm, Bytes checksum) {
    /** Checks that nothing is null. */
    public PayloadDigests {
        Objects.requireNonNull(md5, "md5");
        Objects.requireNonNull(checksumAlgorithm, "checksumAlgorithm");
        Objects.requireNonNull(checksum, "checksum");
    }
}
