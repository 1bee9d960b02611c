/**
 * Models of the edges of a node for tests and the deterministic simulator: a disk with a volatile part, and the ports on
 * top of it. Everything random comes from a seeded source.
 */
package io.roost.cluster.sim;
