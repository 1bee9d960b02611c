package io.roost.cluster.sim;

import io.roost.cluster.store.BlockFile;
import io.roost.cluster.store.BlockFiles;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Data files on a {@link SimDisk}. At a power loss each un-synced 4 KiB page is kept, dropped or torn, and each 512-byte
 * sector of a torn page is kept, dropped or filled with garbage (after FoundationDB's AsyncFileNonDurable); the size of
 * a file that grew or shrank is any between old and new; a deleted file may be there again.
 */
public final class MemoryBlockFiles implements BlockFiles {
    private static final int SECTOR_BYTES = 512;
    private static final int PAGE_SECTORS = 8;

    private final SimDisk disk;
    private final TreeMap<Integer, SimFile> files = new TreeMap<>();
    private final TreeMap<Integer, SimFile> deleted = new TreeMap<>();

    /** No files yet. */
    public MemoryBlockFiles(SimDisk disk) {
        this.disk = disk;
        disk.onRestart(this::restart);
    }

    @Override
    public List<Integer> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public BlockFile create(int number) throws IOException {
        disk.step("create data-" + number);
        if (files.containsKey(number)) {
            throw new IOException("data-" + number + " exists");
        }
        SimFile file = new SimFile(number);
        files.put(number, file);
        deleted.remove(number);
        return file;
    }

    @Override
    public BlockFile open(int number) throws IOException {
        SimFile file = files.get(number);
        if (file == null) {
            throw new FileNotFoundException("data-" + number);
        }
        return file;
    }

    @Override
    public void delete(int number) throws IOException {
        disk.step("delete data-" + number);
        SimFile file = files.remove(number);
        if (file == null) {
            throw new FileNotFoundException("data-" + number);
        }
        disk.take(-file.size);
        deleted.put(number, file);
    }

    @Override
    public long availableBytes() {
        return disk.availableBytes();
    }

    @Override
    public long capacityBytes() {
        return disk.capacityBytes();
    }

    /** Flips a bit of what a file holds, durably: bit rot. */
    public void flip(int number, long offset) {
        SimFile file = files.get(number);
        file.bytes[(int) offset] ^= 4;
        file.durable[(int) offset] ^= 4;
    }

    private void restart() {
        for (Iterator<Map.Entry<Integer, SimFile>> left = deleted.entrySet().iterator(); left.hasNext(); ) {
            Map.Entry<Integer, SimFile> file = left.next();
            if (disk.random.nextBoolean()) {
                disk.take(file.getValue().size);
                files.put(file.getKey(), file.getValue());
            }
            left.remove();
        }
        files.values().forEach(SimFile::restart);
    }

    private final class SimFile implements BlockFile {
        private final String name;
        private byte[] bytes = new byte[0];
        private int size;
        private byte[] durable = new byte[0];
        private int durableSize;
        private final BitSet dirtySectors = new BitSet();

        SimFile(int number) {
            name = "data-" + number;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            if (offset + into.remaining() > size) {
                throw new EOFException(name + " ends at " + size);
            }
            into.put(bytes, (int) offset, into.remaining());
        }

        @Override
        public void write(long offset, ByteBuffer from) throws IOException {
            int begin = (int) offset;
            int end = begin + from.remaining();
            int growth = Math.max(0, end - size);
            if (growth > disk.availableBytes()) {
                throw new NoSpaceException(name + " cannot grow by " + growth);
            }
            // Taken even when the power goes off at this step: a part of an unfinished write may reach the disk.
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
            }
            from.get(bytes, begin, end - begin);
            dirtySectors.set(begin / SECTOR_BYTES, (end + SECTOR_BYTES - 1) / SECTOR_BYTES);
            disk.take(growth);
            size += growth;
            disk.step("write " + name);
        }

        @Override
        public void sync() throws IOException {
            disk.step("sync " + name);
            if (!disk.has(SimDisk.Bug.SKIP_FILE_SYNC)) {
                makeDurable();
            }
        }

        private void makeDurable() {
            if (durable.length < size) {
                durable = Arrays.copyOf(durable, bytes.length);
            }
            for (int from = dirtySectors.nextSetBit(0); from >= 0; from = dirtySectors.nextSetBit(from)) {
                int to = dirtySectors.nextClearBit(from);
                int begin = from * SECTOR_BYTES;
                int end = Math.min(bytes.length, to * SECTOR_BYTES);
                System.arraycopy(bytes, begin, durable, begin, Math.min(end, durable.length) - begin);
                from = to;
            }
            dirtySectors.clear();
            durableSize = size;
        }

        @Override
        public void truncate(long newSize) throws IOException {
            disk.step("truncate " + name);
            disk.take(newSize - size);
            size = (int) newSize;
        }

        @Override
        public void close() {}

        private void restart() {
            int low = Math.min(size, durableSize);
            int high = Math.max(size, durableSize);
            int newSize = low + (high == low ? 0 : disk.random.nextInt(high - low + 1));
            byte[] after = Arrays.copyOf(durable, Math.max(bytes.length, durable.length));
            int firstPage = dirtySectors.nextSetBit(0) / PAGE_SECTORS;
            for (int page = Math.max(0, firstPage); page * PAGE_SECTORS < dirtySectors.length(); page++) {
                tear(page, after);
            }
            disk.take(newSize - size);
            bytes = after;
            durable = after.clone();
            size = newSize;
            durableSize = newSize;
            dirtySectors.clear();
        }

        private void tear(int page, byte[] after) {
            // 0: all kept, 1: all dropped, 2: every sector for itself.
            int fate = disk.random.nextInt(3);
            for (int sector = page * PAGE_SECTORS; sector < (page + 1) * PAGE_SECTORS; sector++) {
                int begin = sector * SECTOR_BYTES;
                int end = Math.min(bytes.length, begin + SECTOR_BYTES);
                if (!dirtySectors.get(sector) || begin >= end) {
                    continue;
                }
                int sectorFate = fate == 2 ? disk.random.nextInt(3) : fate;
                if (sectorFate == 0) {
                    System.arraycopy(bytes, begin, after, begin, end - begin);
                } else if (sectorFate == 2) {
                    byte[] garbage = new byte[end - begin];
                    disk.random.nextBytes(garbage);
                    System.arraycopy(garbage, 0, after, begin, garbage.length);
                }
            }
        }
    }
}
