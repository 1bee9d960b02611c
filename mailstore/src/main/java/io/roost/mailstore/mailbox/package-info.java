/**
 * The model of a mailbox: accounts, folders, messages and their changes, as records and as rows of the locator in which an
 * account's bodies lie. {@link io.roost.mailstore.mailbox.MailRows} has the names of all rows. Pure.
 */
package io.roost.mailstore.mailbox;
