package io.roost.mailstore.imap.syntax;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mime.Envelope;
import io.roost.mailstore.mime.MimePart;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;

/** What FETCH tells of a message (RFC 9051 7.5.2). */
public sealed interface FetchDatum {
    /**
     * Flags.
     *
     * @param flags in order
     */
    record Flags(List<Flag> flags) implements FetchDatum {
        /** Copies the list. */
        public Flags {
            flags = List.copyOf(flags);
        }
    }

    /** Names of data that are numbers. */
    enum NumberName {
        /** UID. */
        UID("UID"),
        /** Octets of the message. */
        SIZE("RFC822.SIZE");

        private final String word;

        NumberName(String word) {
            this.word = word;
        }

        /** As written. */
        public String word() {
            return word;
        }
    }

    /**
     * A number.
     *
     * @param name which
     * @param number its value
     */
    record Numbered(NumberName name, long number) implements FetchDatum {}

    /**
     * Number of the last change (RFC 7162).
     *
     * @param modSeq at least 1
     */
    record ModSeq(long modSeq) implements FetchDatum {}

    /**
     * When the message came to the server.
     *
     * @param time whole seconds count
     */
    record InternalDate(OffsetDateTime time) implements FetchDatum {}

    /**
     * When the message came to its mailbox (RFC 8514).
     *
     * @param time whole seconds count, or null
     */
    record SaveDate(OffsetDateTime time) implements FetchDatum {}

    /**
     * Envelope.
     *
     * @param envelope of the message
     */
    record MessageEnvelope(Envelope envelope) implements FetchDatum {}

    /** Whether a structure is told with extension data. */
    enum Extensions {
        /** BODY. */
        NO,
        /** BODYSTRUCTURE. */
        YES
    }

    /**
     * Body structure.
     *
     * @param message the root
     * @param extensions whether they are told
     */
    record Structure(MimePart message, Extensions extensions) implements FetchDatum {}

    /**
     * Id of the content (RFC 8474).
     *
     * @param id an object id
     */
    record EmailId(String id) implements FetchDatum {}

    /**
     * Id of the conversation (RFC 8474).
     *
     * @param id an object id, or null
     */
    record ThreadId(String id) implements FetchDatum {}

    /**
     * Preview (RFC 8970).
     *
     * @param text or null when it is not known
     */
    record Preview(String text) implements FetchDatum {}

    /**
     * Octets of a decoded part (RFC 3516).
     *
     * @param part numbers of the path
     * @param sizeBytes at least 0
     */
    record BinarySize(List<Integer> part, long sizeBytes) implements FetchDatum {
        /** Copies the list. */
        public BinarySize {
            part = List.copyOf(part);
        }
    }

    /** Which content: what the client asked for, as it is named in the answer. */
    sealed interface ContentName {}

    /** Names of RFC 3501. */
    enum Rfc822 implements ContentName {
        /** The message. */
        RFC822("RFC822"),
        /** Its header. */
        HEADER("RFC822.HEADER"),
        /** Its body. */
        TEXT("RFC822.TEXT");

        private final String word;

        Rfc822(String word) {
            this.word = word;
        }

        /** As written. */
        public String word() {
            return word;
        }
    }

    /** The {@code origin} of content that is not partial. */
    long WHOLE = -1;

    /**
     * {@code BODY[section]<origin>}.
     *
     * @param section which
     * @param origin the offset asked for, or {@link #WHOLE}
     */
    record SectionName(FetchItem.Section section, long origin) implements ContentName {}

    /**
     * {@code BINARY[part]<origin>}.
     *
     * @param part numbers of the path
     * @param origin the offset asked for, or {@link #WHOLE}
     */
    record BinaryName(List<Integer> part, long origin) implements ContentName {
        /** Copies the list. */
        public BinaryName {
            part = List.copyOf(part);
        }
    }

    /**
     * Content that is in memory.
     *
     * @param name which
     * @param bytes null for NIL
     */
    record Content(ContentName name, Bytes bytes) implements FetchDatum {
        /** Checks that there is a name. */
        public Content {
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * Content whose bytes follow what is written: the caller sends exactly as many.
     *
     * @param name which
     * @param sizeBytes at least 0
     */
    record Announced(ContentName name, long sizeBytes) implements FetchDatum {
        /** Checks that there is a name. */
        public Announced {
            Objects.requireNonNull(name, "name");
        }
    }
}
