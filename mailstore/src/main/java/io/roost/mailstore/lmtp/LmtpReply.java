package io.roost.mailstore.lmtp;

/** What the server answers, with the literal code and enhanced status (RFC 5321, RFC 3463). */
public enum LmtpReply {
    /** Accepted and on the disk of every acting replica. */
    DELIVERED(250, "2.0.0", "Delivered"),
    /** The sender is taken. */
    SENDER_OK(250, "2.1.0", "OK"),
    /** The recipient is taken. */
    RECIPIENT_OK(250, "2.1.5", "OK"),
    /** Done. */
    OK(250, "2.0.0", "OK"),
    /** A chunk is taken. */
    CHUNK_OK(250, "2.0.0", "OK"),
    /** End of the connection. */
    BYE(221, "2.0.0", "Bye"),
    /** TLS may begin. */
    TLS_READY(220, "2.0.0", "Ready to start TLS"),
    /** Addresses are not verified (RFC 5321 3.5.3). */
    NOT_VERIFIED(252, "2.1.5", "Try RCPT"),
    /** The message may come. */
    GO_AHEAD(354, "", "End data with <CR><LF>.<CR><LF>"),
    /** The server ends. */
    SHUTTING_DOWN(421, "4.3.2", "Shutting down"),
    /** The client has sent nothing for too long. */
    TIMED_OUT(421, "4.4.2", "Timed out"),
    /** Too many commands in error. */
    TOO_MANY_ERRORS(421, "4.7.0", "Too many errors"),
    /** It may work later. */
    TEMPORARY_FAILURE(451, "4.3.0", "Temporary failure"),
    /** Whether it was delivered is not known. */
    OUTCOME_UNKNOWN(451, "4.4.0", "Outcome not known, try again"),
    /** The store is full. */
    STORE_FULL(452, "4.3.1", "Insufficient system storage"),
    /** The mailbox is full, for now. */
    OVER_QUOTA_FOR_NOW(452, "4.2.2", "Mailbox is full"),
    /** More recipients than one message may have. */
    TOO_MANY_RECIPIENTS(452, "4.5.3", "Too many recipients"),
    /** TLS cannot begin. */
    TLS_UNAVAILABLE(454, "4.7.0", "TLS not available"),
    /** Not a command. */
    UNKNOWN_COMMAND(500, "5.5.1", "Unknown command"),
    /** A line beyond the limit. */
    LINE_TOO_LONG(500, "5.5.6", "Line too long"),
    /** EHLO and HELO must not be answered otherwise (RFC 2033 4.1). */
    NOT_SMTP(500, "5.5.1", "This is LMTP, use LHLO"),
    /** The argument is not of the grammar. */
    SYNTAX_ERROR(501, "5.5.4", "Syntax error in parameters"),
    /** The sender is not of the grammar. */
    BAD_SENDER(501, "5.1.7", "Syntax error in sender address"),
    /** The recipient is not of the grammar. */
    BAD_RECIPIENT(501, "5.1.3", "Syntax error in recipient address"),
    /** Not in this state. */
    BAD_SEQUENCE(503, "5.5.1", "Bad sequence of commands"),
    /** DATA or BDAT with no recipient taken (RFC 2033 4.2). */
    NO_RECIPIENTS(503, "5.5.1", "No valid recipients"),
    /** There is no such user. */
    NO_SUCH_USER(550, "5.1.1", "No such user here"),
    /** The user gets no mail. */
    USER_DISABLED(550, "5.2.1", "Mailbox disabled"),
    /** The client may not say who its client is. */
    NOT_TRUSTED(550, "5.7.1", "Not allowed from here"),
    /** The mailbox is full. */
    OVER_QUOTA(552, "5.2.2", "Mailbox is full"),
    /** The message is larger than the limit. */
    TOO_BIG(552, "5.3.4", "Message is too big"),
    /** An address beyond ASCII without SMTPUTF8 (RFC 6531 3.5). */
    NEEDS_SMTPUTF8(553, "5.6.7", "Address needs SMTPUTF8"),
    /** A parameter that was not offered (RFC 5321 4.1.1.11). */
    UNKNOWN_PARAMETER(555, "5.5.4", "Unsupported parameter");

    private final int code;
    private final String status;
    private final String text;

    LmtpReply(int code, String status, String text) {
        this.code = code;
        this.status = status;
        this.text = text;
    }

    /** The reply code. */
    public int code() {
        return code;
    }

    /** True for codes of 2xx and 3xx. */
    public boolean isPositive() {
        return code < 400;
    }

    /** The line without its end. */
    public String line() {
        return status.isEmpty() ? code + " " + text : code + " " + status + " " + text;
    }

    /** The line with a name in it, such as the recipient's. */
    String line(String name) {
        return code + " " + status + " <" + name + "> " + text;
    }
}
