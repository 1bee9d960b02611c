package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;

/**
 * An object in a listing.
 *
 * @param key the key
 * @param lastModifiedMillis milliseconds since 1970
 * @param etag without quotes
 * @param sizeBytes at least 0
 * @param storageClass such as STANDARD
 * @param checksumAlgorithm such as CRC32, empty for none
 * @param checksumType COMPOSITE or FULL_OBJECT, empty for none
 */
public record ListedObject(
        Bytes key,
        long lastModifiedMillis,
        String etag,
        long sizeBytes,
        String storageClass,
        String checksumAlgorithm,
        String checksumType) {}
