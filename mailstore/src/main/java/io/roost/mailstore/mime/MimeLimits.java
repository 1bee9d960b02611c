package io.roost.mailstore.mime;

/** Bounds of what is understood of a message; what is beyond them is content without structure. */
public final class MimeLimits {
    /** Multiparts and messages within each other; Dovecot's number. */
    public static final int MAX_DEPTH = 100;

    /** Parts of a message; Dovecot's number. */
    public static final int MAX_PARTS = 10_000;

    /** One field of a header: a Cc of about 1,000 recipients. What is longer is cut. */
    public static final int MAX_FIELD_BYTES = 64 * 1024;

    /** Fields of all headers of a message together that are kept: those beyond are left out. */
    public static final int MAX_KEPT_BYTES = 512 * 1024;

    /** Addresses of one field. */
    public static final int MAX_ADDRESSES = 2_000;

    /** Parameters of one field. */
    public static final int MAX_PARAMETERS = 100;

    /** Longest boundary that is looked for; RFC 2046 5.1.1 allows 70. */
    public static final int MAX_BOUNDARY_BYTES = 250;

    /** Comments within comments. */
    public static final int MAX_COMMENT_DEPTH = 50;

    private MimeLimits() {}
}
