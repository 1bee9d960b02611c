package io.roost.mailstore.net;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How long logins wait after failures: after each one twice as long, whatever connection it comes by, so
 * that guessing gains nothing from more connections. Who has stayed away is forgiven. Failures count for a network, or for
 * a user where clients have none of their own because they come through a proxy. Those of other nodes count as well, as far
 * as they are heard of. Safe for any thread.
 */
public final class LoginPenalties {
    /** Longest wait: who has mistyped a password a few times still gets in. */
    private static final int MAX_DOUBLINGS = 4;

    /** Longest wait when many fail at the same time: others may come from there too. */
    private static final int MAX_WAITS = 1 << MAX_DOUBLINGS;

    /** Failures are forgotten one by one. */
    private static final Duration FORGIVENESS = Duration.ofMinutes(1);

    /** Remembered: the oldest are forgotten, so that a flood of addresses takes no more memory. */
    private static final int MAX_KEYS = 10_000;

    private record Penalty(int failures, long freeNanos, long failedNanos) {}

    private final Duration first;
    private final LongSupplier nanos;
    private final Consumer<String> told;
    private final Map<String, Penalty> penalties = new LinkedHashMap<>();

    /**
     * Nobody has failed.
     *
     * @param first how long after the first failure
     * @param nanos a clock that never goes back
     * @param told the key of each failure here, for other nodes
     */
    public LoginPenalties(Duration first, LongSupplier nanos, Consumer<String> told) {
        this.first = first;
        this.nanos = nanos;
        this.told = told;
    }

    /** How long a login has to wait now. */
    public synchronized Duration wait(String key) {
        Penalty penalty = penalties.get(key);
        long left = penalty == null ? 0 : penalty.freeNanos - nanos.getAsLong();
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }

    /** A login has failed; how long its answer is kept back. Others of the key wait as long. */
    public Duration failed(String key) {
        told.accept(key);
        return heard(key);
    }

    /** A login has failed, here or on another node. */
    public synchronized Duration heard(String key) {
        long now = nanos.getAsLong();
        Penalty before = penalties.remove(key);
        int failures =
                before == null ? 0 : before.failures - (int) ((now - before.failedNanos) / FORGIVENESS.toNanos());
        Duration delay = first.multipliedBy(1L << Math.min(Math.max(failures, 0), MAX_DOUBLINGS));
        // Those that come at the same time wait one after the other.
        long from = before == null ? now : Math.max(now, before.freeNanos);
        long free = Math.min(
                from + delay.toNanos(), now + first.multipliedBy(MAX_WAITS).toNanos());
        penalties.put(key, new Penalty(Math.max(failures, 0) + 1, free, now));
        if (penalties.size() > MAX_KEYS) {
            Iterator<String> oldest = penalties.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return Duration.ofNanos(free - now);
    }

    /** The network of an address in figures: of IPv6 the first 64 bits, which one host has all of. */
    public static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String plain = address.indexOf('%') < 0 ? address : address.substring(0, address.indexOf('%'));
        String[] groups = plain.split(":", -1);
        int compressed = plain.indexOf("::");
        StringBuilder network = new StringBuilder();
        int begin =
                compressed < 0 ? groups.length : plain.substring(0, compressed).split(":", -1).length;
        for (int i = 0; i < 4; i++) {
            network.append(i < begin && !groups[i].isEmpty() ? groups[i] : "0").append(':');
        }
        return network.toString();
    }
}
