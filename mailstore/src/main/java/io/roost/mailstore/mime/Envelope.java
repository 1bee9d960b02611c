package io.roost.mailstore.mime;

import io.roost.cluster.object.Bytes;
import java.util.List;

/**
 * The fields of a header that ENVELOPE tells (RFC 9051 7.5.2), unfolded, encoded words as they are.
 *
 * @param date or null
 * @param subject or null
 * @param from may be empty, as all lists
 * @param sender that of From when the header has none
 * @param replyTo that of From when the header has none
 * @param to recipients
 * @param cc recipients
 * @param bcc recipients
 * @param inReplyTo or null
 * @param messageId or null
 */
public record Envelope(
        Bytes date,
        Bytes subject,
        List<Address> from,
        List<Address> sender,
        List<Address> replyTo,
        List<Address> to,
        List<Address> cc,
        List<Address> bcc,
        Bytes inReplyTo,
        Bytes messageId) {
    /** Of a header without any of these fields. */
    public static final Envelope EMPTY =
            new Envelope(null, null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null, null);

    /** Copies the lists. */
    public Envelope {
        from = List.copyOf(from);
        sender = List.copyOf(sender);
        replyTo = List.copyOf(replyTo);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
    }
}
