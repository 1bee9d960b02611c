package io.roost.mailstore.imap.syntax;

/** How names of mailboxes are written, and whether quoted strings may hold UTF-8. */
public enum Dialect {
    /** RFC 3501: names in modified UTF-7, quoted strings in ASCII. Every connection begins with it. */
    REV1,
    /** RFC 9051 after ENABLE IMAP4rev2: names and quoted strings in UTF-8. */
    REV2
}
