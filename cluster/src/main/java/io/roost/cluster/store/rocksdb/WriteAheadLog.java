package io.roost.cluster.store.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Looks for damage in RocksDB's write-ahead logs, and tells a write that was under way when the power failed from damage
 * to what had been synced. RocksDB's own recovery modes cannot: they drop everything behind the first bad byte, or a part
 * of it, or refuse every torn write; and all of them step over a block that begins with zeros.
 *
 * <p>A record is written only after the one before is synced. So a bad piece with the beginning of a good record anywhere
 * behind it had been synced: it is damaged. A bad piece with no record behind it may be either; what was acknowledged
 * tells.
 *
 * <pre>
 * block   32 KiB: records; when fewer than 7 bytes are left, they are not used
 * record  masked CRC32C u32 of all that follows, length u16, type u8, data; little-endian
 * type    1 a whole batch, 2 its first piece, 3 one in the middle, 4 its last
 * batch   sequence number u64 of its first change, number of changes u32, changes; little-endian
 * </pre>
 */
final class WriteAheadLog {
    private static final int BLOCK_BYTES = 32 * 1024;
    private static final int HEADER_BYTES = 7;
    private static final int BATCH_HEADER_BYTES = 12;
    private static final int MASK_DELTA = 0xa282ead8;
    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int LAST = 4;

    /** Where a log is damaged. */
    enum Place {
        /** Nothing is behind it. */
        TAIL,
        /** A later write is behind it. */
        MIDDLE
    }

    /**
     * The first damage.
     *
     * @param file the log
     * @param offset of the batch that cannot be read
     * @param what is wrong
     * @param place of the damage
     */
    record Damage(Path file, long offset, String what, Place place) {
        @Override
        public String toString() {
            return file + " at byte " + offset + " (" + what + ")";
        }
    }

    private final byte[] block = new byte[BLOCK_BYTES];
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer batchHeader =
            ByteBuffer.allocate(BATCH_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private boolean inBatch;
    private long batchOffset;
    private long nextSequence;
    private boolean isFollowed;
    private Damage damage;

    private WriteAheadLog() {}

    /** The logs of a folder by their numbers. */
    static Map<Long, Path> files(Path folder) throws IOException {
        Map<Long, Path> logs = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.log")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.matches("\\d{1,18}\\.log")) {
                    logs.put(Long.parseLong(name.substring(0, name.length() - 4)), file);
                }
            }
        }
        return logs;
    }

    /**
     * The first damage in the logs of a folder, or null.
     *
     * @param firstLog number of the first log that counts; older ones hold nothing that is not in tables
     */
    static Damage inspect(Path folder, long firstLog) throws IOException {
        WriteAheadLog logs = new WriteAheadLog();
        for (Map.Entry<Long, Path> log : files(folder).entrySet()) {
            if (log.getKey() >= firstLog) {
                logs.inspect(log.getValue());
            }
            if (logs.damage != null && logs.damage.place() == Place.MIDDLE) {
                break;
            }
        }
        return logs.damage;
    }

    private void inspect(Path file) throws IOException {
        inBatch = false;
        nextSequence = -1;
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            for (long at = 0; at < size; at += BLOCK_BYTES) {
                int length = read(channel, at);
                int from = damage == null ? walk(file, at, length) : 0;
                if (damage != null && damage.place() == Place.TAIL && batchBegins(from, length)) {
                    damage = new Damage(damage.file(), damage.offset(), damage.what(), Place.MIDDLE);
                    return;
                }
            }
        }
        if (damage == null && inBatch) {
            damage = new Damage(file, batchOffset, "the batch does not end", Place.TAIL);
        }
    }

    private int read(FileChannel channel, long at) throws IOException {
        ByteBuffer into = ByteBuffer.wrap(block);
        while (into.hasRemaining() && channel.read(into, at + into.position()) > 0) {
            // Again, until the block is full or the file ends.
        }
        return into.position();
    }

    /** Goes through the records of a block; returns where it stopped because of damage. */
    private int walk(Path file, long blockOffset, int length) {
        int at = 0;
        while (length - at >= HEADER_BYTES) {
            String wrong = isRecord(at, length) ? onRecord(blockOffset + at, at) : "a record has another checksum";
            if (wrong != null) {
                Place place = isFollowed ? Place.MIDDLE : Place.TAIL;
                damage = new Damage(file, inBatch ? batchOffset : blockOffset + at, wrong, place);
                return at;
            }
            at += HEADER_BYTES + dataBytes(at);
        }
        if (at < length && length < BLOCK_BYTES) {
            damage = new Damage(file, inBatch ? batchOffset : blockOffset + at, "a record is cut off", Place.TAIL);
        }
        return at;
    }

    /** Takes a record whose checksum is right; returns what is wrong with it at this place, or null. */
    private String onRecord(long offset, int at) {
        int type = block[at + 6];
        boolean begins = type == FULL || type == FIRST;
        if (type < FULL || type > LAST) {
            return "a record is of unknown type " + type;
        }
        if (begins == inBatch) {
            return begins ? "the batch does not end" : "the batch does not begin";
        }
        if (begins) {
            batchOffset = offset;
            batchHeader.clear();
        }
        inBatch = true;
        batchHeader.put(block, at + HEADER_BYTES, Math.min(dataBytes(at), batchHeader.remaining()));
        if (type == FULL || type == LAST) {
            if (batchHeader.hasRemaining()) {
                return "the batch is too short";
            }
            long sequence = batchHeader.getLong(0);
            if (nextSequence >= 0 && sequence != nextSequence) {
                isFollowed = true;
                return "batches are missing: sequence number " + sequence + " instead of " + nextSequence;
            }
            nextSequence = sequence + Integer.toUnsignedLong(batchHeader.getInt(8));
            inBatch = false;
        }
        return null;
    }

    /**
     * True when a batch with changes begins anywhere in the rest of the block. Lengths cannot be trusted any more, so at
     * any byte. An empty batch proves nothing: RocksDB itself writes one behind a torn one when it is opened.
     */
    private boolean batchBegins(int from, int length) {
        for (int at = from; length - at >= HEADER_BYTES; at++) {
            int type = block[at + 6];
            boolean fits = type == FULL
                    ? dataBytes(at) > BATCH_HEADER_BYTES
                    : type == FIRST && at + HEADER_BYTES + dataBytes(at) == BLOCK_BYTES;
            if (fits && isRecord(at, length)) {
                return true;
            }
        }
        return false;
    }

    private boolean isRecord(int at, int length) {
        int dataBytes = dataBytes(at);
        if (at + HEADER_BYTES + dataBytes > length) {
            return false;
        }
        crc.reset();
        crc.update(block, at + 6, 1 + dataBytes);
        int sum = (int) crc.getValue();
        int masked = ((sum >>> 15) | (sum << 17)) + MASK_DELTA;
        return masked == u16(at) + (u16(at + 2) << 16);
    }

    private int dataBytes(int at) {
        return u16(at + 4);
    }

    private int u16(int at) {
        return (block[at] & 0xff) | ((block[at + 1] & 0xff) << 8);
    }
}
