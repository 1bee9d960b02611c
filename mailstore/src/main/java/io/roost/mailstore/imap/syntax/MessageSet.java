package io.roost.mailstore.imap.syntax;

/** Which messages a command is about: numbers, or the result that the last SEARCH saved. */
public sealed interface MessageSet permits SequenceSet, MessageSet.SavedResult {
    /** {@code $}: what SEARCH RETURN (SAVE) saved (RFC 5182). */
    enum SavedResult implements MessageSet {
        /** The only one. */
        SAVED
    }
}
