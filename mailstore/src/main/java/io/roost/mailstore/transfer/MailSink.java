package io.roost.mailstore.transfer;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.NumberedMessage;
import java.io.Closeable;
import java.io.IOException;

/** A folder of another mail store that is written. Blocks. It is whole when it has been closed without a failure. */
interface MailSink extends Closeable {
    /**
     * Writes a message; they come in the order of their UIDs.
     *
     * @param header of the folder, for its keywords
     */
    void write(FolderHeader header, NumberedMessage message, Bytes bytes) throws IOException;
}
