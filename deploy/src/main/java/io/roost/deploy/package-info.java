/**
 * The {@code roost} command: {@link io.roost.deploy.Main} finds the command that is asked for; one class each. Commands
 * that ask a running node go through {@link io.roost.deploy.AdminClient}.
 *
 * <p>Arrows: everything.
 */
package io.roost.deploy;
