package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * An expunged message that can be had back; folder and UID are in the row's name. It counts for the bucket, not for the
 * quota.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * due       varint  Unix milliseconds
 * record    {@link MessageRecord}
 * keywords  count varint, texts: the folder's dictionary may be gone
 * </pre>
 *
 * @param dueMillis when it goes for good, Unix milliseconds
 * @param record as it was
 * @param keywords names of its keywords
 */
public record KeptMessage(long dueMillis, MessageRecord record, List<String> keywords) {
    private static final int VERSION = 1;

    /** Copies the list. */
    public KeptMessage {
        keywords = List.copyOf(keywords);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(128);
        int mark = out.begin(VERSION, 1);
        out.varint(dueMillis);
        record.encode(out);
        out.varint(keywords.size());
        keywords.forEach(out::text);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static KeptMessage decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        long dueMillis = in.varint();
        MessageRecord record = MessageRecord.decode(in);
        int count = in.count(FolderHeader.MAX_KEYWORDS);
        List<String> keywords = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keywords.add(in.text());
        }
        in.end(struct);
        return new KeptMessage(dueMillis, record, keywords);
    }
}
