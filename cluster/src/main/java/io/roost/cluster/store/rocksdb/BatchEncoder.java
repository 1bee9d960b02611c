package io.roost.cluster.store.rocksdb;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyValueBatch;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Writes a batch in RocksDB's own form, so that it crosses into native code once and every byte is copied once:
 *
 * <pre>
 * sequence  u64 little-endian = 0, set by RocksDB
 * count     u32 little-endian
 * changes   each: tag u8, column family id varint32, key length varint32, key
 *           tag 5 put: value length varint32, value;  tag 4 delete;  tag 8 single delete
 * </pre>
 *
 * (RocksDB's db/write_batch.cc and db/dbformat.h; the form is that of its write-ahead log and does not change.)
 */
final class BatchEncoder {
    private static final byte TAG_DELETE = 0x4;
    private static final byte TAG_PUT = 0x5;
    private static final byte TAG_SINGLE_DELETE = 0x8;
    private static final int HEADER_BYTES = 12;

    private BatchEncoder() {}

    /**
     * The bytes of a batch.
     *
     * @param familyIds column family ids
     */
    static byte[] encode(KeyValueBatch batch, Map<Family, Integer> familyIds) {
        long size = HEADER_BYTES;
        for (KeyValueBatch.Change change : batch.changes()) {
            int id = familyIds.get(change.family());
            size += 1
                    + varintBytes(id)
                    + varintBytes(change.key().length())
                    + change.key().length();
            if (change.kind() == KeyValueBatch.Kind.PUT) {
                size += varintBytes(change.valueLength()) + change.valueLength();
            }
        }
        byte[] bytes = new byte[Math.toIntExact(size)];
        putCount(bytes, batch.size());
        int at = HEADER_BYTES;
        for (KeyValueBatch.Change change : batch.changes()) {
            bytes[at++] = tag(change.kind());
            at = putVarint(bytes, at, familyIds.get(change.family()));
            at = putVarint(bytes, at, change.key().length());
            at = put(bytes, at, change.key());
            if (change.kind() == KeyValueBatch.Kind.PUT) {
                at = putVarint(bytes, at, change.valueLength());
                at = put(bytes, at, change.head());
                at = put(bytes, at, change.body());
            }
        }
        return bytes;
    }

    private static byte tag(KeyValueBatch.Kind kind) {
        return switch (kind) {
            case PUT -> TAG_PUT;
            case DELETE -> TAG_DELETE;
            case SINGLE_DELETE -> TAG_SINGLE_DELETE;
        };
    }

    private static void putCount(byte[] bytes, int count) {
        for (int i = 0; i < 4; i++) {
            bytes[8 + i] = (byte) (count >>> (8 * i));
        }
    }

    private static int put(byte[] bytes, int at, Bytes part) {
        System.arraycopy(part.array(), 0, bytes, at, part.length());
        return at + part.length();
    }

    private static int put(byte[] bytes, int begin, Data body) {
        int at = begin;
        for (int i = 0; i < body.blocks().size(); i++) {
            ByteBuffer block = body.blocks().get(i).buffer();
            int length = block.limit();
            block.get(0, bytes, at, length);
            at += length;
        }
        return at;
    }

    private static int putVarint(byte[] bytes, int begin, int value) {
        int at = begin;
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            bytes[at++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return at;
    }

    private static int varintBytes(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }
}
