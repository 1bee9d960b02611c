package io.roost.objectstore.layout;

import io.roost.cluster.object.MalformedBytesException;

/** A bucket's versioning state (S3 PutBucketVersioning). It never returns to {@link #NEVER}. */
public enum Versioning {
    /** Never enabled: every key has at most one version, at sequence 0. */
    NEVER(0),
    /** Every PUT makes a version, every DELETE without a version id a delete marker. */
    ENABLED(1),
    /** A PUT or DELETE replaces the null version; other versions stay. */
    SUSPENDED(2);

    private static final Versioning[] VALUES = values();

    private final int code;

    Versioning(int code) {
        this.code = code;
    }

    /** The number in rows and parameters. */
    public int code() {
        return code;
    }

    /** The state of a {@link #code}. */
    public static Versioning ofCode(int code) {
        if (code >= VALUES.length) {
            throw new MalformedBytesException("versioning state " + code);
        }
        return VALUES[code];
    }
}
