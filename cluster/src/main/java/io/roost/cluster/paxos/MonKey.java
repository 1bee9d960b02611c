package io.roost.cluster.paxos;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.Objects;

/**
 * A key of the monitors' store: a service's prefix and the service's own key.
 *
 * <pre>
 * prefix   key                             value
 * mkfs     fsid                            2 x u64
 * paxos    first_committed, last_committed u64
 *          u64 version                     the transaction of that version; after the last an accepted one
 *          accepted_pn                     u64, the proposal number that is followed
 *          pending_v, pending_pn           u64, version and proposal number of the accepted one
 * election epoch                           u64
 * sync     in_progress                     u64, there while the store is not complete
 * osdmap   first_committed, last_committed u64 epoch
 *          full_ u64 epoch                 the map
 *          inc_ u64 epoch                  the difference to it from the epoch before
 * monmap   last_committed                  u64 epoch
 *          u64 epoch                       the map
 * auth     last_global_id                  u64, highest id that may have been given
 * config   last_committed                  u64 version
 *          settings                        the settings
 * osd      u64 osd                         what is remembered of an OSD: a struct of nonce u64, auto-out weight u32
 * log      last                            u64, number of the newest line
 *          u64 number                      the line
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

    /** The prefix, a byte 0 and the key; ordered as keys are. */
    public Bytes encode() {
        return Bytes.utf8(prefix + "\0").concat(key);
    }

    /** Reads {@link #encode}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static MonKey decode(Bytes encoded) {
        int end = 0;
        while (end < encoded.length() && encoded.at(end) != 0) {
            end++;
        }
        if (end == 0 || end == encoded.length()) {
            throw new MalformedBytesException("a key of " + encoded);
        }
        return new MonKey(encoded.slice(0, end).utf8(), encoded.slice(end + 1, encoded.length()));
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
