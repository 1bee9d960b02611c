package io.roost.deploy.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What a run has measured.
 *
 * @param endpoint as given
 * @param operations the mix, as text
 * @param sizeBytes of each object
 * @param connections requests in flight
 * @param payload how bodies were protected
 * @param warmUpSeconds before the first round
 * @param rounds each measured round, in order
 * @param median the round whose server CPU per request, or without a server's pid whose rate, is the middle one
 * @param errors of the whole run, warm-up and preparation included: what went wrong and how often
 */
public record BenchResult(
        String endpoint,
        String operations,
        int sizeBytes,
        int connections,
        Payload payload,
        double warmUpSeconds,
        List<Round> rounds,
        Round median,
        Map<String, Long> errors) {
    /** Copies. */
    public BenchResult {
        rounds = List.copyOf(rounds);
        errors = Map.copyOf(errors);
    }

    /**
     * One measured round.
     *
     * @param seconds its length
     * @param requests answered well
     * @param requestsPerSecond of those
     * @param megabytesPerSecond bodies sent and received, 10^6 bytes
     * @param latency of those
     * @param failed requests that were not
     * @param serverCpuMicrosPerRequest user and system time of the processes given, null when none was
     * @param clientCpuMicrosPerRequest of this process
     */
    public record Round(
            double seconds,
            long requests,
            double requestsPerSecond,
            double megabytesPerSecond,
            Latency latency,
            long failed,
            Double serverCpuMicrosPerRequest,
            double clientCpuMicrosPerRequest) {}

    /**
     * From the first byte sent to the last byte received, in microseconds.
     *
     * @param p50Micros half of the requests took no longer
     * @param p99Micros 99 of 100 took no longer
     * @param maxMicros none took longer
     */
    public record Latency(long p50Micros, long p99Micros, long maxMicros) {}

    /** True when every request of the run was answered well and there was at least one in each round. */
    public boolean isClean() {
        return errors.isEmpty() && rounds.stream().allMatch(round -> round.requests() > 0);
    }

    /** The round in the middle. */
    static Round medianOf(List<Round> rounds) {
        Comparator<Round> order = rounds.get(0).serverCpuMicrosPerRequest() == null
                ? Comparator.comparingDouble(Round::requestsPerSecond)
                : Comparator.comparingDouble(Round::serverCpuMicrosPerRequest);
        List<Round> sorted = rounds.stream().sorted(order).toList();
        return sorted.get((sorted.size() - 1) / 2);
    }
}
