package io.roost.deploy.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One run.
 *
 * @param bucket its name
 * @param contents whether the bucket and its objects are made for the run
 * @param mix each operation's share; one entry for a run of one operation
 * @param sizeBytes of each object, 0 or more
 * @param objects number of keys: written before a run that reads and before each round of one that only deletes, reused
 *     in turn by a run that writes
 * @param connections requests in flight, at least 1
 * @param threads event loops that serve the connections, 1 to {@code connections}
 * @param pages which ones a run that lists asks for
 * @param payload how bodies are protected
 * @param warmUp not measured
 * @param round length of a measured round, at most: one of deletes ends when all objects are gone
 * @param rounds number of rounds, at least 1
 * @param serverPids processes whose CPU time is measured, empty for none
 */
public record BenchPlan(
        String bucket,
        Contents contents,
        Map<Operation, Integer> mix,
        int sizeBytes,
        int objects,
        int connections,
        int threads,
        Pages pages,
        Payload payload,
        Duration warmUp,
        Duration round,
        int rounds,
        List<Long> serverPids) {
    /** A body is one request and stays in memory. */
    public static final int MAX_SIZE_BYTES = 1 << 30;

    /** Copies and checks. */
    public BenchPlan {
        mix = Map.copyOf(mix);
        serverPids = List.copyOf(serverPids);
        check(!mix.isEmpty() && mix.keySet().stream().allMatch(Operation::isMeasured), "which operation?");
        check(mix.values().stream().allMatch(share -> share > 0), "shares of a mix are above 0");
        check(sizeBytes >= 0 && sizeBytes <= MAX_SIZE_BYTES, "size is 0 to 1 GiB");
        check(objects >= 1, "at least one object");
        check(connections >= 1 && connections <= 4096, "connections are 1 to 4096");
        check(threads >= 1 && threads <= connections, "threads are 1 to the number of connections");
        check(
                contents == Contents.OWN || (!mix.containsKey(Operation.PUT) && !mix.containsKey(Operation.DELETE)),
                "a bucket that is filled is only read");
        check(rounds >= 1, "at least one round");
        check(!warmUp.isNegative() && round.toMillis() >= 100, "a round takes 0.1 s or more");
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** True when an operation is part of the run. */
    public boolean has(Operation operation) {
        return mix.containsKey(operation);
    }

    /** True for a run of deletes and nothing else: its objects are written before each of its rounds. */
    public boolean deletesOnly() {
        return mix.size() == 1 && has(Operation.DELETE);
    }

    /** True when the keys must be there before the run. */
    public boolean needsObjects() {
        return mix.keySet().stream().anyMatch(operation -> operation != Operation.PUT);
    }
}
