package io.roost.mailstore.mailbox;

/**
 * The flags of a message in its folder.
 *
 * @param system bits of the system flags
 * @param keywords bits of the folder's keywords: bit n is the n-th of its dictionary
 */
public record MailFlags(int system, long keywords) {
    /** No flag. */
    public static final MailFlags NONE = new MailFlags(0, 0);

    /** The bit of \Seen. */
    public static final int SEEN = 1;

    /** The bit of \Answered. */
    public static final int ANSWERED = 2;

    /** The bit of \Flagged. */
    public static final int FLAGGED = 4;

    /** The bit of \Deleted. */
    public static final int DELETED = 8;

    /** The bit of \Draft. */
    public static final int DRAFT = 16;

    /** All bits. */
    public static final int ALL_SYSTEM = 31;

    /** Checks the bits. */
    public MailFlags {
        if ((system & ~ALL_SYSTEM) != 0) {
            throw new IllegalArgumentException("system flags " + system);
        }
    }

    /** True when all bits of a system flag are set. */
    public boolean has(int flag) {
        return (system & flag) == flag;
    }

    /** These and those. */
    public MailFlags with(MailFlags other) {
        return new MailFlags(system | other.system, keywords | other.keywords);
    }

    /** These without those. */
    public MailFlags without(MailFlags other) {
        return new MailFlags(system & ~other.system, keywords & ~other.keywords);
    }
}
