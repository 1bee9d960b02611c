package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The value of an object version: what HEAD and GET answer beyond the {@link Head}.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * headers   count varint; each: name as a number u8 (0: a text follows), value text
 * user      count varint; each: name text (without x-amz-meta-), value text
 * tags      count varint; each: name text, value text
 * checksum  bytes
 * parts     {@link PartList}
 * </pre>
 *
 * @param headers the standard headers stored with the object, names in lower case, in no particular order
 * @param userMetadata names in lower case without {@code x-amz-meta-}
 * @param tags in the order given
 * @param checksum value of the additional checksum, empty for none
 * @param parts of a multipart object, empty otherwise
 */
public record ObjectMetadata(
        List<Field> headers, List<Field> userMetadata, List<Field> tags, Bytes checksum, PartList parts) {
    /** Nothing stored. */
    public static final ObjectMetadata EMPTY =
            new ObjectMetadata(List.of(), List.of(), List.of(), Bytes.EMPTY, PartList.EMPTY);

    private static final int VERSION = 1;

    /** Bounds what is read from a row; the gateway's limits are far below. */
    private static final int MAX_FIELDS = 4096;

    /** Headers whose names take one byte; never reordered. */
    private static final List<String> KNOWN = List.of(
            "",
            "content-type",
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "expires",
            "x-amz-website-redirect-location");

    /** Copies the lists. */
    public ObjectMetadata {
        headers = List.copyOf(headers);
        userMetadata = List.copyOf(userMetadata);
        tags = List.copyOf(tags);
        Objects.requireNonNull(checksum, "checksum");
        Objects.requireNonNull(parts, "parts");
    }

    /**
     * A name and its value.
     *
     * @param name not empty
     * @param value any text
     */
    public record Field(String name, String value) {
        /** Checks that nothing is null. */
        public Field {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /** The value of a standard header, or null. */
    public String header(String name) {
        for (Field field : headers) {
            if (field.name.equals(name)) {
                return field.value;
            }
        }
        return null;
    }

    /** The same with another checksum and other parts. */
    public ObjectMetadata with(Bytes newChecksum, PartList newParts) {
        return new ObjectMetadata(headers, userMetadata, tags, newChecksum, newParts);
    }

    /** The value of the entry. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(160);
        int mark = out.begin(VERSION, 1);
        out.varint(headers.size());
        for (Field field : headers) {
            int known = KNOWN.indexOf(field.name);
            if (known > 0) {
                out.u8(known);
            } else {
                out.u8(0).text(field.name);
            }
            out.text(field.value);
        }
        encodeFields(out, userMetadata);
        encodeFields(out, tags);
        out.bytes(checksum);
        parts.encode(out);
        return out.end(mark).toBytes();
    }

    private static void encodeFields(ByteWriter out, List<Field> fields) {
        out.varint(fields.size());
        for (Field field : fields) {
            out.text(field.name).text(field.value);
        }
    }

    /** Reads what {@link #encode} writes; the empty value is {@link #EMPTY}. */
    public static ObjectMetadata decode(Bytes value) {
        if (value.isEmpty()) {
            return EMPTY;
        }
        ByteReader in = new ByteReader(value);
        ByteReader.Struct struct = in.begin(VERSION);
        int headerCount = in.count(MAX_FIELDS);
        List<Field> headers = new ArrayList<>(headerCount);
        for (int i = 0; i < headerCount; i++) {
            int known = in.count(KNOWN.size() - 1);
            String name = known > 0 ? KNOWN.get(known) : in.text();
            headers.add(new Field(name, in.text()));
        }
        List<Field> user = decodeFields(in);
        List<Field> tags = decodeFields(in);
        Bytes checksum = in.bytes();
        PartList parts = PartList.decode(in);
        in.end(struct);
        return new ObjectMetadata(headers, user, tags, checksum, parts);
    }

    private static List<Field> decodeFields(ByteReader in) {
        int count = in.count(MAX_FIELDS);
        List<Field> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            fields.add(new Field(in.text(), in.text()));
        }
        return fields;
    }
}
