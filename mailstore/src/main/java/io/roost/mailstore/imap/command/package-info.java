/**
 * The commands of IMAP, one class each, over {@link io.roost.mailstore.store.MailboxStore}. A command tells what it finds
 * through its {@link io.roost.mailstore.imap.command.UserSession} and ends with a
 * {@link io.roost.mailstore.imap.command.Done}.
 *
 * <p>Arrows: {@code imap.syntax}, {@code imap.session}, {@code mime}, {@code mailbox}, {@code search}, {@code store},
 * {@code account}.
 */
package io.roost.mailstore.imap.command;
