package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;
import java.util.List;
import java.util.Objects;

/**
 * A message to be stored, in memory.
 *
 * @param bytes as RFC 5322 has it
 * @param internalMillis internal date, Unix milliseconds
 * @param systemFlags bits of {@link io.roost.mailstore.mailbox.MailFlags}
 * @param keywords to begin with
 */
public record NewMessage(Bytes bytes, long internalMillis, int systemFlags, List<String> keywords) {
    /** Copies the list. */
    public NewMessage {
        Objects.requireNonNull(bytes, "bytes");
        keywords = List.copyOf(keywords);
    }
}
