package io.roost.mailstore.imap.syntax;

/** A command that the grammar does not know; its message is what the tagged BAD says. Without a stack trace: it is input. */
final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SyntaxException(String message) {
        super(message, null, false, false);
    }
}
