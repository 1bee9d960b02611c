package io.roost.mailstore.imap.syntax;

import java.util.List;

/** What a status response says to the program rather than to a person (RFC 9051 7.1). */
public sealed interface ResponseCode {
    /** Codes without arguments. */
    enum Word implements ResponseCode {
        /** The text must be shown. */
        ALERT("ALERT"),
        /** The name is taken. */
        ALREADYEXISTS("ALREADYEXISTS"),
        /** Wrong name or password. */
        AUTHENTICATIONFAILED("AUTHENTICATIONFAILED"),
        /** Logged in, but not allowed to be whom the client asked for. */
        AUTHORIZATIONFAILED("AUTHORIZATIONFAILED"),
        /** It can never be done. */
        CANNOT("CANNOT"),
        /** The client made an error. */
        CLIENTBUG("CLIENTBUG"),
        /** The mailbox selected before is closed (RFC 7162). */
        CLOSED("CLOSED"),
        /** Compression is on already (RFC 4978). */
        COMPRESSIONACTIVE("COMPRESSIONACTIVE"),
        /** An administrator has to act. */
        CONTACTADMIN("CONTACTADMIN"),
        /** Stored data is damaged. */
        CORRUPTION("CORRUPTION"),
        /** The password has expired. */
        EXPIRED("EXPIRED"),
        /** Messages are gone; the client is to ask for news. */
        EXPUNGEISSUED("EXPUNGEISSUED"),
        /** A mailbox with children is not deleted. */
        HASCHILDREN("HASCHILDREN"),
        /** Someone else is at it; later it may work. */
        INUSE("INUSE"),
        /** A bound of the server. */
        LIMIT("LIMIT"),
        /** There is no such mailbox. */
        NONEXISTENT("NONEXISTENT"),
        /** Not allowed. */
        NOPERM("NOPERM"),
        /** The mailbox keeps no MODSEQ (RFC 7162). */
        NOMODSEQ("NOMODSEQ"),
        /** The result is not saved (RFC 5182). */
        NOTSAVED("NOTSAVED"),
        /** More than the quota (RFC 9208). */
        OVERQUOTA("OVERQUOTA"),
        /** A message cannot be understood. */
        PARSE("PARSE"),
        /** TLS is needed first. */
        PRIVACYREQUIRED("PRIVACYREQUIRED"),
        /** Opened for reading. */
        READ_ONLY("READ-ONLY"),
        /** Opened for writing. */
        READ_WRITE("READ-WRITE"),
        /** The server made an error. */
        SERVERBUG("SERVERBUG"),
        /** The message is too big (RFC 7889). */
        TOOBIG("TOOBIG"),
        /** It would work after CREATE. */
        TRYCREATE("TRYCREATE"),
        /** Part of the service is down. */
        UNAVAILABLE("UNAVAILABLE"),
        /** The transfer encoding is not known (RFC 3516). */
        UNKNOWN_CTE("UNKNOWN-CTE"),
        /** The special use is not possible (RFC 6154). */
        USEATTR("USEATTR");

        private final String word;

        Word(String word) {
            this.word = word;
        }

        /** As written between the brackets. */
        public String word() {
            return word;
        }
    }

    /** Codes with a number. */
    enum NumberName {
        /** Greatest MODSEQ of the mailbox. */
        HIGHESTMODSEQ,
        /** The next UID. */
        UIDNEXT,
        /** Validity of UIDs. */
        UIDVALIDITY,
        /** First message without \Seen (RFC 3501). */
        UNSEEN
    }

    /**
     * A code with a number.
     *
     * @param name which
     * @param number its argument
     */
    record Numbered(NumberName name, long number) implements ResponseCode {}

    /**
     * What the server can do.
     *
     * @param capabilities in order
     */
    record Capability(List<String> capabilities) implements ResponseCode {
        /** Copies the list. */
        public Capability {
            capabilities = List.copyOf(capabilities);
        }
    }

    /**
     * Flags that can be changed.
     *
     * @param flags in order
     */
    record PermanentFlags(List<Flag> flags) implements ResponseCode {
        /** Copies the list. */
        public PermanentFlags {
            flags = List.copyOf(flags);
        }
    }

    /**
     * The charset of a SEARCH is not known.
     *
     * @param charsets that are
     */
    record BadCharset(List<String> charsets) implements ResponseCode {
        /** Copies the list. */
        public BadCharset {
            charsets = List.copyOf(charsets);
        }
    }

    /**
     * UIDs of appended messages (RFC 4315).
     *
     * @param uidValidity of the mailbox
     * @param uids in the order of the messages
     */
    record AppendUid(long uidValidity, SequenceSet uids) implements ResponseCode {}

    /**
     * UIDs of copied messages (RFC 4315).
     *
     * @param uidValidity of the mailbox copied to
     * @param from in the mailbox copied from
     * @param to in the other one, in the same order
     */
    record CopyUid(long uidValidity, SequenceSet from, SequenceSet to) implements ResponseCode {}

    /**
     * Messages that a conditional STORE left alone (RFC 7162).
     *
     * @param set which, as the command numbers them
     */
    record Modified(SequenceSet set) implements ResponseCode {}

    /**
     * The mailbox's id (RFC 8474).
     *
     * @param id an object id
     */
    record MailboxId(String id) implements ResponseCode {}
}
