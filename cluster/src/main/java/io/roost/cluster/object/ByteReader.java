package io.roost.cluster.object;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link ByteWriter} writes. Everything that does not fit (too short, an unknown version, a length beyond the
 * end) is a {@link MalformedBytesException}: the input may come from a disk or a peer and is never trusted.
 */
public final class ByteReader {
    private final byte[] buffer;
    private int position;
    private int limit;

    /** Reads all of a byte string. */
    public ByteReader(Bytes bytes) {
        this(bytes.array(), 0, bytes.length());
    }

    /** Reads the bytes {@code [begin, end)} of an array. */
    public ByteReader(byte[] buffer, int begin, int end) {
        this.buffer = buffer;
        this.position = begin;
        this.limit = end;
    }

    private int take(int bytes) {
        if (bytes < 0 || bytes > limit - position) {
            throw new MalformedBytesException("needs " + bytes + " bytes where " + (limit - position) + " are left");
        }
        int begin = position;
        position += bytes;
        return begin;
    }

    /** 8 bits, 0 to 255. */
    public int u8() {
        return buffer[take(1)] & 0xff;
    }

    /** 16 bits, 0 to 65535. */
    public int u16() {
        return u8() << 8 | u8();
    }

    /** 32 bits. */
    public int u32() {
        int at = take(4);
        return (buffer[at] & 0xff) << 24
                | (buffer[at + 1] & 0xff) << 16
                | (buffer[at + 2] & 0xff) << 8
                | (buffer[at + 3] & 0xff);
    }

    /** 64 bits. */
    public long u64() {
        return (long) u32() << 32 | (u32() & 0xffffffffL);
    }

    /** An unsigned LEB128 integer. */
    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new MalformedBytesException("a varint of more than 10 bytes");
    }

    /** A varint that must lie in {@code [0, max]}: a count or a length. */
    public int count(int max) {
        long value = varint();
        if (value < 0 || value > max) {
            throw new MalformedBytesException("a count of " + Long.toUnsignedString(value) + " above " + max);
        }
        return (int) value;
    }

    /** The given number of bytes. */
    public Bytes raw(int length) {
        int begin = take(length);
        return Bytes.copyOf(buffer, begin, begin + length);
    }

    /** The given number of bytes where they are, between position 0 and limit; nobody may change them. */
    public ByteBuffer view(int length) {
        return ByteBuffer.wrap(buffer, take(length), length).slice();
    }

    /** A length-prefixed byte string. */
    public Bytes bytes() {
        return raw(count(limit - position));
    }

    /** A length-prefixed UTF-8 text. */
    public String text() {
        int length = count(limit - position);
        return new String(buffer, take(length), length, StandardCharsets.UTF_8);
    }

    /** One byte that must be 0 or 1. */
    public boolean flag() {
        int value = u8();
        if (value > 1) {
            throw new MalformedBytesException("a flag of " + value);
        }
        return value == 1;
    }

    /** A version of an entry. */
    public ObjectVersion version() {
        return new ObjectVersion(u32(), u64());
    }

    /** Bytes not read yet. */
    public int remaining() {
        return limit - position;
    }

    /** All bytes not read yet. */
    public Bytes rest() {
        return raw(remaining());
    }

    /**
     * Opens a versioned struct and narrows the reader to it.
     *
     * @param known the newest version this reader knows
     * @return the struct, with its version, to be given to {@link #end}
     */
    public Struct begin(int known) {
        int version = u8();
        int compat = u8();
        int length = u32();
        if (compat > known) {
            throw new MalformedBytesException("needs a reader of version " + compat + ", this one knows " + known);
        }
        if (length < 0 || length > remaining()) {
            throw new MalformedBytesException("a struct of " + length + " bytes where " + remaining() + " are left");
        }
        Struct struct = new Struct(version, position + length, limit);
        limit = position + length;
        return struct;
    }

    /** Leaves a struct, skipping fields of a newer version. */
    public void end(Struct struct) {
        position = struct.end;
        limit = struct.outerLimit;
    }

    /** The extent of a versioned struct within its reader. */
    public static final class Struct {
        private final int version;
        private final int end;
        private final int outerLimit;

        private Struct(int version, int end, int outerLimit) {
            this.version = version;
            this.end = end;
            this.outerLimit = outerLimit;
        }

        /** The version its writer wrote. */
        public int version() {
            return version;
        }
    }
}
