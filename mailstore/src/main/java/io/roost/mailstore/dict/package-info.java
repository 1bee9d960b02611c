/**
 * Dovecot's dict protocol, by which Dovecots without a disk of their own keep Sieve scripts, METADATA and last logins here:
 * {@link io.roost.mailstore.dict.DictSession} is the protocol, a pure machine; the server runs it on Vert.x.
 *
 * <p>Arrows: {@code net}, {@code mailbox}, {@code classes}, {@code store}, {@code account}.
 */
package io.roost.mailstore.dict;
