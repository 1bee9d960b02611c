package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;

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

    /** The message, from a whole body; null for a form that is not known. */
    static Bytes message(byte[] stored) {
        if (stored.length < HEADER_BYTES || stored[0] != PLAIN) {
            return null;
        }
        return Bytes.copyOf(stored, HEADER_BYTES, stored.length);
    }
}
