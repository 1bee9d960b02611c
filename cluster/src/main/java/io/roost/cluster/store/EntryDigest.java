package io.roost.cluster.store;

import io.roost.cluster.object.ObjectVersion;

/**
 * What two copies of an entry on different OSDs have in common when they are the same, however each store keeps them.
 *
 * @param version of the entry
 * @param crc32c of its canonical encoding: version, attributes, value length varint, body length varint and 1 more, CRC32C
 *     u32 of each block of the body; and the value, when all was read
 * @param bytesRead of its body
 */
public record EntryDigest(ObjectVersion version, int crc32c, long bytesRead) {}
