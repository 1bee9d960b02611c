package io.roost.cluster.pg;

import io.roost.cluster.message.ReadPromise;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What an OSD has promised to a primary that reads ({@link ReadLease}), through all intervals; and in an interval of its own
 * what it has to wait for before it serves: the end of what those whom it heard have promised to an earlier primary. That one
 * needed the promise of everyone who acted, of whom at least one is heard. An earlier primary that is heard itself knows that its
 * interval has ended, and one whose process is gone answers nothing any more (Ceph's dead_epoch).
 */
final class Handover {
    private ReadPromise given = ReadPromise.NONE;
    private long givenMillis;
    private final Map<Integer, Long> waitUntil = new HashMap<>();
    private final Set<Integer> heard = new HashSet<>();

    /** The OSD has started: what it promised before is forgotten, but not older than this. */
    void begun(long nowMillis) {
        given = new ReadPromise(ReadPromise.SOMEBODY, ReadLease.MILLIS);
        givenMillis = nowMillis;
    }

    /** This OSD promises a primary. */
    void promise(int holder, long nowMillis) {
        given = new ReadPromise(holder, ReadLease.MILLIS);
        givenMillis = nowMillis;
    }

    /** What is left of the promise given. */
    ReadPromise left(long nowMillis) {
        long left = given.millis() - (nowMillis - givenMillis);
        return left <= 0 ? ReadPromise.NONE : new ReadPromise(given.holder(), left);
    }

    /** Another interval begins. */
    void intervalBegins() {
        waitUntil.clear();
        heard.clear();
    }

    /** An OSD, which knows of the interval, says what is left of its promise. */
    void onHeard(int osd, ReadPromise left, long nowMillis) {
        heard.add(osd);
        if (left.millis() > 0) {
            waitUntil.merge(left.holder(), nowMillis + left.millis(), Math::max);
        }
    }

    /**
     * True when no earlier primary can be reading.
     *
     * @param osd this one
     * @param isGone whose processes are gone, by the newest map
     */
    boolean isOver(int osd, IntPredicate isGone, long nowMillis) {
        IntPredicate mayRead = holder -> holder != osd && !heard.contains(holder) && !isGone.test(holder);
        ReadPromise own = left(nowMillis);
        if (own.millis() > 0 && mayRead.test(own.holder())) {
            return false;
        }
        return waitUntil.entrySet().stream()
                .noneMatch(wait -> wait.getValue() > nowMillis && mayRead.test(wait.getKey()));
    }
}
