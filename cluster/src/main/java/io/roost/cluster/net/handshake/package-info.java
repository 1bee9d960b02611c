/**
 * What two nodes say to each other before a connection carries messages, as pure machines: who dials, who listens, who wants
 * a certificate.
 *
 * <p>Arrows: {@code object}, {@code identity}.
 */
package io.roost.cluster.net.handshake;
