package io.roost.cluster.store;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** Changes of rows in order, to be written as one by {@link KeyValue#write}; a later change of a key wins. */
public final class KeyValueBatch {
    private final List<Change> changes = new ArrayList<>();

    /** What happens to a key. */
    public enum Kind {
        /** The key gets a value. */
        PUT,
        /** The key is removed, if it is there. */
        DELETE,
        /** The key, put exactly once since it was last absent, is removed; cheaper than {@link #DELETE}. */
        SINGLE_DELETE
    }

    /**
     * One change.
     *
     * @param kind what happens
     * @param family where
     * @param key not empty, not beginning with 0xFF
     * @param head the value's first bytes, empty unless it is a put
     * @param body the rest of the value, {@link Data#EMPTY} for none
     */
    public record Change(Kind kind, Family family, Bytes key, Bytes head, Data body) {
        /** Checks the key. */
        public Change {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(family, "family");
            if (key.isEmpty() || key.at(0) == 0xff) {
                throw new IllegalArgumentException("key " + key);
            }
        }

        /** Bytes of the value. */
        public int valueLength() {
            return head.length() + (int) body.length();
        }
    }

    /** Gives a key a value. */
    public KeyValueBatch put(Family family, Bytes key, Bytes value) {
        return put(family, key, value, Data.EMPTY);
    }

    /** Gives a key a value of two parts; the body's bytes are copied only once, when the batch is written. */
    public KeyValueBatch put(Family family, Bytes key, Bytes head, Data body) {
        changes.add(new Change(Kind.PUT, family, key, head, body));
        return this;
    }

    /** Removes a key, if it is there. */
    public KeyValueBatch delete(Family family, Bytes key) {
        changes.add(new Change(Kind.DELETE, family, key, Bytes.EMPTY, Data.EMPTY));
        return this;
    }

    /** Removes a key that was put exactly once since it was last absent. */
    public KeyValueBatch singleDelete(Family family, Bytes key) {
        changes.add(new Change(Kind.SINGLE_DELETE, family, key, Bytes.EMPTY, Data.EMPTY));
        return this;
    }

    /** Number of changes. */
    public int size() {
        return changes.size();
    }

    /** True when there is no change. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The changes in order, as a view. */
    public List<Change> changes() {
        return Collections.unmodifiableList(changes);
    }

    /** Forgets all changes but the first ones. */
    void truncate(int count) {
        changes.subList(count, changes.size()).clear();
    }
}
