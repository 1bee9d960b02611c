/**
 * The client library, after librados: {@code Rados} is a connection to a cluster, {@code IoContext} one pool of it.
 *
 * <p>Arrows: {@code object}, {@code map}, {@code message}, {@code net}.
 */
package io.roost.cluster.client;
