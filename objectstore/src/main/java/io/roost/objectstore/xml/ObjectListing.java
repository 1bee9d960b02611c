package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;
import java.util.List;

/**
 * A page of a listing of objects.
 *
 * @param objects in byte order of their keys
 * @param commonPrefixes in byte order
 * @param isTruncated whether more follows
 * @param next where the next page begins: the last key or common prefix of this one, empty when it is not truncated
 */
public record ObjectListing(List<ListedObject> objects, List<Bytes> commonPrefixes, boolean isTruncated, Bytes next) {
    /** Copies the lists. */
    public ObjectListing {
        objects = List.copyOf(objects);
        commonPrefixes = List.copyOf(commonPrefixes);
    }
}
