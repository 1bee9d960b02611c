package io.roost.mailstore.imap.syntax;

import java.util.Locale;
import java.util.Objects;

/**
 * A flag of a message: a system flag with its backslash, or a keyword. System flags are written as RFC 9051 2.3.2 writes
 * them; a keyword keeps the letters that its client used, though two that differ in case only are the same
 * ({@link #key}).
 *
 * @param name such as {@code \Seen} or {@code $Forwarded}
 */
public record Flag(String name) {
    /** Has been read. */
    public static final Flag SEEN = new Flag("\\Seen");

    /** Has been answered. */
    public static final Flag ANSWERED = new Flag("\\Answered");

    /** Wants attention. */
    public static final Flag FLAGGED = new Flag("\\Flagged");

    /** Goes with the next EXPUNGE. */
    public static final Flag DELETED = new Flag("\\Deleted");

    /** Is not finished. */
    public static final Flag DRAFT = new Flag("\\Draft");

    /** Of RFC 3501 only; told, never stored. */
    public static final Flag RECENT = new Flag("\\Recent");

    /** In PERMANENTFLAGS: clients may make keywords. */
    public static final Flag ANY = new Flag("\\*");

    /** Longest keyword: what clients use is a tenth of it, and a folder's dictionary holds each once. */
    public static final int MAX_KEYWORD_BYTES = 128;

    /** Checks that there is a name. */
    public Flag {
        Objects.requireNonNull(name, "name");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a flag without a name");
        }
    }

    /** The flag of a name as a client wrote it. */
    public static Flag of(String name) {
        if (name.charAt(0) != '\\') {
            return new Flag(name);
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "\\seen" -> SEEN;
            case "\\answered" -> ANSWERED;
            case "\\flagged" -> FLAGGED;
            case "\\deleted" -> DELETED;
            case "\\draft" -> DRAFT;
            case "\\recent" -> RECENT;
            default -> new Flag(name);
        };
    }

    /** True for a flag that begins with a backslash. */
    public boolean isSystem() {
        return name.charAt(0) == '\\';
    }

    /** What two keywords are compared by. */
    public String key() {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return name;
    }
}
