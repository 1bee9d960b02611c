/**
 * The gateway in a simulator: the real operations and workers on the real client, placement groups and store, over a
 * simulated disk and network, in one thread with virtual time. A seed decides everything: the workload, the order of what
 * happens, and the power losses. {@code S3Simulation} is a run, {@code S3SimulationTest} what must hold in all of them.
 */
package io.roost.objectstore.sim;
