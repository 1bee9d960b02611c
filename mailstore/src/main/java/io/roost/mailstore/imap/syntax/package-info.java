/**
 * The grammar of IMAP (RFC 9051, RFC 3501 and extensions): bytes to commands, responses to bytes. Pure.
 *
 * <p>{@link io.roost.mailstore.imap.syntax.CommandReader} takes bytes as they arrive and gives commands and, apart from
 * them, the bytes of messages. A command's text is parsed from its start whenever a line of it is complete; where the
 * grammar comes to a literal that has not arrived, the parse ends and is run again with the literal. So the grammar alone
 * says where a literal may be and of what kind, and a literal that it has no place for is refused before it is sent.
 *
 * <p>Arrows: {@code mime}.
 */
package io.roost.mailstore.imap.syntax;
