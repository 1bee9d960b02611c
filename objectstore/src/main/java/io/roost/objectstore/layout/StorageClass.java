package io.roost.objectstore.layout;

import io.roost.cluster.object.MalformedBytesException;

/** Storage classes of the S3 API, accepted and echoed; all are stored alike. */
public enum StorageClass {
    /** The default. */
    STANDARD(0),
    /** REDUCED_REDUNDANCY. */
    REDUCED_REDUNDANCY(1),
    /** STANDARD_IA. */
    STANDARD_IA(2),
    /** ONEZONE_IA. */
    ONEZONE_IA(3),
    /** INTELLIGENT_TIERING. */
    INTELLIGENT_TIERING(4),
    /** GLACIER. */
    GLACIER(5),
    /** DEEP_ARCHIVE. */
    DEEP_ARCHIVE(6),
    /** OUTPOSTS. */
    OUTPOSTS(7),
    /** GLACIER_IR. */
    GLACIER_IR(8),
    /** SNOW. */
    SNOW(9),
    /** EXPRESS_ONEZONE. */
    EXPRESS_ONEZONE(10);

    private static final StorageClass[] VALUES = values();

    private final int code;

    StorageClass(int code) {
        this.code = code;
    }

    /** The number in rows and parameters. */
    public int code() {
        return code;
    }

    /** The class of a {@link #code}. */
    public static StorageClass ofCode(int code) {
        if (code >= VALUES.length) {
            throw new MalformedBytesException("storage class " + code);
        }
        return VALUES[code];
    }

    /** The class of its name in the S3 API, or null. */
    public static StorageClass ofName(String name) {
        for (StorageClass value : VALUES) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        return null;
    }
}
