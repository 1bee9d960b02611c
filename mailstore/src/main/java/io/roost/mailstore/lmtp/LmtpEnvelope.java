package io.roost.mailstore.lmtp;

import java.util.List;

/**
 * What a message is delivered with.
 *
 * @param client who sends
 * @param sender reverse-path without brackets, empty for the null sender
 * @param recipients those that were taken, in order
 * @param announcedBytes of SIZE, or {@link #UNKNOWN_SIZE}
 */
public record LmtpEnvelope(LmtpClient client, String sender, List<String> recipients, long announcedBytes) {
    /** The {@link #announcedBytes} of a client that does not say. */
    public static final long UNKNOWN_SIZE = -1;

    /** Copies the list. */
    public LmtpEnvelope {
        recipients = List.copyOf(recipients);
    }
}
