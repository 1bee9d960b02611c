/**
 * What the cluster agrees on, one immutable value per epoch: pools, placement groups, OSDs and their states, monitors,
 * cluster-wide settings; and where a locator's placement group is. Pure.
 *
 * <p>Arrows: {@code crush}, {@code object}.
 */
package io.roost.cluster.map;
