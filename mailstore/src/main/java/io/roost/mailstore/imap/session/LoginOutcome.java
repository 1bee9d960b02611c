package io.roost.mailstore.imap.session;

import io.roost.mailstore.imap.syntax.ResponseCode;

/** How a login ended, with what the client is told (RFC 5530). */
public enum LoginOutcome {
    /** The user's mail is open. */
    OK(null, "Logged in"),
    /** Wrong name or password. */
    WRONG(ResponseCode.Word.AUTHENTICATIONFAILED, "Authentication failed"),
    /** Right password, but not allowed to act for the other user. */
    NOT_ALLOWED(ResponseCode.Word.AUTHORIZATIONFAILED, "Not allowed to act for this user"),
    /** It may work later. */
    UNAVAILABLE(ResponseCode.Word.UNAVAILABLE, "Temporary failure, try again later"),
    /** The user has as many connections as allowed. */
    TOO_MANY(ResponseCode.Word.LIMIT, "Too many connections");

    private final ResponseCode.Word code;
    private final String text;

    LoginOutcome(ResponseCode.Word code, String text) {
        this.code = code;
        this.text = text;
    }

    ResponseCode.Word code() {
        return code;
    }

    String text() {
        return text;
    }
}
