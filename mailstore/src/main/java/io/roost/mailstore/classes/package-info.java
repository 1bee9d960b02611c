/**
 * What runs at the primary over the locator of an account: append, store, expunge, copy, move, select, changes, folders.
 * UID and MODSEQ are given inside, so that the order of UIDs is the order of commits and of what is seen; counts, quota and
 * the change log are of the same transaction as the message.
 *
 * <p>Pure, as all object classes. A method that would exceed a bound does a part and answers where to go on.
 *
 * <p>Arrows: {@code mailbox}, {@code objectstore.layout}.
 */
package io.roost.mailstore.classes;
