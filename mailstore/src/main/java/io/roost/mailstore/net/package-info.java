/**
 * Connections of clients, whatever they speak: accepted, kept in bounds, looked after, ended. What is said is the matter of
 * {@code imap}, {@code lmtp} and {@code dict}.
 *
 * <p>Arrows: none.
 */
package io.roost.mailstore.net;
