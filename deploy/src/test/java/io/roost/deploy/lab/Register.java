package io.roost.deploy.lab;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The history of a key with one writer and any number of readers, and what a reader may see: nothing older than what was
 * acknowledged before it asked, or than what another reader has got before it asked. A write of which an attempt had no
 * answer may take effect at any later time, which is why its writer leaves the key then. For any thread.
 */
final class Register {
    private static final int SEEN_KEPT = 256;

    private static final class Write {
        private final boolean isDelete;
        private long acknowledgedAt = Long.MAX_VALUE;
        private boolean isUnresolved;

        Write(boolean isDelete) {
            this.isDelete = isDelete;
        }
    }

    private final String key;
    private final Violations violations;
    /** By sequence number; 0 is that there is nothing yet. */
    private final TreeMap<Integer, Write> writes = new TreeMap<>();
    /** When a read ended → the newest that was seen until then. */
    private final TreeMap<Long, Integer> seen = new TreeMap<>();

    Register(String key, Violations violations) {
        this.key = key;
        this.violations = violations;
        Write none = new Write(true);
        none.acknowledgedAt = Long.MIN_VALUE;
        writes.put(0, none);
    }

    String key() {
        return key;
    }

    /** A write begins; its number. */
    synchronized int begin(boolean isDelete) {
        int sequence = writes.lastKey() + 1;
        writes.put(sequence, new Write(isDelete));
        return sequence;
    }

    synchronized void acknowledged(int sequence) {
        Write write = writes.get(sequence);
        write.acknowledgedAt = Math.min(write.acknowledgedAt, System.nanoTime());
    }

    /** An attempt has had no answer, or one that leaves it open. */
    synchronized void unresolved(int sequence) {
        writes.get(sequence).isUnresolved = true;
    }

    /** True when an attempt may still take effect. */
    synchronized boolean isUnresolved() {
        return writes.values().stream().anyMatch(write -> write.isUnresolved);
    }

    /** The bytes of a write. */
    byte[] body(int sequence, int length) {
        byte[] head = (key + " " + sequence + " " + length + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[Math.max(length, head.length)];
        new SplittableRandom(key.hashCode() * 31L + sequence).nextBytes(body);
        System.arraycopy(head, 0, body, 0, head.length);
        return body;
    }

    /**
     * Somebody has read.
     *
     * @param body empty when there was nothing
     * @param beganAt when it asked
     */
    void read(Optional<byte[]> body, long beganAt, String reader) {
        if (body.isEmpty()) {
            sawNothing(beganAt, reader);
            return;
        }
        String text = new String(body.get(), 0, Math.min(body.get().length, 200), StandardCharsets.UTF_8);
        String[] head = text.lines().findFirst().orElse("").split(" ", -1);
        if (head.length != 3
                || !head[0].equals(key)
                || !head[1].matches("[0-9]{1,9}")
                || !head[2].matches("[0-9]{1,9}")) {
            violations.add(Violations.Kind.WRONG, key + " begins with '" + String.join(" ", head) + "', by " + reader);
            return;
        }
        int sequence = Integer.parseInt(head[1]);
        byte[] written = body(sequence, Integer.parseInt(head[2]));
        if (!Arrays.equals(written, body.get())) {
            violations.add(
                    Violations.Kind.WRONG,
                    key + " write " + sequence + " is other bytes from " + Arrays.mismatch(written, body.get()) + " of "
                            + written.length + " (" + body.get().length + " read), by " + reader);
            return;
        }
        saw(sequence, beganAt, reader);
    }

    private synchronized void saw(int sequence, long beganAt, String reader) {
        Write write = writes.get(sequence);
        if (write == null || write.isDelete) {
            violations.add(Violations.Kind.WRONG, key + " write " + sequence + " was never made, by " + reader);
            return;
        }
        int oldest = oldestLegal(beganAt);
        if (sequence < oldest && !write.isUnresolved) {
            violations.add(
                    Violations.Kind.STALE,
                    key + " write " + sequence + " was read, when " + oldest + " had been acknowledged or read, by "
                            + reader);
        }
        long now = System.nanoTime();
        Map.Entry<Long, Integer> before = seen.lastEntry();
        if (!write.isUnresolved && (before == null || before.getValue() < sequence)) {
            seen.put(now, sequence);
        }
        if (seen.size() > SEEN_KEPT) {
            seen.pollFirstEntry();
        }
    }

    private synchronized void sawNothing(long beganAt, String reader) {
        int oldest = oldestLegal(beganAt);
        boolean isLegal = writes.entrySet().stream()
                .anyMatch(write ->
                        write.getValue().isDelete && (write.getKey() >= oldest || write.getValue().isUnresolved));
        if (!isLegal) {
            violations.add(
                    Violations.Kind.LOST,
                    key + " is not there, when write " + oldest + " had been acknowledged or read, by " + reader);
        }
    }

    /** The newest write that had taken effect for certain when a read began. */
    private int oldestLegal(long beganAt) {
        int oldest = 0;
        for (Map.Entry<Integer, Write> write : writes.descendingMap().entrySet()) {
            if (write.getValue().acknowledgedAt < beganAt) {
                oldest = write.getKey();
                break;
            }
        }
        Map.Entry<Long, Integer> before = seen.lowerEntry(beganAt);
        return before == null ? oldest : Math.max(oldest, before.getValue());
    }
}
