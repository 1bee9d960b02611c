package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;

/**
 * How a message is stored in its body: a byte that says how, then the message. Other forms (compressed, encrypted) will
 * have other first bytes.
 *
 * <pre>
 * 0x00  the message as it is
 * </pre>
 */
final class StoredBody {
    /** Bytes before the message. */
    static final int HEADER_BYTES = 1;

    private static final int PLAIN = 0x00;

    private StoredBody() {}

    static byte[] of(Bytes message) {
        byte[] stored = new byte[HEADER_BYTES + message.length()];
        stored[0] = PLAIN;
        System.arraycopy(message.array(), 0, stored, HEADER_BYTES, message.length());
        return stored;
    }

    /** The message, from a whole body. */
    static Bytes message(byte[] stored) {
        if (stored.length < HEADER_BYTES || stored[0] != PLAIN) {
            throw new MalformedBytesException("a body of an unknown form");
        }
        return Bytes.copyOf(stored, HEADER_BYTES, stored.length);
    }
}
