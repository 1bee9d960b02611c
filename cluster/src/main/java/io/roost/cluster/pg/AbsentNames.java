package io.roost.cluster.pg;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Mutation;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Names of one locator that are not here as the log says, at one moment. Immutable: read by any thread. */
final class AbsentNames {
    /** All is here. */
    static final AbsentNames NONE = new AbsentNames(Collections.emptyNavigableSet());

    private static final Bytes WORK_BEGIN = Bytes.of(0x80);

    private final NavigableSet<Bytes> names;

    AbsentNames(NavigableSet<Bytes> names) {
        this.names = names.isEmpty() ? Collections.emptyNavigableSet() : new TreeSet<>(names);
    }

    /** Ends the evaluation when the name is one of them. */
    void check(Bytes name) {
        if (!names.isEmpty() && names.contains(name)) {
            throw new MissingName(name);
        }
    }

    /**
     * Ends the evaluation when one of them is in a range.
     *
     * @param to null for the end of the family
     */
    void check(Bytes from, Bytes to) {
        if (names.isEmpty()) {
            return;
        }
        Bytes first = names.ceiling(from);
        boolean isWork = !from.isEmpty() && Mutation.isWork(from);
        Bytes end = to != null || isWork ? to : WORK_BEGIN;
        if (first != null && (end == null || first.compareTo(end) < 0)) {
            throw new MissingName(first);
        }
    }
}
