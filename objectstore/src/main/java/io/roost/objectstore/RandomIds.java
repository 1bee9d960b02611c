package io.roost.objectstore;

import io.roost.cluster.object.Bytes;
import java.util.random.RandomGenerator;

/** Ids that are never given twice: 128 random bits each. As safe for threads as the generator it is given. */
public final class RandomIds {
    private static final int ID_BYTES = 16;

    private final RandomGenerator random;

    /**
     * Ids of a generator.
     *
     * @param random unpredictable where clients may see ids: a {@link java.security.SecureRandom}
     */
    public RandomIds(RandomGenerator random) {
        this.random = random;
    }

    /** 16 random bytes. */
    public Bytes id() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return Bytes.wrap(id);
    }

    /** 64 random bits. */
    public long tag() {
        return random.nextLong();
    }
}
