package io.roost.cluster.store;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;

/**
 * Something a verification found wrong.
 *
 * @param kind what is wrong
 * @param entry what it is wrong with; null when it is no entry's, or nobody knows whose
 * @param subject what it is wrong with: an entry ({@code pool:locator / name}), a row, a file
 * @param detail for an administrator
 */
public record StoreFinding(Kind kind, KeyLayout.EntryKey entry, String subject, String detail) {
    /** Something wrong with what is no entry's. */
    static StoreFinding of(Kind kind, String subject, String detail) {
        return new StoreFinding(kind, null, subject, detail);
    }

    /** Something wrong with a row of entries ({@link Family#CATALOGUE}, {@link Family#WORK} or {@link Family#DATA}). */
    static StoreFinding of(Kind kind, Family family, Bytes key, String detail) {
        try {
            KeyLayout.EntryKey entry = KeyLayout.parse(family == Family.DATA ? key.slice(1, key.length()) : key);
            return new StoreFinding(kind, entry, entry.locator() + " / " + entry.name(), detail);
        } catch (MalformedBytesException e) {
            return of(kind, "row " + key.hex() + " of " + family, detail);
        }
    }

    /** What can be wrong. */
    public enum Kind {
        /** What the disk gives back is not what was written. */
        DAMAGED,
        /** An entry's value or body has no row, or a row of another length. */
        MISSING,
        /** A row of a value or body that no entry has. */
        ORPHANED,
        /** Two bodies in the same place, a body in free space or behind the end of its file. */
        OVERLAPPING,
        /** Space that is neither free nor any body's. */
        LEAKED,
        /** A gap in a placement group's log. */
        BROKEN_LOG
    }
}
