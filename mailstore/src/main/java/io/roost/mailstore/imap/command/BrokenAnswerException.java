package io.roost.mailstore.imap.command;

/** A literal has been announced that cannot be sent: all that can be done is to end the connection (RFC 9051 4.3). */
public final class BrokenAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenAnswerException(Throwable cause) {
        super("an answer cannot be ended", cause);
    }
}
