package io.roost.objectstore.layout;

import io.roost.cluster.object.MalformedBytesException;

/** How the checksum of an object relates to its bytes (S3 ChecksumType). */
public enum ChecksumType {
    /** Over all bytes of the object. */
    FULL_OBJECT(0),
    /** Over the checksums of the parts. */
    COMPOSITE(1);

    private static final ChecksumType[] VALUES = values();

    private final int code;

    ChecksumType(int code) {
        this.code = code;
    }

    /** The number in rows and parameters. */
    public int code() {
        return code;
    }

    /** The type of a {@link #code}. */
    public static ChecksumType ofCode(int code) {
        if (code >= VALUES.length) {
            throw new MalformedBytesException("checksum type " + code);
        }
        return VALUES[code];
    }
}
