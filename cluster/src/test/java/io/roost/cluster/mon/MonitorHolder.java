package io.roost.cluster.mon;

/** A process that runs a monitor. */
public interface MonitorHolder {
    /** The monitor. */
    Monitor monitor();
}
