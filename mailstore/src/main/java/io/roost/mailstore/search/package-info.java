/**
 * SEARCH over messages (RFC 9051 6.4.4): whether a message meets a condition, by as little of it as decides: its record, what
 * is known of its content, its bytes. Pure.
 *
 * <p>Arrows: {@code mime}, {@code mailbox}, {@code imap.syntax}.
 */
package io.roost.mailstore.search;
