package io.roost.cluster.paxos;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The times by which reads are answered without asking anybody. The leader asks all of its quorum in rounds; who answers
 * <em>promises</em> not to help another leader to commit for a time. With all promises of a round the leader holds a
 * lease, counted from when it asked: every promise was made later, so every one outlives it. It shares what is left with
 * each peon, which counts from when it sent its promise: that was before the leader received it.
 *
 * <p>Counting from the arrival of a grant would be wrong, however short the way usually is: a message can be as late as
 * it likes. Clocks need not agree, but none may run more than 1 % fast or slow; promises and waits are longer by
 * {@value #MARGIN_PERCENT} %, shares shorter.
 *
 * <p>A monitor that starts may have promised just before, and acts as if it had.
 */
final class Lease {
    private static final int MARGIN_PERCENT = 3;
    /** Clocks are read in whole milliseconds. */
    private static final int GRAIN_MILLIS = 2;

    private final int leaseMillis;
    /** Peon → the clock of its newest promise in the last complete round. */
    private final TreeMap<String, Long> promises = new TreeMap<>();

    private final TreeMap<String, Long> roundPromises = new TreeMap<>();
    private long promisedUntilMillis;
    private long validUntilMillis;
    private long round;
    private long roundAskedMillis;

    Lease(QuorumTiming timing, long nowMillis) {
        leaseMillis = timing.leaseMillis();
        leave();
        promise(nowMillis);
    }

    static long longer(long millis) {
        return millis + millis * MARGIN_PERCENT / 100 + GRAIN_MILLIS;
    }

    private static long shorter(long millis) {
        return Math.max(0, millis - millis * MARGIN_PERCENT / 100 - GRAIN_MILLIS);
    }

    /** Promises as of now. */
    void promise(long nowMillis) {
        promisedUntilMillis = Math.max(promisedUntilMillis, nowMillis + longer(leaseMillis));
    }

    /** How much longer this monitor must not help to commit what others do not know. */
    long promisedMillis(long nowMillis) {
        return Math.max(0, promisedUntilMillis - nowMillis);
    }

    boolean isValid(long nowMillis) {
        return nowMillis < validUntilMillis;
    }

    /**
     * Leaves a quorum: its rounds end, and so does what was shared, for it may be worth nothing. A leader that has not
     * learned all yet has a lease under which it does not read, and the next one knows no better. Promises stay.
     */
    void leave() {
        validUntilMillis = Long.MIN_VALUE;
        promises.clear();
        roundPromises.clear();
        round++;
    }

    /** A share that the leader has sent; the later one counts. */
    void hold(long promiseSentMillis, int forMillis) {
        validUntilMillis = Math.max(validUntilMillis, promiseSentMillis + shorter(forMillis));
    }

    // ---- the leader's ----

    /** Begins a round; answers to earlier ones do not count any more. */
    long ask(long nowMillis) {
        roundPromises.clear();
        roundAskedMillis = nowMillis;
        // The leader's own promise, counted from its question.
        promise(nowMillis);
        return ++round;
    }

    /** A peon's answer to a round; true when all of them have answered this one. */
    boolean onPromise(String peon, long ofRound, long sentMillis, SortedSet<String> quorum) {
        if (!isCurrent(ofRound)) {
            return false;
        }
        roundPromises.put(peon, sentMillis);
        return isComplete(quorum);
    }

    boolean isCurrent(long ofRound) {
        return ofRound == round;
    }

    /** Takes the lease if all have promised. */
    private boolean isComplete(SortedSet<String> quorum) {
        SortedSet<String> answered = new TreeSet<>(roundPromises.keySet());
        if (answered.size() != quorum.size() - 1) {
            return false;
        }
        promises.clear();
        promises.putAll(roundPromises);
        validUntilMillis = roundAskedMillis + leaseMillis;
        return true;
    }

    /** Who has promised in the last complete round. */
    Collection<String> holders() {
        return promises.keySet();
    }

    /** The clock of a peon's promise that its share counts from. */
    long promiseOf(String peon) {
        return promises.get(peon);
    }

    /** What is left of the leader's lease. */
    int leftMillis(long nowMillis) {
        return isValid(nowMillis) ? (int) (validUntilMillis - nowMillis) : 0;
    }
}
