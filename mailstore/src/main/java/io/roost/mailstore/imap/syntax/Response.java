package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import java.util.List;
import java.util.Objects;

/** What the server tells (RFC 9051 7), one line of it, FETCH apart: {@link FetchDatum}. */
public sealed interface Response {
    /** How something ended. */
    enum Condition {
        /** Well. */
        OK,
        /** Not carried out. */
        NO,
        /** Not understood. */
        BAD,
        /** Greeting of a client that is logged in. */
        PREAUTH,
        /** End of the connection. */
        BYE
    }

    /**
     * How a command ended, or a message to the client.
     *
     * @param tag of the command, {@link CommandEvent#NO_TAG} for none
     * @param condition how
     * @param code for the program, or null
     * @param text for a person; what is not printable ASCII is replaced
     */
    record Status(String tag, Condition condition, ResponseCode code, String text) implements Response {
        /** Checks that nothing needed is null. */
        public Status {
            Objects.requireNonNull(tag, "tag");
            Objects.requireNonNull(condition, "condition");
            Objects.requireNonNull(text, "text");
        }

        /** Without a code. */
        public static Status of(String tag, Condition condition, String text) {
            return new Status(tag, condition, null, text);
        }

        /** Of no command, without a code. */
        public static Status untagged(Condition condition, String text) {
            return new Status(CommandEvent.NO_TAG, condition, null, text);
        }

        /** An untagged OK with a code. */
        public static Status info(ResponseCode code, String text) {
            return new Status(CommandEvent.NO_TAG, Condition.OK, code, text);
        }
    }

    /**
     * The client may go on.
     *
     * @param text for a person
     */
    record Continuation(String text) implements Response {}

    /**
     * A SASL challenge.
     *
     * @param data before base64
     */
    record Challenge(Bytes data) implements Response {}

    /**
     * What the server can do.
     *
     * @param capabilities in order
     */
    record Capability(List<String> capabilities) implements Response {
        /** Copies the list. */
        public Capability {
            capabilities = List.copyOf(capabilities);
        }
    }

    /**
     * What ENABLE has switched on.
     *
     * @param capabilities may be none
     */
    record Enabled(List<String> capabilities) implements Response {
        /** Copies the list. */
        public Enabled {
            capabilities = List.copyOf(capabilities);
        }
    }

    /** Which command a {@link ListEntry} answers. */
    enum ListKind {
        /** LIST. */
        LIST,
        /** LSUB. */
        LSUB
    }

    /**
     * A mailbox.
     *
     * @param kind which command is answered
     * @param attributes such as {@code \HasChildren}
     * @param delimiter of levels, or null
     * @param mailbox its name
     * @param childInfo selection options that children match (RFC 5258), mostly none
     * @param oldName that the client used (RFC 9051 6.3.9.7), or null
     */
    record ListEntry(
            ListKind kind,
            List<String> attributes,
            String delimiter,
            String mailbox,
            List<String> childInfo,
            String oldName)
            implements Response {
        /** Copies the lists. */
        public ListEntry {
            attributes = List.copyOf(attributes);
            childInfo = List.copyOf(childInfo);
        }
    }

    /**
     * A namespace (RFC 9051 6.3.10).
     *
     * @param prefix of its names
     * @param delimiter of levels, or null
     */
    record Namespace(String prefix, String delimiter) {}

    /**
     * Where mailboxes are.
     *
     * @param personal the user's
     * @param others other users'
     * @param shared nobody's
     */
    record Namespaces(List<Namespace> personal, List<Namespace> others, List<Namespace> shared) implements Response {
        /** Copies the lists. */
        public Namespaces {
            personal = List.copyOf(personal);
            others = List.copyOf(others);
            shared = List.copyOf(shared);
        }
    }

    /**
     * An item of STATUS.
     *
     * @param item which
     * @param number its value, {@link #NIL} for NIL, unused for MAILBOXID
     * @param id of MAILBOXID, else null
     */
    record StatusValue(StatusItem item, long number, String id) {
        /** The {@link #number} of an unknown APPENDLIMIT. */
        public static final long NIL = -1;

        /** An item that is a number. */
        public static StatusValue of(StatusItem item, long number) {
            return new StatusValue(item, number, null);
        }

        /** The mailbox's id. */
        public static StatusValue mailboxId(String id) {
            return new StatusValue(StatusItem.MAILBOXID, 0, id);
        }
    }

    /**
     * The answer to STATUS.
     *
     * @param mailbox which
     * @param values in the order asked for
     */
    record MailboxStatus(String mailbox, List<StatusValue> values) implements Response {
        /** Copies the list. */
        public MailboxStatus {
            values = List.copyOf(values);
        }
    }

    /**
     * Flags in use in the selected mailbox.
     *
     * @param flags in order
     */
    record Flags(List<Flag> flags) implements Response {
        /** Copies the list. */
        public Flags {
            flags = List.copyOf(flags);
        }
    }

    /** What a {@link Count} counts. */
    enum CountKind {
        /** Messages of the mailbox. */
        EXISTS,
        /** Messages new to this session (RFC 3501). */
        RECENT,
        /** The message of this number is gone. */
        EXPUNGE
    }

    /**
     * A number about the selected mailbox.
     *
     * @param number at least 0
     * @param kind of what
     */
    record Count(long number, CountKind kind) implements Response {}

    /** The {@code modSeq} of a result without one. */
    long NO_MODSEQ = 0;

    /**
     * The answer to SEARCH in its old form (RFC 3501).
     *
     * @param matches ascending, or null for none
     * @param modSeq greatest of the matches (RFC 7162), or {@link #NO_MODSEQ}
     */
    record SearchResult(SequenceSet matches, long modSeq) implements Response {}

    /**
     * The answer to SORT (RFC 5256).
     *
     * @param matches in order
     * @param modSeq greatest of the matches (RFC 7162), or {@link #NO_MODSEQ}
     */
    record SortResult(List<Long> matches, long modSeq) implements Response {
        /** Copies the list. */
        public SortResult {
            matches = List.copyOf(matches);
        }
    }

    /**
     * The answer to an extended SEARCH or SORT (RFC 9051 7.3.4).
     *
     * @param tag of the command
     * @param numbering of the numbers
     * @param items may be none
     */
    record ESearch(String tag, Numbering numbering, List<ESearchItem> items) implements Response {
        /** Copies the list. */
        public ESearch {
            items = List.copyOf(items);
        }
    }

    /** An item of {@link ESearch}. */
    sealed interface ESearchItem {}

    /** Names of items that are numbers. */
    enum ESearchNumberName {
        /** The least match. */
        MIN,
        /** The greatest match. */
        MAX,
        /** How many. */
        COUNT,
        /** Greatest MODSEQ of the matches. */
        MODSEQ
    }

    /**
     * A number.
     *
     * @param name which
     * @param number its value
     */
    record ESearchNumber(ESearchNumberName name, long number) implements ESearchItem {}

    /**
     * All matches.
     *
     * @param set in the order of the result
     */
    record ESearchAll(SequenceSet set) implements ESearchItem {}

    /**
     * A part of the matches (RFC 9394).
     *
     * @param range as asked for
     * @param set the matches in it, or null for none
     */
    record ESearchPartial(PartialRange range, SequenceSet set) implements ESearchItem {}

    /** When messages went. */
    enum When {
        /** Now: the numbers of the messages after them change. */
        NOW,
        /** Before the client knew the mailbox (RFC 7162 3.2.10.1). */
        EARLIER
    }

    /**
     * Messages are gone (RFC 7162 3.2.10).
     *
     * @param when they went
     * @param uids which
     */
    record Vanished(When when, SequenceSet uids) implements Response {}

    /**
     * Limits and usage (RFC 9208).
     *
     * @param root of the quota
     * @param resources may be none
     */
    record Quota(String root, List<Resource> resources) implements Response {
        /** Copies the list. */
        public Quota {
            resources = List.copyOf(resources);
        }

        /**
         * A resource.
         *
         * @param name STORAGE, MESSAGE ...
         * @param used in its unit
         * @param limit in its unit
         */
        public record Resource(String name, long used, long limit) {}
    }

    /**
     * Quotas that a mailbox is under.
     *
     * @param mailbox which
     * @param roots may be none
     */
    record QuotaRoots(String mailbox, List<String> roots) implements Response {
        /** Copies the list. */
        public QuotaRoots {
            roots = List.copyOf(roots);
        }
    }

    /**
     * Who the server is (RFC 2971).
     *
     * @param fields none for NIL
     */
    record Id(List<Command.Id.Field> fields) implements Response {
        /** Copies the list. */
        public Id {
            fields = List.copyOf(fields);
        }
    }

    /**
     * What is told of a message.
     *
     * @param number its sequence number
     * @param data in order
     */
    record Fetch(long number, List<FetchDatum> data) implements Response {
        /** Copies the list. */
        public Fetch {
            data = List.copyOf(data);
        }
    }
}
