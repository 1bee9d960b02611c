package io.roost.cluster.pg;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * The range of keys in which nothing may change for a time, while it is filled or compared: it moves on through a placement
 * group. Writes to it wait.
 */
final class MovingRange {
    private final List<Commits.Step> blocked = new ArrayList<>();
    private Bytes after = Bytes.EMPTY;
    private Bytes through = Bytes.EMPTY;
    private boolean isClosed;

    /** Lets nothing change from here on of keys above the first and up to the second; there is no such range yet. */
    void close(Bytes newAfter, Bytes newThrough) {
        after = newAfter;
        through = newThrough;
        isClosed = true;
    }

    /** Keys above this one. */
    Bytes after() {
        return after;
    }

    /** Up to this one. */
    Bytes through() {
        return through;
    }

    /** True while there is such a range. */
    boolean isClosed() {
        return isClosed;
    }

    /** True when an entry must not be changed now. */
    boolean holds(Bytes key) {
        return isClosed && key.compareTo(after) > 0 && key.compareTo(through) <= 0;
    }

    /** Ends earlier: what is behind the key may change, when those who wait for it try again. */
    void narrow(Bytes newThrough) {
        through = newThrough.compareTo(through) < 0 ? newThrough : through;
    }

    /** Does something when there is another range, or none. */
    void whenMoved(Commits.Step step) {
        blocked.add(step);
    }

    /** Lets everything change again; who waits goes on. */
    void open(PgEffects out) {
        isClosed = false;
        List<Commits.Step> steps = List.copyOf(blocked);
        blocked.clear();
        steps.forEach(step -> step.run(out));
    }

    /** The interval has ended: nobody goes on. */
    void end() {
        isClosed = false;
        blocked.clear();
    }
}
