/**
 * The distributed object store after Ceph's design: monitors, maps, placement, placement groups, local store, client.
 * Knows nothing of S3 or mail; one package per concept, listed in the module's README.
 */
package io.roost.cluster;
