package io.roost.cluster.object;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the binary form of messages, rows and parameters: big-endian integers, unsigned LEB128 varints, length-prefixed
 * strings. A versioned struct is {@code version u8, compat u8, length u32, fields}, as Ceph's ENCODE_START: a reader
 * that knows at least {@code compat} skips fields it does not know.
 */
public final class ByteWriter {
    /** Bytes that stay where they are, between those before and those from {@code at} of the buffer. */
    private record View(int at, ByteBuffer bytes) {}

    private final List<View> views = new ArrayList<>(0);
    private byte[] buffer;
    private int size;
    private int viewedBytes;

    /** A writer with room for the given number of bytes before it grows. */
    public ByteWriter(int capacity) {
        buffer = new byte[Math.max(capacity, 16)];
    }

    /** A writer with a small buffer. */
    public ByteWriter() {
        this(64);
    }

    private void room(int bytes) {
        if (buffer.length - size < bytes) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + bytes));
        }
    }

    /** The low 8 bits. */
    public ByteWriter u8(int value) {
        room(1);
        buffer[size++] = (byte) value;
        return this;
    }

    /** The low 16 bits. */
    public ByteWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    /** 32 bits. */
    public ByteWriter u32(int value) {
        room(4);
        buffer[size++] = (byte) (value >>> 24);
        buffer[size++] = (byte) (value >>> 16);
        buffer[size++] = (byte) (value >>> 8);
        buffer[size++] = (byte) value;
        return this;
    }

    /** 64 bits. */
    public ByteWriter u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    /** An unsigned LEB128 integer, 1 to 10 bytes. */
    public ByteWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            u8((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        return u8((int) rest);
    }

    /** The bytes alone. */
    public ByteWriter raw(Bytes bytes) {
        return raw(bytes.array(), 0, bytes.length());
    }

    /** The bytes {@code [begin, begin + length)} alone. */
    public ByteWriter raw(byte[] bytes, int begin, int length) {
        room(length);
        System.arraycopy(bytes, begin, buffer, size, length);
        size += length;
        return this;
    }

    /** What lies between position and limit, without copying it: nobody changes it until what is written here is used. */
    public ByteWriter view(ByteBuffer bytes) {
        views.add(new View(size, bytes.slice()));
        viewedBytes += bytes.remaining();
        return this;
    }

    /** A varint length, then the bytes. */
    public ByteWriter bytes(Bytes bytes) {
        return varint(bytes.length()).raw(bytes);
    }

    /** A varint length, then the text in UTF-8. */
    public ByteWriter text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return varint(utf8.length).raw(utf8, 0, utf8.length);
    }

    /** One byte, 1 or 0. */
    public ByteWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** A version of an entry: epoch u32, version u64. */
    public ByteWriter version(ObjectVersion version) {
        return u32(version.epoch()).u64(version.version());
    }

    /**
     * Opens a versioned struct; {@link #end} closes it.
     *
     * @param version what this writer writes
     * @param compat the oldest version whose readers can read it
     * @return a mark for {@link #end}
     */
    public int begin(int version, int compat) {
        u8(version).u8(compat).u32(0);
        return size;
    }

    /** Closes the struct that {@link #begin} opened, filling in its length. */
    public ByteWriter end(int mark) {
        int length = size - mark;
        for (View view : views) {
            length += view.at < mark ? 0 : view.bytes.remaining();
        }
        buffer[mark - 4] = (byte) (length >>> 24);
        buffer[mark - 3] = (byte) (length >>> 16);
        buffer[mark - 2] = (byte) (length >>> 8);
        buffer[mark - 1] = (byte) length;
        return this;
    }

    /** Number of bytes written. */
    public int size() {
        return size + viewedBytes;
    }

    /** What has been written, copied. */
    public Bytes toBytes() {
        return Bytes.wrap(toArray());
    }

    /** What has been written, as a new array. */
    public byte[] toArray() {
        if (views.isEmpty()) {
            return Arrays.copyOf(buffer, size);
        }
        ByteBuffer all = ByteBuffer.allocate(size());
        pieces().forEach(all::put);
        return all.array();
    }

    /** What has been written, in order, without copying it. The writer is of no more use. */
    public List<ByteBuffer> pieces() {
        List<ByteBuffer> pieces = new ArrayList<>(2 * views.size() + 1);
        int begin = 0;
        for (View view : views) {
            pieces.add(ByteBuffer.wrap(buffer, begin, view.at - begin));
            pieces.add(view.bytes.duplicate());
            begin = view.at;
        }
        pieces.add(ByteBuffer.wrap(buffer, begin, size - begin));
        return pieces;
    }
}
