package io.roost.cluster.map;

import java.util.List;

/**
 * Where a placement group is.
 *
 * @param up the OSDs that placement gives, without those that are down; a hole of an erasure-coded pool is
 *     {@link io.roost.cluster.crush.CrushMapper#NONE}
 * @param upPrimary first of them by affinity, {@link OsdMap#NO_OSD} for none
 * @param acting the OSDs that serve: up, or what stands in for it for a time
 * @param primary the OSD that orders requests, {@link OsdMap#NO_OSD} for none
 */
public record PgMapping(List<Integer> up, int upPrimary, List<Integer> acting, int primary) {
    /** A placement group that nobody serves. */
    static final PgMapping NOWHERE = new PgMapping(List.of(), OsdMap.NO_OSD, List.of(), OsdMap.NO_OSD);

    /** Copies the lists. */
    public PgMapping {
        up = List.copyOf(up);
        acting = List.copyOf(acting);
    }
}
