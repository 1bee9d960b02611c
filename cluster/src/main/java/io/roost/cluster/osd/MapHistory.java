package io.roost.cluster.osd;

import io.roost.cluster.map.OsdMap;
import java.util.NavigableMap;

/** The maps that an OSD has, or can get without waiting. */
public interface MapHistory {
    /** The map of an epoch; null when it is gone, and then so are all older ones. */
    OsdMap at(int epoch);

    /** Epoch of the oldest map, 0 for none. */
    int oldestEpoch();

    /** Maps in memory; more may be added. */
    static MapHistory of(NavigableMap<Integer, OsdMap> maps) {
        return new MapHistory() {
            @Override
            public OsdMap at(int epoch) {
                return maps.get(epoch);
            }

            @Override
            public int oldestEpoch() {
                return maps.isEmpty() ? 0 : maps.firstKey();
            }
        };
    }
}
