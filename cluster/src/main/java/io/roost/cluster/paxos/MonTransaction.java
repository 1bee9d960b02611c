package io.roost.cluster.paxos;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Changes of keys in order, to be made as one; a later change of a key wins. Its encoded form is a value of the monitors'
 * log:
 *
 * <pre>
 * struct v1: count varint, each: has value u8, prefix text, key bytes, value bytes when there is one
 * </pre>
 */
public final class MonTransaction {
    private static final int FORMAT = 1;

    private final List<Change> changes = new ArrayList<>();

    /**
     * One change.
     *
     * @param key which
     * @param value its value from now on, empty to remove the key
     */
    public record Change(MonKey key, Optional<Bytes> value) {}

    /** Gives a key a value. */
    public MonTransaction put(MonKey key, Bytes value) {
        changes.add(new Change(key, Optional.of(value)));
        return this;
    }

    /** Gives a key a number as its value. */
    public MonTransaction put(MonKey key, long value) {
        return put(key, MonKey.number(value));
    }

    /** Removes a key, if it is there. */
    public MonTransaction remove(MonKey key) {
        changes.add(new Change(key, Optional.empty()));
        return this;
    }

    /** Adds all changes of another, after these. */
    public MonTransaction append(MonTransaction other) {
        changes.addAll(other.changes);
        return this;
    }

    /** The changes in order, as a view. */
    public List<Change> changes() {
        return Collections.unmodifiableList(changes);
    }

    /** True when there is no change. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The transaction's bytes. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(1024);
        int mark = out.begin(FORMAT, FORMAT);
        out.varint(changes.size());
        for (Change change : changes) {
            out.flag(change.value().isPresent())
                    .text(change.key().prefix())
                    .bytes(change.key().key());
            change.value().ifPresent(out::bytes);
        }
        return out.end(mark).toBytes();
    }

    /** Reads {@link #encode}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static MonTransaction decode(Bytes encoded) {
        ByteReader in = new ByteReader(encoded);
        ByteReader.Struct struct = in.begin(FORMAT);
        MonTransaction transaction = new MonTransaction();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            boolean hasValue = in.flag();
            String prefix = in.text();
            if (prefix.isEmpty() || prefix.indexOf(0) >= 0) {
                throw new MalformedBytesException("key prefix \"" + prefix + "\"");
            }
            MonKey key = new MonKey(prefix, in.bytes());
            transaction.changes.add(new Change(key, hasValue ? Optional.of(in.bytes()) : Optional.empty()));
        }
        in.end(struct);
        if (in.remaining() > 0) {
            throw new MalformedBytesException(in.remaining() + " bytes behind the end");
        }
        return transaction;
    }
}
