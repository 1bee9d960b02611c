package io.roost.mailstore.lmtp;

import io.roost.cluster.object.Bytes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What final delivery puts before a message (RFC 5321 4.4): Return-Path, Delivered-To and Received. */
final class DeliveryHeader {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);

    private DeliveryHeader() {}

    /**
     * The fields.
     *
     * @param server its name
     * @param id of the delivery, the same for all recipients
     */
    static Bytes of(LmtpEnvelope envelope, String recipient, String server, String id, long nowMillis) {
        LmtpClient client = envelope.client();
        StringBuilder header = new StringBuilder();
        header.append("Return-Path: <").append(envelope.sender()).append(">\r\n");
        header.append("Delivered-To: ").append(recipient).append("\r\n");
        header.append("Received: from ").append(client.helo().isEmpty() ? "unknown" : atoms(client.helo()));
        if (!client.address().isEmpty()) {
            header.append(" ([").append(client.address()).append("])");
        }
        header.append("\r\n\tby ").append(server).append(" with LMTP id ").append(id);
        header.append("\r\n\tfor <").append(recipient).append(">; ");
        header.append(DATE.format(Instant.ofEpochMilli(nowMillis).atOffset(ZoneOffset.UTC)))
                .append("\r\n");
        return Bytes.utf8(header.toString());
    }

    /** What a client calls itself may be anything: what a domain or an address literal cannot have is left out. */
    private static String atoms(String helo) {
        String clean = helo.replaceAll("[^A-Za-z0-9.:\\[\\]_-]", "");
        return clean.isEmpty() ? "unknown" : clean;
    }
}
