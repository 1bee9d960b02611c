package io.roost.mailstore.lmtp;

import io.vertx.core.buffer.Buffer;

/** What an {@link LmtpSession} has done by its owner, in order. */
public interface LmtpEffects {
    /** Sends lines to the client, each with its end. */
    void send(String lines);

    /**
     * Finds out whether a recipient is taken; answered with {@link LmtpSession#onRecipient}.
     *
     * @param sizeBytes of the message as announced, {@link LmtpEnvelope#UNKNOWN_SIZE} when it is not
     */
    void checkRecipient(String recipient, long sizeBytes);

    /** A message begins. */
    void beginMessage(LmtpEnvelope envelope);

    /** The next bytes of the message: lines with CRLF, without the dots of DATA. */
    void messageBytes(Buffer bytes);

    /** The message is whole; answered with {@link LmtpSession#onDelivered}. */
    void endMessage();

    /** The message that has begun will not be delivered. */
    void abortMessage();

    /** TLS begins when what was sent is out; then {@link LmtpSession#onTls}. */
    void startTls();

    /** The connection is closed when what was sent is out. */
    void close();
}
