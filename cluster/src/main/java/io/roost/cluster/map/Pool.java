package io.roost.cluster.map;

import io.roost.cluster.crush.CrushMapper;
import io.roost.cluster.crush.JenkinsHash;
import io.roost.cluster.object.Bytes;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * A pool: a name space of locators with one rule of placement.
 *
 * @param id greater than 0, never used again after the pool is removed
 * @param name unique
 * @param type how its data is kept
 * @param size number of replicas, 1 and above
 * @param minSize fewest replicas with which a placement group serves requests, {@code [1, size]}
 * @param pgNum number of placement groups, 1 to {@value #MAX_PG_NUM}
 * @param pgpNum number of placement groups as placement sees them, {@code [1, pgNum]}
 * @param crushRule id of the rule
 * @param flags what is special about it
 * @param lastChange epoch of the map that changed it last
 */
public record Pool(
        long id,
        String name,
        Type type,
        int size,
        int minSize,
        int pgNum,
        int pgpNum,
        int crushRule,
        Set<Flag> flags,
        int lastChange) {
    /** Most placement groups of one pool. */
    public static final int MAX_PG_NUM = 65_536;
    /** Longest name in characters. */
    public static final int MAX_NAME_LENGTH = 128;

    /** Copies the flags and checks the ranges above. */
    public Pool {
        Objects.requireNonNull(type, "type");
        EnumSet<Flag> copy = EnumSet.noneOf(Flag.class);
        copy.addAll(flags);
        flags = Collections.unmodifiableSet(copy);
        if (id <= 0 || name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("pool " + id + " named \"" + name + "\"");
        }
        if (size < 1 || size > CrushMapper.MAX_RESULT || minSize < 1 || minSize > size) {
            throw new IllegalArgumentException("pool " + name + " of size " + size + " with min_size " + minSize);
        }
        if (pgNum < 1 || pgNum > MAX_PG_NUM || pgpNum < 1 || pgpNum > pgNum) {
            throw new IllegalArgumentException("pool " + name + " with pg_num " + pgNum + " and pgp_num " + pgpNum);
        }
    }

    /** The placement group seed of a locator's key. */
    public int seedOf(Bytes locatorKey) {
        return StableMod.of(JenkinsHash.name(locatorKey), pgNum);
    }

    /** What placement is computed from for a placement group seed. */
    public int placementSeed(int seed) {
        int placed = StableMod.of(seed, pgpNum);
        return flags.contains(Flag.HASHPSPOOL) ? JenkinsHash.hash2(placed, (int) id) : placed + (int) id;
    }

    /** How a pool keeps its data. */
    public enum Type {
        /** Full copies on every OSD: holes close up. */
        REPLICATED(1),
        /** A shard of an erasure code on each OSD: holes stay. */
        ERASURE(3);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** The number in encoded maps. */
        public int code() {
            return code;
        }
    }

    /** What can be special about a pool; the code is the number in encoded maps. */
    public enum Flag {
        /** The pool's id enters the placement hash, so that pools do not overlap. New pools have it. */
        HASHPSPOOL(0),
        /** The pool cannot be removed. */
        NODELETE(4),
        /** The size was raised; min_size follows when all its placement groups are clean. */
        MIN_SIZE_RISES(16);

        private final int code;

        Flag(int code) {
            this.code = code;
        }

        /** Number of the bit in encoded maps. */
        public int code() {
            return code;
        }
    }
}
