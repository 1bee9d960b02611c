package io.roost.cluster.store;

/**
 * Something a verification found wrong.
 *
 * @param kind what is wrong
 * @param subject what it is wrong with: an entry ({@code pool:locator / name}), a row, a file
 * @param detail for an administrator
 */
public record StoreFinding(Kind kind, String subject, String detail) {
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
