/**
 * The IMAP server on Vert.x: bytes of sockets to {@link io.roost.mailstore.imap.session.ImapSession}, and what that wants
 * done to users, mailboxes and sockets.
 *
 * <p>Arrows: {@code imap.*}, {@code net}, {@code sasl}, {@code mailbox}, {@code classes}, {@code store}, {@code account}.
 */
package io.roost.mailstore.imap;
