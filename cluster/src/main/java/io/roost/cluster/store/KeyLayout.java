package io.roost.cluster.store;

import io.roost.cluster.crush.JenkinsHash;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.StableMod;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;
import java.util.Arrays;

/**
 * The keys of all rows. An entry's key is
 *
 * <pre>
 * pool         length n u8 = 1..8, then n bytes big-endian without leading zeros
 * hash         u32: the placement hash of the locator's key with its bits reversed
 * locator key  each byte 00 as 00 FF, then the terminator 00 01
 * name         as it is
 * </pre>
 *
 * so that keys are ordered by pool, reversed hash, locator and name. A placement group holds all hashes that agree in
 * their low bits, so reversed it is one contiguous range, for every number of placement groups. Keys of the other families:
 *
 * <pre>
 * CATALOGUE, WORK   entry's key
 * DATA              'v' (value), 'b' (inline body) or 'e' (extents), then the entry's key
 * PGLOG             pool, seed u32, epoch u32, version u64
 * META              'p', pool, seed u32, name   of one placement group; of a missing entry "missing" and the entry's key
 *                   'g', name                   of the store
 * </pre>
 */
public final class KeyLayout {
    /** First byte of the key of a value. */
    static final int VALUE = 'v';
    /** First byte of the key of an inline body. */
    static final int INLINE_BODY = 'b';
    /** First byte of the key of an extent list. */
    static final int EXTENTS = 'e';
    /** First byte of the key of a meta row of a placement group. */
    static final int GROUP = 'p';

    private static final int ESCAPED = 0xff;
    private static final int TERMINATOR = 0x01;
    private static final int HASH_BYTES = 4;
    private static final Bytes MISSING = Bytes.utf8("missing");

    private KeyLayout() {}

    /**
     * Keys in {@code [begin, end)}.
     *
     * @param begin first key that may be in it
     * @param end first key behind it
     */
    public record KeyRange(Bytes begin, Bytes end) {
        /** The range with a byte put before both bounds. */
        KeyRange of(int prefix) {
            return new KeyRange(Bytes.of(prefix).concat(begin), Bytes.of(prefix).concat(end));
        }
    }

    /**
     * What an entry's key names.
     *
     * @param locator of the entry
     * @param name of the entry
     */
    public record EntryKey(Locator locator, Bytes name) {}

    /** What all keys of a locator's entries begin with. */
    public static Bytes locator(Locator locator) {
        return Bytes.wrap(entry(locator, 0, null));
    }

    /** How long that is. */
    static int locatorLength(Locator locator) {
        byte[] key = locator.key().array();
        return 1 + poolBytes(locator.pool()) + HASH_BYTES + key.length + zeros(key) + 2;
    }

    private static int zeros(byte[] locatorKey) {
        int zeros = 0;
        for (byte b : locatorKey) {
            zeros += b == 0 ? 1 : 0;
        }
        return zeros;
    }

    /** The key of an entry. */
    public static Bytes entry(Locator locator, Bytes name) {
        return Bytes.wrap(entry(locator, 0, name));
    }

    /** The key of a row of {@link Family#DATA}. */
    static Bytes data(int kind, Bytes entryKey) {
        byte[] from = entryKey.array();
        byte[] key = new byte[from.length + 1];
        key[0] = (byte) kind;
        System.arraycopy(from, 0, key, 1, from.length);
        return Bytes.wrap(key);
    }

    /** The key of a row of {@link Family#DATA}. */
    static Bytes data(int kind, Locator locator, Bytes name) {
        byte[] key = entry(locator, 1, name);
        key[0] = (byte) kind;
        return Bytes.wrap(key);
    }

    private static byte[] entry(Locator locator, int skip, Bytes name) {
        byte[] locatorKey = locator.key().array();
        int poolBytes = poolBytes(locator.pool());
        int nameBytes = name == null ? 0 : name.length();
        byte[] key = new byte[skip + locatorLength(locator) + nameBytes];
        int at = putPool(key, skip, locator.pool(), poolBytes);
        at = putU32(key, at, Integer.reverse(JenkinsHash.name(locatorKey)));
        for (byte b : locatorKey) {
            key[at++] = b;
            if (b == 0) {
                key[at++] = (byte) ESCAPED;
            }
        }
        at++;
        key[at++] = TERMINATOR;
        if (name != null) {
            System.arraycopy(name.array(), 0, key, at, nameBytes);
        }
        return key;
    }

    /**
     * Reads an entry's key.
     *
     * @throws MalformedBytesException when the bytes are no such key
     */
    public static EntryKey parse(Bytes key) {
        byte[] bytes = key.array();
        int poolBytes = bytes.length == 0 ? 0 : bytes[0];
        int at = 1 + poolBytes + HASH_BYTES;
        if (poolBytes < 1 || poolBytes > 8 || at > bytes.length) {
            throw new MalformedBytesException("key " + key);
        }
        long pool = readPool(bytes, poolBytes);
        byte[] locatorKey = new byte[bytes.length - at];
        int length = 0;
        while (true) {
            if (at >= bytes.length) {
                throw new MalformedBytesException("key without a terminator " + key);
            }
            byte b = bytes[at++];
            if (b == 0) {
                int next = at < bytes.length ? bytes[at++] & 0xff : -1;
                if (next == TERMINATOR) {
                    break;
                }
                if (next != ESCAPED) {
                    throw new MalformedBytesException("key with a broken escape " + key);
                }
            }
            locatorKey[length++] = b;
        }
        if (pool <= 0 || length == 0 || length > Locator.MAX_KEY_BYTES) {
            throw new MalformedBytesException("key of no locator " + key);
        }
        Locator locator = new Locator(pool, Bytes.copyOf(locatorKey, 0, length));
        return new EntryKey(locator, key.slice(at, bytes.length));
    }

    /** The range of the entry keys of a placement group, in {@link Family#CATALOGUE} and {@link Family#WORK}. */
    public static KeyRange entriesOf(PgId pg, int pgNum) {
        int mask = StableMod.mask(pgNum);
        int bits = Integer.bitCount(mask);
        if (pg.seed() >= pgNum) {
            throw new IllegalArgumentException(pg + " of " + pgNum);
        }
        // A group that has not split yet takes the hashes of its future half too: one bit less decides.
        int half = mask - (mask >>> 1);
        if (bits > 0 && pg.seed() < half && pg.seed() + half >= pgNum) {
            bits--;
        }
        Bytes pool = pool(pg.pool());
        long first = Integer.reverse(pg.seed()) & 0xffffffffL;
        long behind = first + (1L << (32 - bits));
        Bytes begin = u32Behind(pool, (int) first);
        Bytes end = behind == 1L << 32 ? pool.prefixEnd() : u32Behind(pool, (int) behind);
        return new KeyRange(begin, end);
    }

    /** The key of a log entry. */
    public static Bytes logEntry(PgId pg, ObjectVersion version) {
        int poolBytes = poolBytes(pg.pool());
        byte[] key = new byte[1 + poolBytes + 16];
        int at = putPool(key, 0, pg.pool(), poolBytes);
        at = putU32(key, at, pg.seed());
        at = putU32(key, at, version.epoch());
        at = putU32(key, at, (int) (version.version() >>> 32));
        putU32(key, at, (int) version.version());
        return Bytes.wrap(key);
    }

    /** The range of the log entries of a placement group. */
    public static KeyRange logOf(PgId pg) {
        Bytes begin = u32Behind(pool(pg.pool()), pg.seed());
        return new KeyRange(begin, begin.prefixEnd());
    }

    /** The version in the key of a log entry. */
    public static ObjectVersion logVersion(Bytes key) {
        byte[] bytes = key.array();
        int at = bytes.length - 12;
        if (at < 6) {
            throw new MalformedBytesException("log key " + key);
        }
        return new ObjectVersion(
                u32(bytes, at), ((long) u32(bytes, at + 4) << 32) | (u32(bytes, at + 8) & 0xffffffffL));
    }

    /** The key of a meta row of a placement group. */
    public static Bytes meta(PgId pg, String name) {
        return ofGroup(pg).concat(Bytes.utf8(name));
    }

    /** The key of the row which says that a placement group lacks an entry here. */
    public static Bytes missing(PgId pg, Bytes entryKey) {
        return ofGroup(pg).concat(MISSING).concat(entryKey);
    }

    /** The range of the rows of a placement group's missing entries. */
    public static KeyRange missingOf(PgId pg) {
        Bytes begin = ofGroup(pg).concat(MISSING);
        return new KeyRange(begin, begin.prefixEnd());
    }

    /** The entry's key in the key of a missing entry's row. */
    public static Bytes missingEntry(PgId pg, Bytes key) {
        return key.slice(ofGroup(pg).length() + MISSING.length(), key.length());
    }

    /** The range of all meta rows of a placement group. */
    public static KeyRange metaOf(PgId pg) {
        Bytes begin = ofGroup(pg);
        return new KeyRange(begin, begin.prefixEnd());
    }

    private static Bytes ofGroup(PgId pg) {
        return u32Behind(Bytes.of(GROUP).concat(pool(pg.pool())), pg.seed());
    }

    /** The placement group of a log entry's key, or, without its first byte, of a meta row of a placement group. */
    static PgId group(Bytes key) {
        byte[] bytes = key.array();
        int poolBytes = bytes.length == 0 ? 0 : bytes[0];
        if (poolBytes < 1 || poolBytes > 8 || bytes.length < 5 + poolBytes) {
            throw new MalformedBytesException("key of no placement group " + key);
        }
        return new PgId(readPool(bytes, poolBytes), u32(bytes, 1 + poolBytes));
    }

    /** The key of a meta row of the store. */
    public static Bytes meta(String name) {
        return Bytes.of('g').concat(Bytes.utf8(name));
    }

    private static Bytes pool(long pool) {
        int poolBytes = poolBytes(pool);
        byte[] key = new byte[1 + poolBytes];
        putPool(key, 0, pool, poolBytes);
        return Bytes.wrap(key);
    }

    private static Bytes u32Behind(Bytes prefix, int value) {
        byte[] key = Arrays.copyOf(prefix.array(), prefix.length() + 4);
        putU32(key, prefix.length(), value);
        return Bytes.wrap(key);
    }

    private static int poolBytes(long pool) {
        return (71 - Long.numberOfLeadingZeros(pool)) >>> 3;
    }

    private static int putPool(byte[] key, int begin, long pool, int poolBytes) {
        int at = begin;
        key[at++] = (byte) poolBytes;
        for (int shift = (poolBytes - 1) * 8; shift >= 0; shift -= 8) {
            key[at++] = (byte) (pool >>> shift);
        }
        return at;
    }

    private static long readPool(byte[] bytes, int poolBytes) {
        long pool = 0;
        for (int i = 1; i <= poolBytes; i++) {
            pool = (pool << 8) | (bytes[i] & 0xff);
        }
        return pool;
    }

    private static int putU32(byte[] key, int at, int value) {
        key[at] = (byte) (value >>> 24);
        key[at + 1] = (byte) (value >>> 16);
        key[at + 2] = (byte) (value >>> 8);
        key[at + 3] = (byte) value;
        return at + 4;
    }

    private static int u32(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }
}
