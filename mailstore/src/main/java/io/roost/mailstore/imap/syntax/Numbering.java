package io.roost.mailstore.imap.syntax;

/** What the numbers of a command or response are. */
public enum Numbering {
    /** Message sequence numbers: positions in the mailbox. */
    SEQUENCE,
    /** Unique identifiers: the command has the prefix UID. */
    UID
}
