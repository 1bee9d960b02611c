package io.roost.mailstore.store;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.EmailId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A message to be stored, in memory.
 *
 * @param bytes as RFC 5322 has it
 * @param internalMillis internal date, Unix milliseconds
 * @param systemFlags bits of {@link io.roost.mailstore.mailbox.MailFlags}
 * @param keywords to begin with
 * @param id that it has for good, of one that may be stored again and must not be there twice; else it gets one
 */
public record NewMessage(
        Bytes bytes, long internalMillis, int systemFlags, List<String> keywords, Optional<EmailId> id) {
    /** Copies the list. */
    public NewMessage {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(id, "id");
        keywords = List.copyOf(keywords);
    }

    /** One that gets an id. */
    public NewMessage(Bytes bytes, long internalMillis, int systemFlags, List<String> keywords) {
        this(bytes, internalMillis, systemFlags, keywords, Optional.empty());
    }
}
