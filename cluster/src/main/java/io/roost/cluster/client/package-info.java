/**
 * The client library, after librados: {@code Rados} is a connection to a cluster, {@code IoContext} one pool of it; {@code MonClient}
 * keeps daemons and clients in touch with the monitors.
 *
 * <p>Arrows: {@code object}, {@code map}, {@code message}, {@code wire}.
 */
package io.roost.cluster.client;
