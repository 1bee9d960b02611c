package io.roost.cluster.store;

import io.roost.cluster.object.Data;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The data files and the free space in them. They grow by steps that are really written, so that a full disk shows when
 * a file grows and never when a body is written. Everything but {@link #read} is for the committing thread.
 */
final class DataFiles implements AutoCloseable {
    /** Largest file; also 1/16 of the capacity, so that giving back one file is a small step. */
    private static final long MAX_FILE_BYTES = 1L << 30;

    private static final long MIN_FILE_BYTES = 1L << 20;
    private static final long MAX_STEP_BYTES = 16L << 20;
    private static final int ZERO_BYTES = 256 * 1024;

    private final BlockFiles folder;
    private final ExtentAllocator allocator = new ExtentAllocator();
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES).asReadOnlyBuffer();
    private final ByteBuffer tail = ByteBuffer.allocateDirect(Data.BLOCK_BYTES);
    private final TreeSet<Integer> touched = new TreeSet<>();
    private final TreeMap<Integer, Long> sizes = new TreeMap<>();
    private volatile Map<Integer, BlockFile> files = Collections.emptyMap();
    private int firstFile = 1;
    private final AtomicLong totalBytes = new AtomicLong();
    private long syncs;

    private DataFiles(BlockFiles folder) {
        this.folder = folder;
    }

    /** Opens all files; all of their space is free until it is reserved. */
    static DataFiles open(BlockFiles folder) throws IOException {
        DataFiles opened = new DataFiles(folder);
        for (int number : folder.list()) {
            BlockFile file = folder.open(number);
            opened.publish(number, file);
            // A crash may have left part of a unit at the end of a file that was growing.
            long size = file.size() / Extent.UNIT_BYTES * Extent.UNIT_BYTES;
            opened.resized(number, size);
            if (size > 0) {
                opened.allocator.release(new Extent(number, 0, size));
            }
        }
        return opened;
    }

    /**
     * Leaves all files that exist, and all up to a number, as they are: nothing is written to them, and what is freed in
     * them is not used again. For a store that does not know what is free in them.
     */
    void leaveAsTheyAre(int lastFile) {
        firstFile = 1 + Math.max(lastFile, sizes.isEmpty() ? 0 : sizes.lastKey());
        allocator.free().forEach(allocator::reserve);
    }

    /** Makes space free that was allocated. */
    void release(Extent extent) {
        if (extent.file() >= firstFile) {
            allocator.release(extent);
        }
    }

    ExtentAllocator allocator() {
        return allocator;
    }

    /** Bytes of all files. For any thread. */
    long totalBytes() {
        return totalBytes.get();
    }

    /** Bytes of each file that are allocated or free. */
    Map<Integer, Long> sizes() {
        return new TreeMap<>(sizes);
    }

    /** Number of syncs of files so far. */
    long syncs() {
        return syncs;
    }

    /** How much a store of a capacity grows at a time. */
    static long stepBytes(long capacityBytes) {
        return Extent.roundUp(Math.max(MIN_FILE_BYTES, Math.min(MAX_STEP_BYTES, capacityBytes / 64)));
    }

    /**
     * Adds free space at the end of the last file, or in new files.
     *
     * @param bytes a multiple of {@link Extent#UNIT_BYTES}
     * @throws BlockFile.NoSpaceException when the disk is full; the files are as before
     */
    void grow(long bytes, long capacityBytes) throws IOException {
        long fileLimit = Extent.roundUp(Math.max(MIN_FILE_BYTES, Math.min(MAX_FILE_BYTES, capacityBytes / 16)));
        long left = bytes;
        while (left > 0) {
            int number = Math.max(firstFile, sizes.isEmpty() ? 0 : sizes.lastKey());
            Long size = sizes.get(number);
            if (size == null || size >= fileLimit) {
                number = size == null ? number : number + 1;
                publish(number, folder.create(number));
                resized(number, 0);
                size = 0L;
            }
            long step = Math.min(left, fileLimit - size);
            extend(number, size, step);
            left -= step;
        }
    }

    private void extend(int number, long size, long bytes) throws IOException {
        BlockFile file = files.get(number);
        touched.add(number);
        try {
            for (long at = size; at < size + bytes; at += ZERO_BYTES) {
                file.write(at, zeros.duplicate().limit((int) Math.min(ZERO_BYTES, size + bytes - at)));
            }
        } catch (BlockFile.NoSpaceException e) {
            // What was written is the room that the rest of the store needs to go on deleting.
            file.truncate(size);
            throw e;
        }
        resized(number, size + bytes);
        allocator.release(new Extent(number, size, bytes));
    }

    /** Writes a body to its extents. Not durable before {@link #sync}. */
    void write(Data body, List<Extent> extents) throws IOException {
        int at = 0;
        long offset = extents.get(0).offset();
        for (Data.Block block : body.blocks()) {
            ByteBuffer bytes = padded(block);
            while (bytes.hasRemaining()) {
                Extent extent = extents.get(at);
                int length = (int) Math.min(bytes.remaining(), extent.end() - offset);
                ByteBuffer part = bytes.slice(bytes.position(), length);
                touched.add(extent.file());
                files.get(extent.file()).write(offset, part);
                bytes.position(bytes.position() + length);
                offset += length;
                if (offset == extent.end() && at + 1 < extents.size()) {
                    offset = extents.get(++at).offset();
                }
            }
        }
    }

    /** A block's bytes, filled with zeros to a whole unit: a partial page would have to be read before it is written. */
    private ByteBuffer padded(Data.Block block) {
        ByteBuffer bytes = block.bytes();
        int length = bytes.remaining();
        if (length % Extent.UNIT_BYTES == 0) {
            return bytes;
        }
        int padding = (int) Extent.roundUp(length) - length;
        return tail.clear().put(bytes).put(zeros.duplicate().limit(padding)).flip();
    }

    /** Makes everything written so far durable, with one sync for each file that was written to. */
    void sync() throws IOException {
        for (int number : touched) {
            BlockFile file = files.get(number);
            if (file != null) {
                file.sync();
                syncs++;
            }
        }
        touched.clear();
    }

    /** Reads one block of a body, unverified, into a buffer of at least its length; position 0 to limit are its bytes. */
    void read(ExtentsRow row, int block, ByteBuffer into) throws IOException {
        into.clear().limit(row.blockLength(block));
        long skip = (long) block * Data.BLOCK_BYTES;
        for (Extent extent : row.extents()) {
            if (skip >= extent.length()) {
                skip -= extent.length();
                continue;
            }
            BlockFile file = files.get(extent.file());
            if (file == null) {
                throw new IOException("there is no data file " + extent.file());
            }
            int limit = into.limit();
            into.limit((int) Math.min(limit, into.position() + extent.length() - skip));
            file.read(extent.offset() + skip, into);
            into.limit(limit);
            skip = 0;
            if (!into.hasRemaining()) {
                break;
            }
        }
        into.flip();
    }

    /** Gives free space at the ends of files back to the disk, about as much as asked for. */
    void shrink(long bytes) throws IOException {
        long left = bytes;
        for (int number : new ArrayList<>(sizes.descendingKeySet())) {
            long size = sizes.get(number);
            Extent free = allocator.tail(number, size);
            if (left <= 0 || free == null) {
                continue;
            }
            allocator.reserve(free);
            left -= free.length();
            if (free.offset() == 0) {
                remove(number);
            } else {
                files.get(number).truncate(free.offset());
                resized(number, free.offset());
            }
        }
    }

    private void remove(int number) throws IOException {
        TreeMap<Integer, BlockFile> rest = new TreeMap<>(files);
        BlockFile file = rest.remove(number);
        files = rest;
        totalBytes.addAndGet(-sizes.remove(number));
        touched.remove(number);
        file.close();
        folder.delete(number);
    }

    private void publish(int number, BlockFile file) {
        TreeMap<Integer, BlockFile> more = new TreeMap<>(files);
        more.put(number, file);
        files = more;
    }

    private void resized(int number, long size) {
        Long before = sizes.put(number, size);
        totalBytes.addAndGet(size - (before == null ? 0 : before));
    }

    @Override
    public void close() throws IOException {
        for (BlockFile file : files.values()) {
            file.close();
        }
        files = Collections.emptyMap();
    }
}
