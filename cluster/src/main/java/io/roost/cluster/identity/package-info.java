/**
 * Who a peer is: names of entities, the cluster's certificate authority, certificates of nodes, join tokens. Time and random
 * bytes come in; what is kept in files is somebody else's business.
 *
 * <p>Arrows: {@code object}, {@code map}.
 */
package io.roost.cluster.identity;
