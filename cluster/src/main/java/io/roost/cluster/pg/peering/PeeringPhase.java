package io.roost.cluster.pg.peering;

/** Where the peering of a placement group stands on one OSD; the names are Ceph's. */
public enum PeeringPhase {
    /** The primary asks what everyone has. */
    GET_INFO,
    /** It waits for the log that counts. */
    GET_LOG,
    /** It finds out what the others lack. */
    GET_MISSING,
    /** It waits for the monitors to note that it is up. */
    WAIT_UP_THRU,
    /** It waits for others to act. */
    WAIT_ACTING_CHANGE,
    /** Nobody may serve before an OSD returns that may have taken writes. */
    DOWN,
    /** Nobody known has everything that was acknowledged. */
    INCOMPLETE,
    /** It waits for everyone to record the start. */
    ACTIVATING,
    /** It serves. */
    ACTIVE,
    /** Not the primary, and not told to take part. */
    STRAY,
    /** Takes the primary's changes. */
    REPLICA_ACTIVE
}
