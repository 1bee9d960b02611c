package io.roost.mailstore.lmtp;

/**
 * Bounds of a connection.
 *
 * @param messageBytes largest message, which SIZE tells (RFC 1870)
 * @param recipients of one message; RFC 5321 4.5.3.1.8 asks for 100 at least
 */
public record LmtpLimits(long messageBytes, int recipients) {
    /** Longest command: RFC 5321 allows 512 and extensions add to it, XCLIENT of a proxy most of all. */
    public static final int MAX_LINE_BYTES = 8 * 1024;

    /** Commands in error until the connection is ended. */
    public static final int MAX_ERRORS = 20;

    /** Longest address; RFC 5321 4.5.3.1.3 has 256. */
    public static final int MAX_ADDRESS_BYTES = 1_000;

    /** What is set where the configuration says nothing. */
    public static final LmtpLimits DEFAULT = new LmtpLimits(128L * 1024 * 1024, 1_000);

    /** Checks the ranges. */
    public LmtpLimits {
        if (messageBytes < 1 || recipients < 1) {
            throw new IllegalArgumentException("a limit below one");
        }
    }
}
