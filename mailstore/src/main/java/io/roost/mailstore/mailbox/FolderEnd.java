package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * A deleted folder whose rows are still being removed: the pending work, and what the removal needs of its header.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * keywords  count varint, texts
 * </pre>
 *
 * @param keywords the folder's dictionary
 */
public record FolderEnd(List<String> keywords) {
    private static final int VERSION = 1;

    /** Copies the list. */
    public FolderEnd {
        keywords = List.copyOf(keywords);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(32);
        int mark = out.begin(VERSION, 1);
        out.varint(keywords.size());
        keywords.forEach(out::text);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static FolderEnd decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        int count = in.count(FolderHeader.MAX_KEYWORDS);
        List<String> keywords = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keywords.add(in.text());
        }
        in.end(struct);
        return new FolderEnd(keywords);
    }
}
