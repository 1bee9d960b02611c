package io.roost.cluster.osd;

import io.roost.cluster.map.OsdMap;

/** The maps that an OSD has, or can get without waiting. */
public interface MapHistory {
    /** The map of an epoch; null when it is gone, and then so are all older ones. */
    OsdMap at(int epoch);
}
