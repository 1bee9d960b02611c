package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers and sizes of the parts of a completed multipart object, as runs: the usual object of equal parts and a shorter
 * last one is two runs, whatever their number.
 *
 * @param runs in order of part numbers; empty for an object that is not multipart
 */
public record PartList(List<Run> runs) {
    /** No parts. */
    public static final PartList EMPTY = new PartList(List.of());

    /**
     * Consecutive part numbers of equal size.
     *
     * @param firstNumber 1 to 10,000
     * @param count 1 and more
     * @param partBytes of each
     */
    public record Run(int firstNumber, int count, long partBytes) {}

    /** Checks the order and copies the list. */
    public PartList {
        runs = List.copyOf(runs);
        int next = 1;
        for (Run run : runs) {
            if (run.firstNumber < next || run.count < 1 || run.partBytes < 0) {
                throw new IllegalArgumentException("runs of parts " + runs);
            }
            next = run.firstNumber + run.count;
        }
        if (next > PartPage.MAX_PART_NUMBER + 1) {
            throw new IllegalArgumentException("part number " + (next - 1));
        }
    }

    /** The list of parts that are in order of their numbers. */
    public static PartList of(List<PartPage.Part> parts) {
        List<Run> runs = new ArrayList<>();
        int first = 0;
        int count = 0;
        long partBytes = 0;
        for (PartPage.Part part : parts) {
            if (count > 0 && part.number() == first + count && part.sizeBytes() == partBytes) {
                count++;
                continue;
            }
            if (count > 0) {
                runs.add(new Run(first, count, partBytes));
            }
            first = part.number();
            count = 1;
            partBytes = part.sizeBytes();
        }
        if (count > 0) {
            runs.add(new Run(first, count, partBytes));
        }
        return new PartList(runs);
    }

    /** Number of parts. */
    public int count() {
        int count = 0;
        for (Run run : runs) {
            count += run.count;
        }
        return count;
    }

    /** Bytes of all parts. */
    public long sizeBytes() {
        long size = 0;
        for (Run run : runs) {
            size += run.count * run.partBytes;
        }
        return size;
    }

    /**
     * Where a byte of the object is.
     *
     * @param partNumber the part that has it
     * @param partOffset where in the object that part begins
     */
    public record Position(int partNumber, long partOffset) {}

    /** The part that holds the byte at an offset below {@link #sizeBytes}. */
    public Position at(long offset) {
        long begin = 0;
        for (Run run : runs) {
            long runBytes = run.count * run.partBytes;
            if (offset < begin + runBytes) {
                int index = (int) ((offset - begin) / run.partBytes);
                return new Position(run.firstNumber + index, begin + index * run.partBytes);
            }
            begin += runBytes;
        }
        throw new IllegalArgumentException("offset " + offset + " of " + begin);
    }

    /**
     * Bytes of the object.
     *
     * @param offset of the first
     * @param length 0 and more
     */
    public record Extent(long offset, long length) {}

    /** Where the part of a number is, or null when the object has none of that number. */
    public Extent extent(int partNumber) {
        long begin = 0;
        for (Run run : runs) {
            if (partNumber >= run.firstNumber && partNumber < run.firstNumber + run.count) {
                return new Extent(begin + (partNumber - run.firstNumber) * run.partBytes, run.partBytes);
            }
            begin += run.count * run.partBytes;
        }
        return null;
    }

    /** True when the object has a part of that number. */
    public boolean contains(int partNumber) {
        for (Run run : runs) {
            if (partNumber >= run.firstNumber && partNumber < run.firstNumber + run.count) {
                return true;
            }
        }
        return false;
    }

    /** Writes the number of runs and, of each, first number, count, bytes of a part (varints). */
    public void encode(ByteWriter out) {
        out.varint(runs.size());
        for (Run run : runs) {
            out.varint(run.firstNumber).varint(run.count).varint(run.partBytes);
        }
    }

    /** Reads what {@link #encode} writes. */
    public static PartList decode(ByteReader in) {
        int count = in.count(PartPage.MAX_PART_NUMBER);
        if (count == 0) {
            return EMPTY;
        }
        List<Run> runs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            runs.add(new Run(in.count(PartPage.MAX_PART_NUMBER), in.count(PartPage.MAX_PART_NUMBER), in.varint()));
        }
        try {
            return new PartList(runs);
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException(e.getMessage());
        }
    }
}
