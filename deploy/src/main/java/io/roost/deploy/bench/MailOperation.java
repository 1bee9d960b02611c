package io.roost.deploy.bench;

/** What a mail server is measured at. */
public enum MailOperation {
    /** A message by LMTP. */
    DELIVER,
    /** A message by IMAP's APPEND. */
    APPEND,
    /** A body by UID FETCH. */
    FETCH,
    /** A flag by UID STORE. */
    STORE,
    /** A mailbox by SELECT. */
    SELECT,
    /** Of ten commands six FETCH, two STORE, one SELECT, one APPEND. */
    MIXED
}
