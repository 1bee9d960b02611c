package io.roost.mailstore.search;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Command.SortField;
import io.roost.mailstore.imap.syntax.Command.SortKey;
import io.roost.mailstore.imap.syntax.Command.SortOrder;
import io.roost.mailstore.mime.Address;
import io.roost.mailstore.mime.Envelope;
import io.roost.mailstore.mime.HeaderText;
import io.roost.mailstore.mime.MessageDate;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;

/**
 * The order of SORT (RFC 5256 3, RFC 5957). What a message is compared by is one row of bytes for all keys, so that
 * messages are ordered as these are: numbers as 8 bytes, texts folded and with a terminator, everything inverted under
 * REVERSE.
 */
public final class MessageOrder {
    /** Bytes of a text that are compared: what one message takes is bounded, whatever its header says. */
    private static final int MAX_TEXT_BYTES = 512;

    private static final Bytes END_OF_TEXT = Bytes.of(0);

    private final List<SortKey> keys;

    /**
     * An order.
     *
     * @param keys the first first; none for the order of UIDs
     */
    public MessageOrder(List<SortKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** True when the order is by more than the record of a message. */
    public boolean isByStructure() {
        return keys.stream().anyMatch(key -> key.field() != SortField.ARRIVAL && key.field() != SortField.SIZE);
    }

    /**
     * What a message is compared by; among equals their UIDs decide.
     *
     * @param candidate with its structure, if the order is by that
     */
    public Bytes rank(Candidate candidate) {
        if (keys.isEmpty()) {
            return Bytes.EMPTY;
        }
        ByteWriter rank = new ByteWriter(32);
        keys.forEach(key -> {
            Bytes one = rank(key.field(), candidate);
            rank.raw(key.order() == SortOrder.DESCENDING ? inverted(one) : one);
        });
        return rank.toBytes();
    }

    private static Bytes inverted(Bytes bytes) {
        byte[] inverted = bytes.array().clone();
        for (int i = 0; i < inverted.length; i++) {
            inverted[i] = (byte) ~inverted[i];
        }
        return Bytes.wrap(inverted);
    }

    private static Bytes rank(SortField field, Candidate candidate) {
        return switch (field) {
            case ARRIVAL -> number(candidate.message().message().internalMillis());
            case SIZE -> number(candidate.message().message().sizeBytes());
            case DATE -> number(sentMillis(candidate));
            case SUBJECT -> {
                Bytes subject = envelope(candidate).subject();
                yield text(subject == null ? "" : BaseSubject.of(HeaderText.decode(subject)));
            }
            case FROM -> text(mailbox(envelope(candidate).from()));
            case TO -> text(mailbox(envelope(candidate).to()));
            case CC -> text(mailbox(envelope(candidate).cc()));
            case DISPLAYFROM -> text(display(envelope(candidate).from()));
            case DISPLAYTO -> text(display(envelope(candidate).to()));
        };
    }

    private static Envelope envelope(Candidate candidate) {
        return candidate.structure().envelope();
    }

    /** RFC 5256 2.2: without a date that can be read it is that of arrival. */
    private static long sentMillis(Candidate candidate) {
        Bytes field = envelope(candidate).date();
        OffsetDateTime sent = field == null ? null : MessageDate.parse(field);
        return sent == null
                ? candidate.message().message().internalMillis()
                : sent.toInstant().toEpochMilli();
    }

    private static String mailbox(List<Address> addresses) {
        return addresses.isEmpty() ? "" : decoded(addresses.get(0).mailbox());
    }

    /** RFC 5957 3.1: the name, or the address where there is none. */
    private static String display(List<Address> addresses) {
        if (addresses.isEmpty()) {
            return "";
        }
        Address first = addresses.get(0);
        String name = decoded(first.name());
        if (!name.isEmpty()) {
            return name;
        }
        return first.host() == null ? mailbox(addresses) : decoded(first.mailbox()) + "@" + decoded(first.host());
    }

    private static String decoded(Bytes value) {
        return value == null ? "" : HeaderText.decode(value);
    }

    /** Negative ones first. */
    private static Bytes number(long number) {
        return new ByteWriter(Long.BYTES).u64(number ^ Long.MIN_VALUE).toBytes();
    }

    private static Bytes text(String text) {
        byte[] folded = MessageText.folded(text).replace('\0', ' ').getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(Arrays.copyOf(folded, Math.min(folded.length, MAX_TEXT_BYTES)))
                .concat(END_OF_TEXT);
    }
}
