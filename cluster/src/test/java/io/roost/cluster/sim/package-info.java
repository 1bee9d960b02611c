/**
 * The deterministic simulator, and models of the edges of a node for other tests: virtual time, nodes with clocks that
 * drift and disks that lose what was not synced, a network that breaks, plans of faults, checks after every event.
 * Everything random comes from a seed. {@code docs/simulation.md} says how to use it.
 */
package io.roost.cluster.sim;
