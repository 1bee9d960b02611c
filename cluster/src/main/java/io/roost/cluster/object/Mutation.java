package io.roost.cluster.object;

import java.util.Objects;

/**
 * One absolute change of one entry. Names whose first byte is 0x80 or greater are pending work (uploads, intents,
 * garbage) and are kept in a column family of their own, in the same order.
 */
public sealed interface Mutation {
    /** The entry's name: 1 to {@link Entry#MAX_NAME_BYTES} bytes. */
    Bytes name();

    /** True when a name belongs to the family of pending work. */
    static boolean isWork(Bytes name) {
        return name.at(0) >= 0x80;
    }

    /**
     * Makes the entry anew or replaces all of it.
     *
     * @param name the entry
     * @param attributes the attribute block
     * @param value the value, empty for none
     * @param body the body, null for none
     */
    record Put(Bytes name, Bytes attributes, Bytes value, Data body) implements Mutation {
        /** Checks the lengths. */
        public Put {
            check(name, attributes, value);
        }

        /** A row: attributes alone. */
        public static Put row(Bytes name, Bytes attributes) {
            return new Put(name, attributes, Bytes.EMPTY, null);
        }
    }

    /**
     * Replaces attributes and value of an entry that exists; its body stays.
     *
     * @param name the entry
     * @param attributes the attribute block
     * @param value the value, empty for none
     */
    record SetAttributes(Bytes name, Bytes attributes, Bytes value) implements Mutation {
        /** Checks the lengths. */
        public SetAttributes {
            check(name, attributes, value);
        }
    }

    /**
     * Removes the entry; removing an absent one changes nothing.
     *
     * @param name the entry
     */
    record Delete(Bytes name) implements Mutation {
        /** Checks the length. */
        public Delete {
            check(name, Bytes.EMPTY, Bytes.EMPTY);
        }
    }

    private static void check(Bytes name, Bytes attributes, Bytes value) {
        Objects.requireNonNull(name, "name");
        if (name.isEmpty() || name.length() > Entry.MAX_NAME_BYTES) {
            throw new IllegalArgumentException("entry name of " + name.length() + " bytes");
        }
        if (attributes.length() > Entry.MAX_ATTRIBUTES_BYTES) {
            throw new IllegalArgumentException("attribute block of " + attributes.length() + " bytes");
        }
        if (value.length() > Entry.MAX_VALUE_BYTES) {
            throw new IllegalArgumentException("value of " + value.length() + " bytes");
        }
    }
}
