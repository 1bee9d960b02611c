/**
 * How the OSDs of a placement group agree, at the beginning of every interval, on who serves it and on its log: Ceph's
 * peering, after Weil et al., "RADOS: a scalable, reliable storage service for petabyte-scale storage clusters" (2007)
 * and what Ceph has learnt since. Pure.
 *
 * <p>Arrows: pg.log, map, message, object, machine.
 */
package io.roost.cluster.pg.peering;
