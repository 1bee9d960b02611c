package io.roost.mailstore.mailbox;

import io.roost.cluster.object.Bytes;

/**
 * An account's id: never changes, never given twice.
 *
 * @param bytes 16 bytes
 */
public record AccountId(Bytes bytes) {
    /** Checks the length. */
    public AccountId {
        IdText.check(bytes);
    }

    /** The account of 32 hex digits, with or without hyphens. */
    public static AccountId parse(String text) {
        return new AccountId(IdText.parse(text));
    }

    /** The prefix of the keys of its bodies, without the slash. */
    public String text() {
        return IdText.of(bytes);
    }

    @Override
    public String toString() {
        return text();
    }
}
