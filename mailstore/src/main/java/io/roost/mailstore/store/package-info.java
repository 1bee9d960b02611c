/**
 * Mailboxes on the cluster: {@link io.roost.mailstore.store.MailboxStore} calls the object classes of an account's locator,
 * as often as their bounds make necessary. Takes the cluster, the clock and the random source as parameters.
 *
 * <p>Arrows: {@code mime}, {@code mailbox}, {@code classes}, {@code account}.
 */
package io.roost.mailstore.store;
