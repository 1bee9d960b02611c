package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;

/**
 * What a client asks. Names of mailboxes are in Unicode, normalized (NFC), and INBOX is in upper case.
 * Components named "or null" are what the client may leave out.
 *
 * <p>Longer than a class should be: a family of records is read on one page, and none of them has code of its own.
 */
public sealed interface Command {
    /** Commands without parameters. */
    enum Simple implements Command {
        /** What the server can do. */
        CAPABILITY,
        /** Nothing; tell what is new. */
        NOOP,
        /** End of the connection. */
        LOGOUT,
        /** TLS from here on. */
        STARTTLS,
        /** Where mailboxes are. */
        NAMESPACE,
        /** Tell what is new until DONE. */
        IDLE,
        /** Remove deleted messages silently and leave the mailbox. */
        CLOSE,
        /** Leave the mailbox. */
        UNSELECT,
        /** Remove deleted messages. */
        EXPUNGE,
        /** Of RFC 3501; as NOOP. */
        CHECK,
        /** COMPRESS DEFLATE (RFC 4978). */
        COMPRESS
    }

    /**
     * Who the client is (RFC 2971).
     *
     * @param fields in order, empty for NIL
     */
    record Id(List<Field> fields) implements Command {
        /** Copies the list. */
        public Id {
            fields = List.copyOf(fields);
        }

        /**
         * A field.
         *
         * @param name its name
         * @param value its value, null for NIL
         */
        public record Field(String name, String value) {}
    }

    /**
     * Login with a SASL mechanism.
     *
     * @param mechanism in upper case
     * @param initialResponse decoded (RFC 4959), or null
     */
    record Authenticate(String mechanism, Bytes initialResponse) implements Command {}

    /**
     * Login with a password.
     *
     * @param user name
     * @param password in clear
     */
    record Login(String user, String password) implements Command {
        /** Without the password. */
        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

    /**
     * Switches extensions on (RFC 5161).
     *
     * @param capabilities in upper case, at least one
     */
    record Enable(List<String> capabilities) implements Command {
        /** Copies the list. */
        public Enable {
            capabilities = List.copyOf(capabilities);
        }
    }

    /** How a mailbox is opened. */
    enum Access {
        /** SELECT. */
        READ_WRITE,
        /** EXAMINE. */
        READ_ONLY
    }

    /** Whether MODSEQ is wanted (RFC 7162 3.1.8). */
    enum CondStore {
        /** Not by this command. */
        NO,
        /** By the parameter CONDSTORE. */
        YES
    }

    /**
     * Opens a mailbox.
     *
     * @param mailbox which
     * @param access how
     * @param condStore whether MODSEQ is wanted
     * @param qresync what the client knows of it, or null
     */
    record Select(String mailbox, Access access, CondStore condStore, QResync qresync) implements Command {}

    /**
     * What a client knows of a mailbox (RFC 7162 3.2.5).
     *
     * @param uidValidity 1 to 2^32 - 1
     * @param modSeq at least 1
     * @param knownUids the UIDs that it has, or null for all
     * @param match pairs of numbers and UIDs, or null
     */
    record QResync(long uidValidity, long modSeq, SequenceSet knownUids, SequenceMatch match) {
        /**
         * The n-th of one are the n-th of the other.
         *
         * @param numbers without {@code *}
         * @param uids without {@code *}
         */
        public record SequenceMatch(SequenceSet numbers, SequenceSet uids) {}
    }

    /**
     * Makes a mailbox.
     *
     * @param mailbox which; a delimiter at its end says that it is to hold others
     * @param specialUse attributes (RFC 6154), mostly none
     */
    record Create(String mailbox, List<String> specialUse) implements Command {
        /** Copies the list. */
        public Create {
            specialUse = List.copyOf(specialUse);
        }
    }

    /**
     * Removes a mailbox.
     *
     * @param mailbox which
     */
    record Delete(String mailbox) implements Command {}

    /**
     * Renames a mailbox.
     *
     * @param mailbox which
     * @param newName what it is called afterwards
     */
    record Rename(String mailbox, String newName) implements Command {}

    /**
     * Marks a name for LSUB.
     *
     * @param mailbox which
     */
    record Subscribe(String mailbox) implements Command {}

    /**
     * Unmarks a name.
     *
     * @param mailbox which
     */
    record Unsubscribe(String mailbox) implements Command {}

    /** Which mailboxes an extended LIST selects (RFC 5258). */
    enum ListSelection {
        /** Subscribed names. */
        SUBSCRIBED,
        /** Remote ones too. */
        REMOTE,
        /** Parents of matches that do not match themselves. */
        RECURSIVEMATCH,
        /** Those with a special use (RFC 6154). */
        SPECIAL_USE
    }

    /** What LIST tells of each (RFC 5258). */
    enum ListReturn {
        /** Whether it is subscribed. */
        SUBSCRIBED,
        /** Whether it has children. */
        CHILDREN,
        /** Its special use (RFC 6154). */
        SPECIAL_USE
    }

    /** Whether a LIST uses the extended syntax, and so is answered by its rules. */
    enum ListForm {
        /** {@code LIST reference pattern}. */
        BASIC,
        /** With selection or return options, or several patterns. */
        EXTENDED
    }

    /**
     * Lists mailboxes.
     *
     * @param form the syntax used
     * @param selection in order, mostly none
     * @param reference prefix of relative names
     * @param patterns at least one
     * @param returns what is told
     * @param status items of STATUS to be told too (RFC 5819), mostly none
     */
    record ListMailboxes(
            ListForm form,
            List<ListSelection> selection,
            String reference,
            List<String> patterns,
            List<ListReturn> returns,
            List<StatusItem> status)
            implements Command {
        /** Copies the lists. */
        public ListMailboxes {
            selection = List.copyOf(selection);
            patterns = List.copyOf(patterns);
            returns = List.copyOf(returns);
            status = List.copyOf(status);
        }
    }

    /**
     * Lists subscribed names (RFC 3501).
     *
     * @param reference prefix of relative names
     * @param pattern with wildcards
     */
    record Lsub(String reference, String pattern) implements Command {}

    /**
     * Tells of a mailbox without opening it.
     *
     * @param mailbox which
     * @param items at least one
     */
    record Status(String mailbox, List<StatusItem> items) implements Command {
        /** Copies the list. */
        public Status {
            items = List.copyOf(items);
        }
    }

    /**
     * A message to be stored, without its bytes, which the reader hands on apart.
     *
     * @param flags to begin with
     * @param date to be its internal date, or null for now
     * @param sizeBytes as announced
     * @param form how the bytes come
     */
    record Message(List<Flag> flags, OffsetDateTime date, long sizeBytes, MessageForm form) {
        /** Copies the list. */
        public Message {
            flags = List.copyOf(flags);
        }
    }

    /** How a message's bytes come. */
    enum MessageForm {
        /** As a literal: no NUL. */
        LITERAL,
        /** As a literal8: NUL is allowed (RFC 3516). */
        BINARY,
        /** As a literal8 with UTF-8 in its header (RFC 6855). */
        UTF8
    }

    /**
     * Stores messages in a mailbox, all or none (RFC 3502).
     *
     * @param mailbox where
     * @param messages those announced so far
     */
    record Append(String mailbox, List<Message> messages) implements Command {
        /** Copies the list. */
        public Append {
            messages = List.copyOf(messages);
        }
    }

    /**
     * Stores a message and removes another (RFC 8508).
     *
     * @param numbering of what the number is
     * @param number which goes; {@link SequenceSet#STAR} for the last
     * @param mailbox where the new one is stored
     * @param message the new one, null before its literal is announced
     */
    record Replace(Numbering numbering, long number, String mailbox, Message message) implements Command {}

    /**
     * Tells limits and usage (RFC 9208).
     *
     * @param root of the quota
     */
    record GetQuota(String root) implements Command {}

    /**
     * Tells which quotas a mailbox is under (RFC 9208).
     *
     * @param mailbox which
     */
    record GetQuotaRoot(String mailbox) implements Command {}

    /**
     * Sets limits (RFC 9208).
     *
     * @param root of the quota
     * @param limits may be none
     */
    record SetQuota(String root, List<Limit> limits) implements Command {
        /** Copies the list. */
        public SetQuota {
            limits = List.copyOf(limits);
        }

        /**
         * A limit.
         *
         * @param resource in upper case: STORAGE, MESSAGE ...
         * @param amount in the resource's unit
         */
        public record Limit(String resource, long amount) {}
    }

    /**
     * Removes deleted messages of a set (RFC 4315).
     *
     * @param uids which
     */
    record UidExpunge(MessageSet uids) implements Command {}

    /** What an extended SEARCH answers (RFC 4731, RFC 5182). */
    enum SearchReturn {
        /** The least number. */
        MIN,
        /** The greatest number. */
        MAX,
        /** All numbers. */
        ALL,
        /** How many. */
        COUNT,
        /** Nothing; kept as {@code $}. */
        SAVE
    }

    /**
     * Options of an extended SEARCH.
     *
     * @param returns in order, without repetition; ALL when the client named none and no partial result
     * @param partial the part wanted (RFC 9394), or null
     */
    record SearchOptions(List<SearchReturn> returns, PartialRange partial) {
        /** Copies the list. */
        public SearchOptions {
            returns = List.copyOf(returns);
        }
    }

    /**
     * Finds messages.
     *
     * @param numbering what is answered
     * @param options of the extended form, null for the answer SEARCH of RFC 3501
     * @param charset of the strings as the client named it, or null
     * @param key what to find
     */
    record Search(Numbering numbering, SearchOptions options, String charset, SearchKey key) implements Command {
        /** Checks that nothing needed is null. */
        public Search {
            Objects.requireNonNull(numbering, "numbering");
            Objects.requireNonNull(key, "key");
        }
    }

    /** What messages are sorted by (RFC 5256, RFC 5957). */
    enum SortField {
        /** Internal date. */
        ARRIVAL,
        /** Mailbox of the first Cc address. */
        CC,
        /** Sent date. */
        DATE,
        /** Display name or address of the first From. */
        DISPLAYFROM,
        /** Display name or address of the first To. */
        DISPLAYTO,
        /** Mailbox of the first From address. */
        FROM,
        /** Octets. */
        SIZE,
        /** Base subject. */
        SUBJECT,
        /** Mailbox of the first To address. */
        TO
    }

    /** Direction of a sort. */
    enum SortOrder {
        /** From the least. */
        ASCENDING,
        /** REVERSE. */
        DESCENDING
    }

    /**
     * A key of a sort.
     *
     * @param field by what
     * @param order from which end
     */
    record SortKey(SortField field, SortOrder order) {}

    /**
     * Finds messages and sorts them.
     *
     * @param keys at least one
     * @param search what to find; its charset is never null
     */
    record Sort(List<SortKey> keys, Search search) implements Command {
        /** Copies the list. */
        public Sort {
            keys = List.copyOf(keys);
        }
    }

    /** Whether removed messages are told (RFC 7162 3.2.6). */
    enum Vanished {
        /** They are not. */
        NO,
        /** They are, as VANISHED (EARLIER). */
        YES
    }

    /**
     * Tells of messages.
     *
     * @param numbering of what the numbers are
     * @param set which
     * @param items at least one
     * @param options modifiers
     */
    record Fetch(Numbering numbering, MessageSet set, List<FetchItem> items, FetchOptions options) implements Command {
        /** Copies the list. */
        public Fetch {
            items = List.copyOf(items);
        }
    }

    /**
     * Modifiers of FETCH.
     *
     * @param changedSince only messages with a greater MODSEQ; {@link #ANY} for all
     * @param vanished whether removed messages are told
     * @param partial the part wanted (RFC 9394), or null
     */
    record FetchOptions(long changedSince, Vanished vanished, PartialRange partial) {
        /** The {@link #changedSince} of a FETCH without CHANGEDSINCE. */
        public static final long ANY = -1;

        /** No modifier. */
        public static final FetchOptions NONE = new FetchOptions(ANY, Vanished.NO, null);
    }

    /** How STORE changes flags. */
    enum StoreMode {
        /** FLAGS. */
        REPLACE,
        /** +FLAGS. */
        ADD,
        /** -FLAGS. */
        REMOVE
    }

    /** Whether STORE tells the new flags. */
    enum Echo {
        /** It does. */
        FLAGS,
        /** .SILENT. */
        SILENT
    }

    /**
     * Changes flags.
     *
     * @param numbering of what the numbers are
     * @param set which messages
     * @param unchangedSince only messages whose MODSEQ is not greater (RFC 7162); {@link #ANY} for all
     * @param mode how
     * @param echo whether the new flags are told
     * @param flags may be none
     */
    record Store(Numbering numbering, MessageSet set, long unchangedSince, StoreMode mode, Echo echo, List<Flag> flags)
            implements Command {
        /** The {@link #unchangedSince} of a STORE without UNCHANGEDSINCE. */
        public static final long ANY = -1;

        /** Copies the list. */
        public Store {
            flags = List.copyOf(flags);
        }
    }

    /**
     * Copies messages.
     *
     * @param numbering of what the numbers are
     * @param set which
     * @param mailbox where to
     */
    record Copy(Numbering numbering, MessageSet set, String mailbox) implements Command {}

    /**
     * Moves messages (RFC 6851).
     *
     * @param numbering of what the numbers are
     * @param set which
     * @param mailbox where to
     */
    record Move(Numbering numbering, MessageSet set, String mailbox) implements Command {}
}
