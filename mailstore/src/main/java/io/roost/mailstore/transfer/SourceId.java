package io.roost.mailstore.transfer;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.EmailId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The id of a message of another store, the same whenever it is imported: a UUID of version 8 (RFC 9562 5.8) of
 *
 * <pre>
 * SHA-256, first 16 bytes, of:  "roost-maildir-1", 0, path of the folder, 0, name, 0, which of that name (decimal), 0, the message
 *                               "roost-mbox-1", 0, path of the folder, 0, line before the message, 0, which of these (decimal), 0, the message
 * </pre>
 *
 * The name of a Maildir's file without its flags is unique by itself, when who made it did as they should; with the bytes, no
 * message is ever taken for another one. With the folder, a message that lies in two folders comes into both. An mbox has no
 * names; messages that are equal with their lines and lie in one file are told apart by their order.
 */
final class SourceId {
    private SourceId() {}

    /** What a message comes from. */
    enum Kind {
        /** A file of a Maildir. */
        MAILDIR("roost-maildir-1"),
        /** An mbox file. */
        MBOX("roost-mbox-1");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /**
     * The id.
     *
     * @param folder path that it has here
     * @param name of the file, without its flags; of an mbox the line before the message
     * @param number 0 for the first one of the folder with that name; of an mbox with that line and those bytes
     * @param message its bytes as they are stored
     */
    static EmailId of(Kind kind, String folder, String name, int number, Bytes message) {
        MessageDigest digest = sha256();
        for (String part : new String[] {kind.text, folder, name, Integer.toString(number)}) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        digest.update(message.array());
        byte[] id = Arrays.copyOf(digest.digest(), 16);
        id[6] = (byte) ((id[6] & 0x0f) | 0x80);
        id[8] = (byte) ((id[8] & 0x3f) | 0x80);
        return new EmailId(Bytes.wrap(id));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
