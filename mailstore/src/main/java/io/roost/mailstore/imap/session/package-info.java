/**
 * The states of an IMAP connection (RFC 9051 3), pure: ImapSession decides what a
 * client may say and in what order it is answered; {@link io.roost.mailstore.imap.session.SelectedMailbox} is what the
 * client knows of the mailbox that it has open.
 *
 * <p>Arrows: {@code imap.syntax}, {@code sasl}, {@code mailbox}.
 */
package io.roost.mailstore.imap.session;
