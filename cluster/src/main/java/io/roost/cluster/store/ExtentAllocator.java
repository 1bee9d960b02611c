package io.roost.cluster.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The free space in the data files: coalesced pieces, found by size (the smallest that is large enough) or, when none is,
 * put together from the largest. It is not stored but derived from the rows at every start. For one thread.
 */
final class ExtentAllocator {
    private static final Comparator<Extent> BY_SIZE = Comparator.comparingLong(Extent::length)
            .thenComparingInt(Extent::file)
            .thenComparingLong(Extent::offset);

    private final TreeSet<Extent> bySize = new TreeSet<>(BY_SIZE);
    private final TreeMap<Integer, TreeMap<Long, Extent>> byPlace = new TreeMap<>();
    private final AtomicLong freeBytes = new AtomicLong();

    /** Bytes free. For any thread. */
    long freeBytes() {
        return freeBytes.get();
    }

    /** Length of the longest free piece, 0 for none. */
    long longestBytes() {
        return bySize.isEmpty() ? 0 : bySize.last().length();
    }

    /** The free pieces by file and offset. */
    List<Extent> free() {
        List<Extent> all = new ArrayList<>(bySize.size());
        for (Map<Long, Extent> file : byPlace.values()) {
            all.addAll(file.values());
        }
        return all;
    }

    /**
     * Takes free space.
     *
     * @param bytes a multiple of {@link Extent#UNIT_BYTES}, greater than 0
     * @return extents that add up to it, or an empty list when there is not so much
     */
    List<Extent> allocate(long bytes) {
        if (bytes > freeBytes.get()) {
            return List.of();
        }
        List<Extent> taken = new ArrayList<>(1);
        long left = bytes;
        while (left > 0) {
            Extent fit = bySize.ceiling(new Extent(0, 0, left));
            Extent piece = fit == null ? bySize.last() : fit;
            long length = Math.min(left, piece.length());
            remove(piece);
            if (length < piece.length()) {
                add(new Extent(piece.file(), piece.offset() + length, piece.length() - length));
            }
            taken.add(new Extent(piece.file(), piece.offset(), length));
            left -= length;
        }
        return taken;
    }

    /**
     * Adds free space, joining it with its neighbours.
     *
     * @throws IllegalStateException when part of it is free already
     */
    void release(Extent extent) {
        TreeMap<Long, Extent> file = byPlace.computeIfAbsent(extent.file(), f -> new TreeMap<>());
        Map.Entry<Long, Extent> before = file.lowerEntry(extent.offset());
        Map.Entry<Long, Extent> after = file.ceilingEntry(extent.offset());
        if ((before != null && before.getValue().end() > extent.offset())
                || (after != null && after.getValue().offset() < extent.end())) {
            throw new IllegalStateException("extent " + extent + " is free already");
        }
        long begin = extent.offset();
        long end = extent.end();
        if (before != null && before.getValue().end() == begin) {
            begin = before.getValue().offset();
            remove(before.getValue());
        }
        if (after != null && after.getValue().offset() == end) {
            end = after.getValue().end();
            remove(after.getValue());
        }
        add(new Extent(extent.file(), begin, end - begin));
    }

    /** Takes one certain piece; false when it is not free as a whole. */
    boolean reserve(Extent extent) {
        TreeMap<Long, Extent> file = byPlace.get(extent.file());
        Map.Entry<Long, Extent> floor = file == null ? null : file.floorEntry(extent.offset());
        if (floor == null || floor.getValue().end() < extent.end()) {
            return false;
        }
        Extent piece = floor.getValue();
        remove(piece);
        if (piece.offset() < extent.offset()) {
            add(new Extent(extent.file(), piece.offset(), extent.offset() - piece.offset()));
        }
        if (extent.end() < piece.end()) {
            add(new Extent(extent.file(), extent.end(), piece.end() - extent.end()));
        }
        return true;
    }

    /** The free piece that ends where a file does, or null. */
    Extent tail(int file, long fileSize) {
        TreeMap<Long, Extent> pieces = byPlace.get(file);
        Extent last =
                pieces == null || pieces.isEmpty() ? null : pieces.lastEntry().getValue();
        return last != null && last.end() == fileSize ? last : null;
    }

    private void add(Extent piece) {
        bySize.add(piece);
        byPlace.get(piece.file()).put(piece.offset(), piece);
        freeBytes.addAndGet(piece.length());
    }

    private void remove(Extent piece) {
        bySize.remove(piece);
        byPlace.get(piece.file()).remove(piece.offset());
        freeBytes.addAndGet(-piece.length());
    }
}
