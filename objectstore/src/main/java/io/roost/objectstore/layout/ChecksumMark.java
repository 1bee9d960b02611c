package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import java.util.List;
import java.util.Objects;

/**
 * Which additional checksum an object or an upload has. The value itself is in {@link ObjectMetadata}.
 *
 * @param algorithm the name in the S3 API: CRC32, CRC32C, SHA1, SHA256, CRC64NVME; empty for none
 * @param type full object or composite; {@link ChecksumType#FULL_OBJECT} for none
 */
public record ChecksumMark(String algorithm, ChecksumType type) {
    /** Longest value: SHA-256. */
    public static final int MAX_VALUE_BYTES = 32;

    private static final List<String> NAMES = List.of("", "CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME");

    /** No additional checksum. */
    public static final ChecksumMark NONE = new ChecksumMark("", ChecksumType.FULL_OBJECT);

    /** Checks that the algorithm is known. */
    public ChecksumMark {
        Objects.requireNonNull(type, "type");
        if (!NAMES.contains(algorithm)) {
            throw new IllegalArgumentException("checksum algorithm " + algorithm);
        }
    }

    /** True when there is no checksum. */
    public boolean isNone() {
        return algorithm.isEmpty();
    }

    /** Writes one byte: number of the algorithm × 2, plus 1 for composite. */
    public void encode(ByteWriter out) {
        out.u8(NAMES.indexOf(algorithm) << 1 | type.code());
    }

    /** Reads what {@link #encode} writes. */
    public static ChecksumMark decode(ByteReader in) {
        int code = in.u8();
        if (code == 0) {
            return NONE;
        }
        if (code >> 1 >= NAMES.size()) {
            throw new MalformedBytesException("checksum algorithm " + (code >> 1));
        }
        return new ChecksumMark(NAMES.get(code >> 1), ChecksumType.ofCode(code & 1));
    }
}
