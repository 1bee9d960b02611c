package io.roost.mailstore.imap.syntax;

/**
 * Ends a parse at a literal whose bytes have not arrived; the command is parsed again when they have. Control flow rather
 * than an error, so it has no stack trace.
 */
final class LiteralNeeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Literal literal;
    private final transient Command carrier;

    /**
     * A literal as announced.
     *
     * @param sizeBytes at least 0
     * @param isSynchronizing whether the client waits for a continuation
     * @param isBinary whether it is a literal8 (RFC 3516), which may hold NUL
     */
    record Literal(long sizeBytes, boolean isSynchronizing, boolean isBinary) {}

    private LiteralNeeded(Literal literal, Command carrier) {
        super("literal", null, false, false);
        this.literal = literal;
        this.carrier = carrier;
    }

    /** A literal that is an argument, kept in memory. */
    static LiteralNeeded argument(Literal literal) {
        return new LiteralNeeded(literal, null);
    }

    /** A literal that is a message, handed on as it arrives; the command is as far as it is known. */
    static LiteralNeeded message(Literal literal, Command carrier) {
        return new LiteralNeeded(literal, carrier);
    }

    Literal literal() {
        return literal;
    }

    /** The command whose last message this is, null for an argument. */
    Command carrier() {
        return carrier;
    }
}
