/**
 * LMTP (RFC 2033): {@link io.roost.mailstore.lmtp.LmtpSession} is the protocol, a pure machine; the server runs it on
 * Vert.x.
 *
 * <p>Arrows: {@code net}, {@code mime}, {@code mailbox}, {@code store}, {@code account}.
 */
package io.roost.mailstore.lmtp;
