package io.roost.cluster.object;

/**
 * The version of an entry and of a placement group's log entry (Ceph's eversion_t): the map epoch of the interval that
 * made it, and a number that grows by one with every transaction of the placement group.
 *
 * @param epoch map epoch, unsigned order
 * @param version number within the placement group, 1 for its first transaction
 */
public record ObjectVersion(int epoch, long version) implements Comparable<ObjectVersion> {
    /** Before every version: the prior version of an entry that did not exist. */
    public static final ObjectVersion NONE = new ObjectVersion(0, 0);

    @Override
    public int compareTo(ObjectVersion other) {
        int order = Integer.compareUnsigned(epoch, other.epoch);
        return order != 0 ? order : Long.compareUnsigned(version, other.version);
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(epoch) + "'" + Long.toUnsignedString(version);
    }
}
