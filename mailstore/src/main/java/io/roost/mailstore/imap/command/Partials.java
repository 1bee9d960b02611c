package io.roost.mailstore.imap.command;

import io.roost.mailstore.imap.session.MessageNumbers;
import io.roost.mailstore.imap.syntax.PartialRange;
import io.roost.mailstore.mailbox.UidSet;

/** Parts of results (RFC 9394). */
final class Partials {
    private Partials() {}

    /**
     * Positions in a result: [begin, end), counted from 0.
     *
     * @param begin at most the end
     * @param end at most the length of the result
     */
    record Positions(long begin, long end) {}

    /** The positions that a range names in a result, counted from its begin or, with negative numbers, from its end. */
    static Positions positions(long count, PartialRange range) {
        long first = range.first() > 0 ? range.first() : count + 1 + range.last();
        long last = range.first() > 0 ? range.last() : count + 1 + range.first();
        long end = Math.max(0, Math.min(count, last));
        return new Positions(Math.min(end, Math.max(1, first) - 1), end);
    }

    /** The UIDs of a range; null for all. */
    static UidSet of(UidSet uids, PartialRange range) {
        if (range == null) {
            return uids;
        }
        MessageNumbers numbers = new MessageNumbers(uids);
        Positions positions = positions(numbers.count(), range);
        UidSet.Builder part = new UidSet.Builder();
        for (long at = positions.begin; at < positions.end; at++) {
            part.add(numbers.uidOf(at + 1));
        }
        return part.build();
    }
}
