package io.roost.cluster.osd;

import io.roost.cluster.map.PgId;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns that some have and others wait for (Ceph's AsyncReserver): the highest priority first, among equals who came first. Who
 * waits takes the turn of one of lower priority, the one that has had it for the shortest time. A machine: one thread.
 */
final class Reserver {
    /** What it wants told, in order; who is told does not call back at once. */
    interface Effects {
        /** It is the turn of what was asked for with a token. */
        void reserved(PgId pg, long token);

        /** The turn is another's. */
        void preempted(PgId pg, long token);
    }

    private record Claim(int priority, long token) {}

    private final Map<PgId, Claim> held = new LinkedHashMap<>();
    private final TreeMap<Integer, LinkedHashMap<PgId, Claim>> waiting = new TreeMap<>(Comparator.reverseOrder());
    private int max;

    /** @param max turns at a time */
    Reserver(int max) {
        this.max = max;
    }

    /** Asks for a turn, in place of what was asked for before for that placement group. */
    void reserve(PgId pg, int priority, long token, Effects out) {
        forget(pg);
        waiting.computeIfAbsent(priority, none -> new LinkedHashMap<>()).put(pg, new Claim(priority, token));
        goOn(out);
    }

    /** Gives a turn back, or does not wait for it any more; nothing when the token is an older one. */
    void release(PgId pg, long token, Effects out) {
        Claim claim = claim(pg);
        if (claim != null && claim.token() == token) {
            forget(pg);
            goOn(out);
        }
    }

    /** As many have a turn at a time from now on; nobody loses one that it has. */
    void setMax(int turns, Effects out) {
        max = turns;
        goOn(out);
    }

    private Claim claim(PgId pg) {
        Claim claim = held.get(pg);
        for (LinkedHashMap<PgId, Claim> queue : waiting.values()) {
            claim = claim == null ? queue.get(pg) : claim;
        }
        return claim;
    }

    private void forget(PgId pg) {
        held.remove(pg);
        waiting.values().forEach(queue -> queue.remove(pg));
        waiting.values().removeIf(Map::isEmpty);
    }

    private void goOn(Effects out) {
        while (!waiting.isEmpty()) {
            Map.Entry<PgId, Claim> next =
                    waiting.firstEntry().getValue().entrySet().iterator().next();
            PgId pg = next.getKey();
            Claim claim = next.getValue();
            while (held.size() >= max) {
                if (!preemptFor(claim, out)) {
                    return;
                }
            }
            forget(pg);
            held.put(pg, claim);
            out.reserved(pg, claim.token());
        }
    }

    /** Takes a turn from the lowest priority that is lower; false when nobody has one. */
    private boolean preemptFor(Claim claim, Effects out) {
        PgId lowest = null;
        for (Map.Entry<PgId, Claim> holder : held.entrySet()) {
            if (lowest == null
                    || holder.getValue().priority() <= held.get(lowest).priority()) {
                lowest = holder.getKey();
            }
        }
        if (lowest == null || held.get(lowest).priority() >= claim.priority()) {
            return false;
        }
        out.preempted(lowest, held.remove(lowest).token());
        return true;
    }

    /** Who has a turn, in the order in which they got it. */
    Collection<PgId> held() {
        return Collections.unmodifiableCollection(held.keySet());
    }

    /** How many wait. */
    int waitingCount() {
        return waiting.values().stream().mapToInt(Map::size).sum();
    }
}
