package io.roost.mailstore.mailbox;

import java.util.Objects;

/**
 * A message of a folder with its UID.
 *
 * @param uid its UID
 * @param message its record
 */
public record NumberedMessage(long uid, MessageRecord message) {
    /** Checks that there is a record. */
    public NumberedMessage {
        Objects.requireNonNull(message, "message");
    }
}
