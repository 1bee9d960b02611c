package io.roost.cluster.store;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;

/**
 * The row of an entry in {@link Family#CATALOGUE} or {@link Family#WORK}.
 *
 * <pre>
 * format       u8 = 1; FF: the row was nonsense when the entry's attributes changed, and says nothing any more
 * flags        u8: 1 the body is inline, 2 the body is in extents, neither: there is no body
 * epoch        u32     version of the entry
 * version      u64
 * value length varint
 * body length  varint, only with a body
 * attributes   the rest
 * </pre>
 *
 * @param entry what the row says
 * @param place where the body is
 */
record CatalogueRow(Entry entry, Place place) {
    private static final int FORMAT = 1;
    private static final int SPOILED = 0xff;
    private static final int MAX_HEAD_BYTES = 32;

    /** Where an entry's body is. */
    enum Place {
        /** There is none. */
        NONE(0),
        /** In a row of its own in {@link Family#DATA}, or nowhere when it has 0 bytes. */
        INLINE(1),
        /** In data files, listed by a row in {@link Family#DATA}. */
        EXTENTS(2);

        private final int flags;

        Place(int flags) {
            this.flags = flags;
        }
    }

    CatalogueRow {
        if (entry.hasBody() != (place != Place.NONE)) {
            throw new IllegalArgumentException("body of " + entry.bodyLength() + " bytes in " + place);
        }
    }

    /** True when there is a row with the value. */
    boolean hasValueRow() {
        return entry.valueLength() > 0;
    }

    /** True when there is a row with the body. */
    boolean hasInlineRow() {
        return place == Place.INLINE && entry.bodyLength() > 0;
    }

    /** True when there is a row with a list of extents. */
    boolean hasExtentsRow() {
        return place == Place.EXTENTS;
    }

    Bytes encode() {
        Bytes attributes = entry.attributes();
        ByteWriter out = new ByteWriter(MAX_HEAD_BYTES + attributes.length());
        out.u8(FORMAT).u8(place.flags).version(entry.version()).varint(entry.valueLength());
        if (place != Place.NONE) {
            out.varint(entry.bodyLength());
        }
        return out.raw(attributes).toBytes();
    }

    static CatalogueRow decode(Bytes row) {
        ByteReader in = new ByteReader(row);
        int format = in.u8();
        if (format != FORMAT) {
            throw new MalformedBytesException("catalogue row of format " + format);
        }
        return decode(in);
    }

    /** What a row of nonsense most likely said: for counts, which a wrong guess leaves a little wrong, and nothing else. */
    static CatalogueRow guess(Bytes row) {
        ByteReader in = new ByteReader(row);
        try {
            in.u8();
            return decode(in);
        } catch (MalformedBytesException nothingLeft) {
            return new CatalogueRow(new Entry(ObjectVersion.NONE, Bytes.EMPTY, 0, Entry.NO_BODY), Place.NONE);
        }
    }

    /** A row of nonsense that cannot be taken for one that makes sense any more, and with the same guess. */
    static Bytes spoiled(Bytes row) {
        return Bytes.of(SPOILED).concat(row.isEmpty() ? row : row.slice(1, row.length()));
    }

    private static CatalogueRow decode(ByteReader in) {
        int flags = in.u8();
        if (flags > Place.EXTENTS.flags) {
            throw new MalformedBytesException("catalogue row with flags " + flags);
        }
        Place place =
                flags == Place.NONE.flags ? Place.NONE : flags == Place.INLINE.flags ? Place.INLINE : Place.EXTENTS;
        var version = in.version();
        int valueLength = in.count(Entry.MAX_VALUE_BYTES);
        long bodyLength = place == Place.NONE ? Entry.NO_BODY : in.varint();
        if (bodyLength < Entry.NO_BODY || (place == Place.EXTENTS && bodyLength == 0)) {
            throw new MalformedBytesException("catalogue row with a body of " + bodyLength + " bytes");
        }
        return new CatalogueRow(new Entry(version, in.rest(), valueLength, bodyLength), place);
    }
}
