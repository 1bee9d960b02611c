package io.roost.cluster.osd;

/** A process that is told when a connection has broken. */
interface HearsBreaks {
    /** What was said to a node, or by it, may be lost. */
    void onReset(String peer);
}
