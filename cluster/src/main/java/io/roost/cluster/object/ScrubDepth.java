package io.roost.cluster.object;

/** How closely the copies of a placement group are compared. */
public enum ScrubDepth {
    /** What is recorded: names, versions, attributes, lengths, checksums of bodies. */
    SHALLOW,
    /** Also what is read: values, and bodies against their checksums. */
    DEEP
}
