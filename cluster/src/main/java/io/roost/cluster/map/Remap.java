package io.roost.cluster.map;

/**
 * One exception to placement: an OSD of a placement group is replaced by another.
 *
 * @param from the OSD that placement gives
 * @param to the OSD that takes its place
 */
public record Remap(int from, int to) {
    /** Checks that the OSDs differ. */
    public Remap {
        if (from < 0 || to < 0 || from == to) {
            throw new IllegalArgumentException("remap of osd." + from + " to osd." + to);
        }
    }
}
