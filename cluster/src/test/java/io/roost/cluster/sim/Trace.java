package io.roost.cluster.sim;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * What happened in a simulation: always a running hash, by which two runs of a seed are compared, and readable lines when
 * they are wanted.
 */
public final class Trace {
    /** Whether lines are kept. */
    public enum Detail {
        /** Only the hash. */
        HASH,
        /** A line for every event. */
        LINES
    }

    private final List<String> lines;
    private final CRC32C checksum = new CRC32C();
    private long hash = 1;

    /** An empty trace. */
    public Trace(Detail detail) {
        lines = detail == Detail.LINES ? new ArrayList<>() : null;
    }

    /**
     * Adds an event.
     *
     * @param micros virtual time
     * @param node where it happens, or the empty string
     * @param what kind of event
     * @param payload what it carries, as far as it must be the same in both runs
     * @param text how a person reads it; asked only when lines are kept
     */
    public void add(long micros, String node, String what, Bytes payload, Supplier<?> text) {
        mix(micros);
        mix(node.hashCode() * 31L + what.hashCode());
        checksum.reset();
        checksum.update(payload.array(), 0, payload.length());
        mix(checksum.getValue());
        if (lines != null) {
            lines.add(String.format(Locale.ROOT, "%12.6f %-4s %-8s %s", micros / 1e6, node, what, text.get()));
        }
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
    }

    /** Two runs in which the same happened have the same. */
    public long hash() {
        return hash;
    }

    /** The lines kept. */
    public List<String> lines() {
        return lines == null ? List.of() : Collections.unmodifiableList(lines);
    }
}
