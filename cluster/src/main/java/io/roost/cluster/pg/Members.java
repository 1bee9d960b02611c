package io.roost.cluster.pg;

import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.ObjectVersion;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The other OSDs that take every change of a placement group in an interval, and what each of them has on disk. */
final class Members {
    private final Map<Integer, ObjectVersion> onDisk = new TreeMap<>();

    /**
     * Members that have the same log.
     *
     * @param osds without this OSD
     * @param head of that log
     */
    Members(Collection<Integer> osds, ObjectVersion head) {
        osds.forEach(osd -> onDisk.put(osd, head));
    }

    /** True when there is no other OSD. */
    boolean areNone() {
        return onDisk.isEmpty();
    }

    /** Sends a transaction to all. */
    void replicate(ReplicationMessage.Replicate message, PgEffects out) {
        onDisk.keySet().forEach(osd -> out.send(osd, message));
    }

    /** One has a transaction, and all before it, on disk. False when it is no member. */
    boolean onReplicated(int osd, ObjectVersion version) {
        ObjectVersion known = onDisk.get(osd);
        if (known != null && version.compareTo(known) > 0) {
            onDisk.put(osd, version);
        }
        return known != null;
    }

    /** What one has on disk, null when it is no member. */
    ObjectVersion onDisk(int osd) {
        return onDisk.get(osd);
    }

    /** What all have on disk, this OSD too. */
    ObjectVersion everywhere(ObjectVersion here) {
        ObjectVersion least = here;
        for (ObjectVersion version : onDisk.values()) {
            least = version.compareTo(least) < 0 ? version : least;
        }
        return least;
    }
}
