package io.roost.cluster.object;

/** Which OSDs of a placement group may answer an operation (Ceph's flag LOCALIZE_READS). */
public enum ReadFrom {
    /** The primary alone, which knows what is acknowledged. */
    PRIMARY,
    /** Also a replica, but only with success: what it reads is written once, and never changes. */
    REPLICA
}
