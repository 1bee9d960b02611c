package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.LeaseMessage;
import java.util.Collection;
import java.util.TreeMap;

/**
 * What lets a primary answer reads: every other acting OSD has promised a short while ago that no other primary serves for now.
 * Asked for when there are reads; without them there is nothing to promise, and nothing to wait for when an interval ends.
 *
 * <p>It is enough that the lease holds when an operation begins: whatever is done elsewhere after it has ended is at the same time
 * as the operation.
 */
final class ReadLease {
    /** How long a promise binds. */
    static final long MILLIS = 1000;

    /** How long it is relied on: shorter, because no two clocks run alike. */
    private static final long RELIED_ON_MILLIS = MILLIS - MILLIS / 25;

    private static final long RENEW_MILLIS = MILLIS / 2;
    private static final long ASK_AGAIN_MILLIS = 200;
    private static final int MAX_WAITING = 4096;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final PgId id;
    private final int epoch;
    /** Other acting OSD → when the question was sent that it has last answered. */
    private final TreeMap<Integer, Long> promised = new TreeMap<>();

    private final WaitingOperations waiting = new WaitingOperations(MAX_WAITING);
    private long askedMillis = NEVER;
    /** When the first of the questions was sent that somebody leaves unanswered. */
    private long unansweredMillis = NEVER;

    /**
     * Without promises yet.
     *
     * @param epoch of the interval
     * @param others that act; with none there is nobody who could serve in its place
     */
    ReadLease(PgId id, int epoch, Collection<Integer> others) {
        this.id = id;
        this.epoch = epoch;
        others.forEach(osd -> promised.put(osd, NEVER));
    }

    /** True when an operation may begin now; a lease that is about to end is renewed. */
    boolean holds(PgEffects out) {
        if (promised.isEmpty()) {
            return true;
        }
        long now = out.nowMillis();
        long oldest = oldest();
        if (now - oldest >= RENEW_MILLIS && now - askedMillis >= ASK_AGAIN_MILLIS) {
            ask(now, out);
        }
        return now - oldest < RELIED_ON_MILLIS;
    }

    private long oldest() {
        long oldest = Long.MAX_VALUE;
        for (long sent : promised.values()) {
            oldest = Math.min(oldest, sent);
        }
        return oldest;
    }

    /**
     * Asks all; but only those who are silent, when they have been for as long as a promise binds. Until they answer, what the
     * others promise is good for nothing, and whoever serves next waits for its end.
     */
    private void ask(long now, PgEffects out) {
        long oldest = oldest();
        if (now - oldest < MILLIS || oldest >= askedMillis) {
            unansweredMillis = now;
        }
        askedMillis = now;
        boolean isOneSilent = now - unansweredMillis >= MILLIS;
        promised.forEach((osd, sent) -> {
            if (!isOneSilent || sent == oldest) {
                out.send(osd, new LeaseMessage.Ask(id, epoch, now));
            }
        });
    }

    /** Does something when it holds; false when too much waits for that already. */
    boolean await(Commits.Step step) {
        return waiting.add(step);
    }

    /** True when something waits for it. */
    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    void onPromise(int from, LeaseMessage.Promise promise, PgEffects out) {
        if (promised.containsKey(from)) {
            long oldest = oldest();
            promised.merge(from, promise.sentMillis(), Math::max);
            if (oldest() > oldest && out.nowMillis() - oldest >= MILLIS) {
                // Whoever was silent answers: now all are asked at once.
                askedMillis = NEVER;
            }
            goOn(out);
        }
    }

    /** A connection broke: what was asked or promised may be lost. */
    void onPeerReset(PgEffects out) {
        if (isAwaited()) {
            askedMillis = NEVER;
            goOn(out);
        }
    }

    /** Lets go on what waits, if it may; else sees to it that it will. */
    void goOn(PgEffects out) {
        if (isAwaited() && holds(out)) {
            waiting.carryOut(out);
        }
    }

    /** The interval has ended. */
    void end() {
        waiting.clear();
    }
}
