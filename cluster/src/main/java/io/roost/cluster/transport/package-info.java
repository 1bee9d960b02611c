/**
 * Sessions between entities: within this process by reference, between processes over the messenger.
 *
 * <p>Arrows: {@code object}, {@code map}, {@code message}, {@code wire}, {@code identity}, {@code net}, {@code net.handshake}.
 */
package io.roost.cluster.transport;
