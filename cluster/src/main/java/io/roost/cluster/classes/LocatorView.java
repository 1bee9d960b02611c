package io.roost.cluster.classes;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;

/**
 * What a class method sees of its locator: committed state, and for a writing method the transactions in flight on top
 * of it. Only valid during the evaluation.
 *
 * <p>A read that would need the disk ends the evaluation with {@link StoreMiss}, which a method must let pass; it is
 * then run again from its start. Entries stepped over are limited to {@link EvaluationLimits#MAX_ENTRIES_READ}.
 */
public interface LocatorView {
    /** The locator seen. */
    Locator locator();

    /** The entry of a name, or null. */
    Entry entry(Bytes name);

    /** The value of an entry, empty when it has none or does not exist. */
    Bytes value(Bytes name);

    /**
     * The entries of names in {@code [from, to)}, in byte order. Both must be names of one family: all below 0x80 in
     * their first byte, or all from 0x80 on ({@code to} may be the first name of the next family).
     *
     * @param to null for the end of the family; nothing is found when it is not above {@code from}
     */
    EntryCursor entries(Bytes from, Bytes to);
}
