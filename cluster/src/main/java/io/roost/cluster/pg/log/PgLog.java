package io.roost.cluster.pg.log;

import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The index of a placement group's log: which versions the store keeps, and which request made each. The entries
 * themselves stay in the store. Versions are contiguous: each is one more than the last.
 */
public final class PgLog {
    /**
     * How much log is kept; the window in which a resend is recognised.
     *
     * @param maxEntries trimmed above this; about 150 bytes of heap each
     * @param maxBytes of encoded entries, trimmed above this
     * @param trimBatch entries trimmed at once, so that trimming is rare
     */
    public record Limits(int maxEntries, long maxBytes, int trimBatch) {
        /** 3,000 entries or 16 MiB: what a node may miss, and get entry by entry. */
        public static final Limits DEFAULT = new Limits(3000, 16L * 1024 * 1024, 64);
    }

    private record Kept(ObjectVersion version, RequestId request, int bytes) {}

    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private final Map<RequestId, ObjectVersion> byRequest = new HashMap<>();
    private ObjectVersion tail;
    private ObjectVersion head;
    private long bytes;

    /**
     * A log that keeps nothing yet.
     *
     * @param tail the last version that is not kept any more, {@link ObjectVersion#NONE} for a new placement group
     */
    public PgLog(ObjectVersion tail) {
        this.tail = tail;
        this.head = tail;
    }

    /** The newest version, or the tail when nothing is kept. */
    public ObjectVersion head() {
        return head;
    }

    /** Every version after this one is kept. */
    public ObjectVersion tail() {
        return tail;
    }

    /** The newest version kept that is not after the given one, or the tail when there is none. */
    public ObjectVersion floor(ObjectVersion version) {
        Iterator<Kept> newestFirst = kept.descendingIterator();
        while (newestFirst.hasNext()) {
            ObjectVersion candidate = newestFirst.next().version();
            if (candidate.compareTo(version) <= 0) {
                return candidate;
            }
        }
        return tail;
    }

    /** Number of entries kept. */
    public int size() {
        return kept.size();
    }

    /** The versions kept, oldest first. */
    public List<ObjectVersion> versions() {
        return kept.stream().map(Kept::version).toList();
    }

    /** The version that a request made, or null when it is not in the log. */
    public ObjectVersion find(RequestId request) {
        return byRequest.get(request);
    }

    /**
     * Appends an entry.
     *
     * @param encodedBytes of its row
     */
    public void append(ObjectVersion version, RequestId request, int encodedBytes) {
        if (version.version() != head.version() + 1 || version.compareTo(head) <= 0) {
            throw new IllegalStateException("log entry " + version + " after " + head);
        }
        head = version;
        bytes += encodedBytes;
        kept.addLast(new Kept(version, request, encodedBytes));
        if (!request.equals(RequestId.NONE)) {
            byRequest.put(request, version);
        }
    }

    /** Takes back the entries from a version on, which were never committed. */
    public void rollBack(ObjectVersion from) {
        while (!kept.isEmpty() && kept.peekLast().version().compareTo(from) >= 0) {
            Kept newest = kept.removeLast();
            bytes -= newest.bytes();
            byRequest.remove(newest.request(), newest.version());
        }
        head = kept.isEmpty() ? tail : kept.peekLast().version();
    }

    /**
     * Drops the oldest entries when there are too many, but none from {@code keepFrom} on.
     *
     * @return the versions dropped, oldest first
     */
    public List<ObjectVersion> trim(Limits limits, ObjectVersion keepFrom) {
        if (kept.size() <= limits.maxEntries() + limits.trimBatch() && bytes <= limits.maxBytes()) {
            return List.of();
        }
        List<ObjectVersion> trimmed = new ArrayList<>(limits.trimBatch());
        while (!kept.isEmpty()
                && kept.peekFirst().version().compareTo(keepFrom) < 0
                && (kept.size() > limits.maxEntries() || bytes > limits.maxBytes() / 2)) {
            trimmed.add(dropOldest());
        }
        return trimmed;
    }

    /** Drops the entries up to a version; returns the versions dropped, oldest first. */
    public List<ObjectVersion> trimTo(ObjectVersion version) {
        List<ObjectVersion> trimmed = new ArrayList<>();
        while (!kept.isEmpty() && kept.peekFirst().version().compareTo(version) <= 0) {
            trimmed.add(dropOldest());
        }
        return trimmed;
    }

    private ObjectVersion dropOldest() {
        Kept oldest = kept.removeFirst();
        bytes -= oldest.bytes();
        byRequest.remove(oldest.request(), oldest.version());
        tail = oldest.version();
        return tail;
    }
}
