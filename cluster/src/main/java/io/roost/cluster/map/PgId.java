package io.roost.cluster.map;

/**
 * Names a placement group.
 *
 * @param pool the pool's id, greater than 0
 * @param seed number of the placement group in the pool, {@code [0, pgNum)}
 */
public record PgId(long pool, int seed) implements Comparable<PgId> {
    /** Checks the ranges above. */
    public PgId {
        if (pool <= 0 || seed < 0) {
            throw new IllegalArgumentException("placement group " + pool + "." + Integer.toHexString(seed));
        }
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException when the text is nothing of that form
     */
    public static PgId parse(String text) {
        int dot = text.indexOf('.');
        if (dot <= 0) {
            throw new IllegalArgumentException("not a placement group: " + text);
        }
        return new PgId(Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1), 16));
    }

    @Override
    public int compareTo(PgId other) {
        int order = Long.compare(pool, other.pool);
        return order != 0 ? order : Integer.compare(seed, other.seed);
    }

    /** The pool's id, a dot, and the seed in hex: {@code 1.2f}. */
    @Override
    public String toString() {
        return pool + "." + Integer.toHexString(seed);
    }
}
