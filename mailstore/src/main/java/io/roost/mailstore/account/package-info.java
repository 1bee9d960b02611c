/**
 * Users of the mail store: who they are, whether a password is theirs. Blocks no event loop: hashes are computed on a few
 * threads of their own.
 *
 * <p>Arrows: {@code sasl}, {@code mailbox}, {@code classes}.
 */
package io.roost.mailstore.account;
