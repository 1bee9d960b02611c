/**
 * Placement as a pure function: which devices hold an input value, given a map of buckets, devices and rules. Results
 * are those of Ceph's CRUSH bit for bit (Weil et al., "CRUSH: Controlled, Scalable, Decentralized Placement of
 * Replicated Data", SC'06), and so is the text form of a map. Depends on {@code object} only for byte strings.
 */
package io.roost.cluster.crush;
