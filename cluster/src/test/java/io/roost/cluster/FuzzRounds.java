package io.roost.cluster;

import java.util.Random;

/**
 * Rounds of a test over random input. In the gate they are a fixed number from a fixed seed; {@code -Droost.fuzz.seconds=N}
 * runs for so long instead, and {@code -Droost.fuzz.seed=S} from another seed. A round that fails says its own seed, with
 * which {@code -Droost.fuzz.seed} makes it the first.
 */
public final class FuzzRounds {
    /** One round. */
    public interface Round {
        /** Runs with its own source of random numbers. */
        void run(Random random) throws Exception;
    }

    private FuzzRounds() {}

    /**
     * Runs rounds.
     *
     * @param gateRounds how many in the gate
     * @return how many were run
     */
    public static long run(long gateRounds, Round round) {
        long first = Long.getLong("roost.fuzz.seed", 20261128);
        long seconds = Long.getLong("roost.fuzz.seconds", 0);
        long end = System.nanoTime() + seconds * 1_000_000_000;
        long rounds = 0;
        for (long seed = first; seconds > 0 ? System.nanoTime() - end < 0 : rounds < gateRounds; seed++, rounds++) {
            try {
                round.run(new Random(seed));
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("round with -Droost.fuzz.seed=" + seed, failure);
            }
        }
        return rounds;
    }
}
