/**
 * Messages as RFC 5322 and MIME (RFC 2045 to 2047, 2231, 6532) describe them: where their parts are, what their headers
 * say, and their text. Pure; bytes are pushed in as they arrive, so that a message is understood while it is received.
 *
 * <p>Nothing here fails on a malformed message: what cannot be understood is text/plain, or is left out. Everything has a
 * bound ({@link io.roost.mailstore.mime.MimeLimits}).
 */
package io.roost.mailstore.mime;
