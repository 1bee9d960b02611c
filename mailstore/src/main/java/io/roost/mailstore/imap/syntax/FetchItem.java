package io.roost.mailstore.imap.syntax;

import java.util.List;
import java.util.Objects;

/** What FETCH asks of a message (RFC 9051 {@code fetch-att}). */
public sealed interface FetchItem {
    /** Items without parameters. The macros ALL, FAST and FULL are given as the items that they stand for. */
    enum Attribute implements FetchItem {
        /** Envelope. */
        ENVELOPE("ENVELOPE"),
        /** Flags. */
        FLAGS("FLAGS"),
        /** When the message came to the server. */
        INTERNALDATE("INTERNALDATE"),
        /** Octets of the message. */
        RFC822_SIZE("RFC822.SIZE"),
        /** The whole message; sets \Seen (RFC 3501). */
        RFC822("RFC822"),
        /** Its header (RFC 3501). */
        RFC822_HEADER("RFC822.HEADER"),
        /** Its body; sets \Seen (RFC 3501). */
        RFC822_TEXT("RFC822.TEXT"),
        /** Body structure without extension data. */
        BODY("BODY"),
        /** Body structure. */
        BODYSTRUCTURE("BODYSTRUCTURE"),
        /** UID. */
        UID("UID"),
        /** Number of its last change (RFC 7162). */
        MODSEQ("MODSEQ"),
        /** Id of the content (RFC 8474). */
        EMAILID("EMAILID"),
        /** Id of the conversation (RFC 8474). */
        THREADID("THREADID"),
        /** When the message came to its mailbox (RFC 8514). */
        SAVEDATE("SAVEDATE");

        private final String word;

        Attribute(String word) {
            this.word = word;
        }

        /** As written in commands and responses. */
        public String word() {
            return word;
        }

        /** The attribute of a word in upper case, or null. */
        static Attribute ofWord(String word) {
            for (Attribute attribute : values()) {
                if (attribute.word.equals(word)) {
                    return attribute;
                }
            }
            return null;
        }
    }

    /** Whether fetching sets \Seen. */
    enum Peek {
        /** It does. */
        NO,
        /** It does not. */
        YES
    }

    /**
     * {@code BODY[section]<partial>}.
     *
     * @param section which part
     * @param partial which octets of it, null for all
     * @param peek whether \Seen stays as it is
     */
    record Body(Section section, Partial partial, Peek peek) implements FetchItem {
        /** Checks that there is a section. */
        public Body {
            Objects.requireNonNull(section, "section");
            Objects.requireNonNull(peek, "peek");
        }
    }

    /**
     * {@code BINARY[part]<partial>}: a part without its transfer encoding (RFC 3516).
     *
     * @param part numbers of the path, empty for the whole message
     * @param partial which octets of it, null for all
     * @param peek whether \Seen stays as it is
     */
    record Binary(List<Integer> part, Partial partial, Peek peek) implements FetchItem {
        /** Copies the list. */
        public Binary {
            part = List.copyOf(part);
            Objects.requireNonNull(peek, "peek");
        }
    }

    /**
     * {@code BINARY.SIZE[part]}: octets of a part without its transfer encoding.
     *
     * @param part numbers of the path, empty for the whole message
     */
    record BinarySize(List<Integer> part) implements FetchItem {
        /** Copies the list. */
        public BinarySize {
            part = List.copyOf(part);
        }
    }

    /** {@code PREVIEW} (RFC 8970). */
    enum Preview implements FetchItem {
        /** To be made if it is not known. */
        MADE,
        /** Only if it is known already. */
        LAZY
    }

    /**
     * Octets of a section.
     *
     * @param offset of the first, from 0
     * @param length at least 1
     */
    record Partial(long offset, long length) {
        /** Checks the ranges above. */
        public Partial {
            if (offset < 0 || length < 1) {
                throw new IllegalArgumentException("partial " + offset + "." + length);
            }
        }
    }

    /**
     * A section of a message.
     *
     * @param part numbers of the path, empty for the message itself
     * @param text what of that part
     * @param headers names of fields as written, empty unless the text is HEADER.FIELDS or HEADER.FIELDS.NOT
     */
    record Section(List<Integer> part, Text text, List<String> headers) {
        /** What of a part. */
        public enum Text {
            /** All of it. */
            ALL(""),
            /** The header of a message. */
            HEADER("HEADER"),
            /** Named fields of the header. */
            HEADER_FIELDS("HEADER.FIELDS"),
            /** All fields of the header but these. */
            HEADER_FIELDS_NOT("HEADER.FIELDS.NOT"),
            /** The body of a message. */
            TEXT("TEXT"),
            /** The MIME header of a part. */
            MIME("MIME");

            private final String word;

            Text(String word) {
                this.word = word;
            }

            /** As written between the brackets. */
            public String word() {
                return word;
            }
        }

        /** Copies the lists; fields are named exactly where they can be, MIME has a part. */
        public Section {
            part = List.copyOf(part);
            headers = List.copyOf(headers);
            boolean isSelection = text == Text.HEADER_FIELDS || text == Text.HEADER_FIELDS_NOT;
            if (isSelection == headers.isEmpty() || (text == Text.MIME && part.isEmpty())) {
                throw new IllegalArgumentException("section " + part + " " + text + " " + headers);
            }
        }

        /** All of a part. */
        public static Section ofPart(List<Integer> part) {
            return new Section(part, Text.ALL, List.of());
        }

        /** True for all of the message. */
        public boolean isWhole() {
            return part.isEmpty() && text == Text.ALL;
        }
    }
}
