package io.roost.mailstore.imap.syntax;

/**
 * Bounds of what a connection may send.
 *
 * @param commandBytes text and literals of one command, messages apart; 64 KiB hold a set of about 8,000 scattered UIDs,
 *     and Dovecot's clients are used to that number
 * @param messageBytes a message of APPEND or REPLACE; what APPENDLIMIT says (RFC 7889)
 * @param skippedBytes of a non-synchronizing literal that is refused and still read (RFC 7888 section 4); beyond it the
 *     connection is ended
 */
public record ImapLimits(int commandBytes, long messageBytes, long skippedBytes) {
    /** For a connection that nobody has logged in on: a user name, a password, an ID of Dovecot's. */
    public static final ImapLimits BEFORE_LOGIN = new ImapLimits(16 * 1024, 0, 64 * 1024);

    /** For a user's connection. */
    public static final ImapLimits AFTER_LOGIN = new ImapLimits(64 * 1024, 128L * 1024 * 1024, 256L * 1024 * 1024);

    /** Longest tag: clients use a few characters, RFC 9051 has no bound. */
    public static final int MAX_TAG_BYTES = 64;

    /** Literals of one command, messages apart: each costs a parse of the text before it. */
    public static final int MAX_LITERALS = 256;

    /** Messages of one APPEND (RFC 3502): each costs a parse of the text before it. */
    public static final int MAX_MESSAGES = 256;

    /** Keys of one search. */
    public static final int MAX_SEARCH_KEYS = 1_000;

    /** How deep NOT, OR and parentheses nest: a client writes "any of 200 words" as 199 nested ORs. */
    public static final int MAX_SEARCH_DEPTH = 256;

    /** Numbers in the path of a body part: {@code 1.2.3}. */
    public static final int MAX_PART_DEPTH = 100;

    /** Pairs of ID (RFC 2971 section 3.3). */
    public static final int MAX_ID_FIELDS = 30;

    /** Longest value of an ID field (RFC 2971 section 3.3). */
    public static final int MAX_ID_VALUE_BYTES = 1024;

    /** Checks the ranges. */
    public ImapLimits {
        if (commandBytes < 1 || messageBytes < 0 || skippedBytes < 0) {
            throw new IllegalArgumentException("a limit below zero");
        }
    }
}
