package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

/**
 * A condition of SEARCH (RFC 9051 6.4.4). Strings are bytes in the charset of the command. Keys that RFC 9051 defines by
 * others are given as those: UNSEEN is {@code Not(HasFlag(\Seen))}.
 */
public sealed interface SearchKey {
    /** Keys without parameters. */
    enum Simple implements SearchKey {
        /** Every message. */
        ALL,
        /** Has \Recent (RFC 3501). */
        RECENT,
        /** The mailbox knows save dates (RFC 8514). */
        SAVEDATESUPPORTED
    }

    /**
     * All of them.
     *
     * @param keys at least one
     */
    record And(List<SearchKey> keys) implements SearchKey {
        /** Copies the list. */
        public And {
            keys = List.copyOf(keys);
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("no keys");
            }
        }
    }

    /**
     * One of two.
     *
     * @param one a key
     * @param other another
     */
    record Or(SearchKey one, SearchKey other) implements SearchKey {}

    /**
     * The contrary.
     *
     * @param key a key
     */
    record Not(SearchKey key) implements SearchKey {}

    /**
     * Has a flag or keyword.
     *
     * @param flag which
     */
    record HasFlag(Flag flag) implements SearchKey {}

    /**
     * Is one of these messages.
     *
     * @param numbering of what the numbers are
     * @param set which
     */
    record InSet(Numbering numbering, MessageSet set) implements SearchKey {
        /** Checks that nothing is null. */
        public InSet {
            Objects.requireNonNull(numbering, "numbering");
            Objects.requireNonNull(set, "set");
        }
    }

    /** Where a string is looked for. */
    enum Place {
        /** The Bcc field. */
        BCC,
        /** The body. */
        BODY,
        /** The Cc field. */
        CC,
        /** The From field. */
        FROM,
        /** The Subject field. */
        SUBJECT,
        /** Header or body. */
        TEXT,
        /** The To field. */
        TO
    }

    /**
     * Contains a string.
     *
     * @param place where
     * @param string what
     */
    record Contains(Place place, Bytes string) implements SearchKey {}

    /**
     * A header field contains a string.
     *
     * @param field the field's name
     * @param string what, empty for "has the field"
     */
    record Header(String field, Bytes string) implements SearchKey {}

    /** Which date of a message is compared. */
    enum DateOf {
        /** When it came to the server. */
        INTERNAL,
        /** The Date field, its time and zone not looked at. */
        SENT,
        /** When it came to the mailbox (RFC 8514). */
        SAVED
    }

    /** How dates are compared. */
    enum DateIs {
        /** Earlier than the day. */
        BEFORE,
        /** On the day. */
        ON,
        /** On the day or later. */
        SINCE
    }

    /**
     * A date compared with a day.
     *
     * @param of which date
     * @param is how
     * @param day with what
     */
    record Date(DateOf of, DateIs is, LocalDate day) implements SearchKey {}

    /**
     * Is larger than a number of octets.
     *
     * @param sizeBytes the number
     */
    record Larger(long sizeBytes) implements SearchKey {}

    /**
     * Is smaller than a number of octets.
     *
     * @param sizeBytes the number
     */
    record Smaller(long sizeBytes) implements SearchKey {}

    /**
     * Came to the server within the last seconds (RFC 5032).
     *
     * @param seconds at least 1
     */
    record Younger(long seconds) implements SearchKey {}

    /**
     * Came to the server before that (RFC 5032).
     *
     * @param seconds at least 1
     */
    record Older(long seconds) implements SearchKey {}

    /**
     * Was changed with a MODSEQ of at least this one (RFC 7162 3.1.5). The entry that a client may name is not kept: Roost
     * has one MODSEQ for a message, as the RFC allows.
     *
     * @param modSeq at least 0
     */
    record ModSeq(long modSeq) implements SearchKey {}

    /**
     * Has this content (RFC 8474).
     *
     * @param id an object id
     */
    record EmailId(String id) implements SearchKey {}

    /**
     * Is of this conversation (RFC 8474).
     *
     * @param id an object id
     */
    record ThreadId(String id) implements SearchKey {}
}
