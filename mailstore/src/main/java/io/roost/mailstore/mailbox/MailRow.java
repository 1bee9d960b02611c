package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * A row as it is to be written.
 *
 * @param name one of {@link MailRows}
 * @param attributes of those that are read often, else empty
 * @param value of the others, else empty
 */
public record MailRow(Bytes name, Bytes attributes, Bytes value) {
    /** Checks that nothing is null. */
    public MailRow {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(attributes, "attributes");
        Objects.requireNonNull(value, "value");
    }

    /** A row of attributes. */
    public static MailRow of(Bytes name, Bytes attributes) {
        return new MailRow(name, attributes, Bytes.EMPTY);
    }

    /** A row with a value. */
    public static MailRow ofValue(Bytes name, Bytes value) {
        return new MailRow(name, Bytes.EMPTY, value);
    }

    /** What it takes. */
    public int bytes() {
        return name.length() + attributes.length() + value.length();
    }

    /** Writes it within a call. */
    public void encode(ByteWriter out) {
        out.bytes(name).bytes(attributes).bytes(value);
    }

    /** Reads what {@link #encode} writes. */
    public static MailRow decode(ByteReader in) {
        return new MailRow(in.bytes(), in.bytes(), in.bytes());
    }
}
