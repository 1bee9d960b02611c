package io.roost.cluster.paxos;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * A key of the monitors' store: a service's prefix and the service's own key.
 *
 * <pre>
 * prefix   key                             value
 * mkfs     fsid                            2 x u64
 * paxos    first_committed, last_committed u64
 *          u64 version                     the transaction of that version
 * osdmap   first_committed, last_committed u64 epoch
 *          full_ u64 epoch                 the map
 *          inc_ u64 epoch                  the difference to it from the epoch before
 * monmap   last_committed                  u64 epoch
 *          u64 epoch                       the map
 * auth     last_global_id                  u64, highest id that may have been given
 * config   last_committed                  u64 version
 *          settings                        the settings
 * </pre>
 *
 * @param prefix letters, not empty
 * @param key any bytes
 */
public record MonKey(String prefix, Bytes key) implements Comparable<MonKey> {
    /** Checks the prefix. */
    public MonKey {
        Objects.requireNonNull(key, "key");
        if (prefix.isEmpty() || prefix.indexOf(0) >= 0) {
            throw new IllegalArgumentException("key prefix \"" + prefix + "\"");
        }
    }

    public static MonKey of(String prefix, String name) {
        return new MonKey(prefix, Bytes.utf8(name));
    }

    /** A key that is a number, ordered by it. */
    public static MonKey of(String prefix, long version) {
        return new MonKey(prefix, number(version));
    }

    /** A key of a name and a number. */
    public static MonKey of(String prefix, String name, long version) {
        return new MonKey(prefix, Bytes.utf8(name).concat(number(version)));
    }

    /** A number as a value. */
    public static Bytes number(long value) {
        return new ByteWriter(8).u64(value).toBytes();
    }

    /** Reads {@link #number(long)}. */
    public static long number(Bytes value) {
        return new ByteReader(value).u64();
    }

    @Override
    public int compareTo(MonKey other) {
        int order = prefix.compareTo(other.prefix);
        return order != 0 ? order : key.compareTo(other.key);
    }

    @Override
    public String toString() {
        return prefix + ":" + key;
    }
}
