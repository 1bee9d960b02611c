/**
 * Mail of other stores in and out: Maildir and mbox, from and to files. Reading and writing them blocks; what is done with
 * them does not.
 *
 * <p>Arrows: {@code imap.syntax}, {@code mailbox}, {@code classes}, {@code store}.
 */
package io.roost.mailstore.transfer;
