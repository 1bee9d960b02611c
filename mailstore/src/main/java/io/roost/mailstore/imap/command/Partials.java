package io.roost.mailstore.imap.command;

import io.roost.mailstore.imap.session.MessageNumbers;
import io.roost.mailstore.imap.syntax.PartialRange;
import io.roost.mailstore.mailbox.UidSet;

/** Parts of results (RFC 9394). */
final class Partials {
    private Partials() {}

    /** The UIDs from one position to another, counted from the first or, with negative numbers, from the last; null for all. */
    static UidSet of(UidSet uids, PartialRange range) {
        if (range == null) {
            return uids;
        }
        MessageNumbers positions = new MessageNumbers(uids);
        long count = positions.count();
        long first = range.first() > 0 ? range.first() : count + 1 + range.last();
        long last = range.first() > 0 ? range.last() : count + 1 + range.first();
        UidSet.Builder part = new UidSet.Builder();
        for (long at = Math.max(1, first); at <= Math.min(count, last); at++) {
            part.add(positions.uidOf(at));
        }
        return part.build();
    }
}
