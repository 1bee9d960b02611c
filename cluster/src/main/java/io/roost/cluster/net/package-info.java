/**
 * Bytes to peers and back, on Vert.x: connections between entities, mutual TLS, joining. It carries messages and does not
 * read them; what is lost with a connection is sent again by the machines above.
 *
 * <p>Arrows: {@code object}, {@code map}, {@code identity}, {@code wire}, {@code net.handshake}.
 */
package io.roost.cluster.net;
