/**
 * The IMAP and LMTP mail store. Its mailboxes live in the locators of a mail bucket; see the module's README.
 *
 * <p>Arrows: {@code cluster.client}, {@code cluster.object}, {@code cluster.classes} and {@code objectstore.layout}.
 */
package io.roost.mailstore;
