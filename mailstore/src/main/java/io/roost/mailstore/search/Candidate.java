package io.roost.mailstore.search;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mime.MimePart;
import java.util.Objects;

/**
 * A message, as far as it is known.
 *
 * @param message its UID and record
 * @param structure null when it has not been asked for
 * @param bytes null when they have not been asked for
 */
public record Candidate(NumberedMessage message, MimePart structure, Bytes bytes) {
    /** Checks that there is a record. */
    public Candidate {
        Objects.requireNonNull(message, "message");
    }

    /** By its record alone. */
    public static Candidate of(NumberedMessage message) {
        return new Candidate(message, null, null);
    }

    /** With its structure. */
    public Candidate with(MimePart known) {
        return new Candidate(message, known, bytes);
    }

    /** With its bytes. */
    public Candidate with(Bytes known) {
        return new Candidate(message, structure, known);
    }
}
