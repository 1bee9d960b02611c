package io.roost.mailstore.transfer;

import io.roost.mailstore.store.NewMessage;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A folder of another mail store, read from its first message to its last. Blocks. */
interface MailSource extends Closeable {
    /** The path that it has here. */
    String path();

    /** Its UIDs, if it has any that are worth keeping. */
    Optional<Uids> uids();

    /** Lets messages with smaller UIDs have none, so that they come after those that have one. Before the first message. */
    void forgetUidsBelow(long uid);

    /** The next message, in the order of UIDs, then those without; null at the end. One that cannot be read is passed over and told of. */
    Message next() throws IOException;

    /** What has been passed over so far, and why. */
    List<Skipped> skipped();

    /**
     * UIDs of a folder.
     *
     * @param validity their UIDVALIDITY
     * @param next those below it are used up
     */
    record Uids(long validity, long next) {}

    /**
     * A message.
     *
     * @param uid its UID, or {@link #NO_UID}
     * @param message as it comes in
     */
    record Message(long uid, NewMessage message) {
        /** The UID of a message that has none. */
        static final long NO_UID = 0;
    }
}
