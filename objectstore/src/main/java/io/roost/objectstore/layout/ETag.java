package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * An object's ETag: the MD5 of a plain PUT, or the MD5 of the parts' MD5s with their number.
 *
 * @param md5 16 bytes
 * @param partCount 0 for a plain PUT, else 1 to 10,000
 */
public record ETag(Bytes md5, int partCount) {
    /** Length of {@link #md5}. */
    public static final int MD5_BYTES = 16;

    /** The ETag of what has none: a delete marker. */
    public static final ETag NONE = new ETag(Bytes.wrap(new byte[MD5_BYTES]), 0);

    /** Checks the ranges above. */
    public ETag {
        Objects.requireNonNull(md5, "md5");
        if (md5.length() != MD5_BYTES || partCount < 0 || partCount > PartPage.MAX_PART_NUMBER) {
            throw new IllegalArgumentException("ETag of " + md5.length() + " bytes and " + partCount + " parts");
        }
    }

    /** The ETag of a plain PUT. */
    public static ETag ofMd5(byte[] md5) {
        return new ETag(Bytes.wrap(md5), 0);
    }

    /** As the API writes it, without quotes: {@code 32 hex digits} or {@code 32 hex digits-parts}. */
    public String text() {
        return partCount == 0 ? md5.hex() : md5.hex() + "-" + partCount;
    }

    /** True when a client's text (without quotes) names this ETag; hex digits may be of either case. */
    public boolean matches(String text) {
        return text().equalsIgnoreCase(text);
    }

    /** Writes md5 (16 bytes), part count (varint). */
    public void encode(ByteWriter out) {
        out.raw(md5).varint(partCount);
    }

    /** Reads what {@link #encode} writes. */
    public static ETag decode(ByteReader in) {
        return new ETag(in.raw(MD5_BYTES), in.count(PartPage.MAX_PART_NUMBER));
    }
}
