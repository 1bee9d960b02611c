package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * A message of a folder; its UID is in the row's name. 70 to 80 bytes.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * email id       16 bytes
 * internal date  varint  Unix milliseconds
 * save date      varint  Unix milliseconds
 * size           varint  octets
 * system flags   u8
 * keywords       varint
 * MODSEQ         varint
 * thread id      16 bytes
 * </pre>
 *
 * @param email its content
 * @param internalMillis when it came to the server, Unix milliseconds
 * @param savedMillis when it came to this folder, Unix milliseconds
 * @param sizeBytes octets as IMAP tells them
 * @param flags in this folder
 * @param modSeq of its last change
 * @param thread 16 bytes, the email id of the first message of its conversation that is known
 */
public record MessageRecord(
        EmailId email,
        long internalMillis,
        long savedMillis,
        long sizeBytes,
        MailFlags flags,
        long modSeq,
        EmailId thread) {
    private static final int VERSION = 1;

    /** Checks the ranges. */
    public MessageRecord {
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(flags, "flags");
        Objects.requireNonNull(thread, "thread");
        if (internalMillis < 0 || savedMillis < 0 || sizeBytes < 0 || modSeq < 1) {
            throw new IllegalArgumentException("message of " + sizeBytes + " bytes, MODSEQ " + modSeq);
        }
    }

    /** With other flags, by a change. */
    public MessageRecord with(MailFlags newFlags, long newModSeq) {
        return new MessageRecord(email, internalMillis, savedMillis, sizeBytes, newFlags, newModSeq, thread);
    }

    /** In another folder. */
    public MessageRecord movedTo(MailFlags newFlags, long newModSeq, long newSavedMillis) {
        return new MessageRecord(email, internalMillis, newSavedMillis, sizeBytes, newFlags, newModSeq, thread);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(80);
        encode(out);
        return out.toBytes();
    }

    /** Writes the row within another. */
    public void encode(ByteWriter out) {
        int mark = out.begin(VERSION, 1);
        out.raw(email.bytes()).varint(internalMillis).varint(savedMillis).varint(sizeBytes);
        out.u8(flags.system()).varint(flags.keywords()).varint(modSeq).raw(thread.bytes());
        out.end(mark);
    }

    /** Reads what {@link #encode} writes. */
    public static MessageRecord decode(Bytes attributes) {
        return decode(new ByteReader(attributes));
    }

    /** Reads the row within another. */
    public static MessageRecord decode(ByteReader in) {
        ByteReader.Struct struct = in.begin(VERSION);
        MessageRecord record = new MessageRecord(
                new EmailId(in.raw(IdText.BYTES)),
                in.varint(),
                in.varint(),
                in.varint(),
                new MailFlags(in.u8(), in.varint()),
                in.varint(),
                new EmailId(in.raw(IdText.BYTES)));
        in.end(struct);
        return record;
    }
}
