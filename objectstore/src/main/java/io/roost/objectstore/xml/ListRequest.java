package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;

/**
 * What a listing was asked for, as its document repeats it.
 *
 * @param bucket the bucket's name
 * @param prefix only keys that begin with it
 * @param delimiter groups keys up to its first occurrence after the prefix, empty for none
 * @param startAfter v1's marker, v2's start-after; empty for none
 * @param maxKeys the most keys and prefixes of a page
 * @param encoding how keys are written
 */
public record ListRequest(
        String bucket, Bytes prefix, Bytes delimiter, Bytes startAfter, int maxKeys, Encoding encoding) {
    /** How a document writes keys and what is like them. */
    public enum Encoding {
        /** As they are. */
        PLAIN,
        /** Percent-encoded. */
        URL
    }
}
