/**
 * Who is logging in: SASL mechanisms as machines (RFC 4422), and stored secrets. Pure: nonces and salts are given by the
 * caller, and what needs time (password hashes) is a method that the caller runs where it may take time.
 */
package io.roost.mailstore.sasl;
