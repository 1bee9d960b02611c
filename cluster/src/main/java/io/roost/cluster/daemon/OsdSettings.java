package io.roost.cluster.daemon;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.OsdSetting;
import io.roost.cluster.pg.ScrubTimes;

/**
 * What a running OSD follows of the cluster's configuration.
 *
 * @param maxBackfills so many placement groups are recovered or filled at a time from it, and as many to it
 * @param scrubTimes when copies are compared
 */
record OsdSettings(int maxBackfills, ScrubTimes scrubTimes) {
    static final OsdSettings DEFAULT = new OsdSettings((int) OsdSetting.MAX_BACKFILLS.fallback(), ScrubTimes.DEFAULT);

    /**
     * What a configuration says for an OSD.
     *
     * @throws IllegalArgumentException when a setting is none
     */
    static OsdSettings in(ClusterConfig config, int osd) {
        return new OsdSettings((int) OsdSetting.MAX_BACKFILLS.in(config, osd), ScrubTimes.in(config, osd));
    }
}
