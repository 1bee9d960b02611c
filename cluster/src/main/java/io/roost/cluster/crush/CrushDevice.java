package io.roost.cluster.crush;

import java.util.Objects;

/**
 * A leaf of the hierarchy: an OSD.
 *
 * @param id the OSD's id, {@code [0, MAX_ID]}
 * @param name as {@code osd.0}
 * @param deviceClass as {@code ssd}; empty when it has none
 */
public record CrushDevice(int id, String name, String deviceClass) {
    /** Highest id: arrays are indexed by it. */
    public static final int MAX_ID = 99_999;

    /** Checks the ranges above. */
    public CrushDevice {
        CrushMap.checkName(name);
        Objects.requireNonNull(deviceClass, "deviceClass");
        if (!deviceClass.isEmpty()) {
            CrushMap.checkName(deviceClass);
        }
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException("device id " + id + " is not in 0 to " + MAX_ID);
        }
    }
}
