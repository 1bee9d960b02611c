package io.roost.mailstore.imap.syntax;

/** What STATUS tells of a mailbox. */
public enum StatusItem {
    /** Number of messages. */
    MESSAGES,
    /** Messages not seen before (RFC 3501 only). */
    RECENT,
    /** What the next message's UID will be at least. */
    UIDNEXT,
    /** Validity of the UIDs. */
    UIDVALIDITY,
    /** Messages without \Seen. */
    UNSEEN,
    /** Messages with \Deleted. */
    DELETED,
    /** Octets of all messages (RFC 8438). */
    SIZE,
    /** Greatest MODSEQ (RFC 7162). */
    HIGHESTMODSEQ,
    /** Largest message that APPEND takes (RFC 7889). */
    APPENDLIMIT,
    /** The mailbox's id (RFC 8474). */
    MAILBOXID
}
