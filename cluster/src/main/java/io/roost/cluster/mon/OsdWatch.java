package io.roost.cluster.mon;

import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;

/**
 * What the leader has seen of OSDs since it leads: when it heard them, since when they are down, how often they were
 * marked down although they ran. In memory; a new leader begins anew, which makes it a little slower and never wrong.
 */
final class OsdWatch {
    /** Most times within {@link #MARK_DOWN_WINDOW_MILLIS} that an OSD is marked down although it runs. */
    static final int MAX_MARK_DOWNS = 5;

    static final long MARK_DOWN_WINDOW_MILLIS = 600_000;

    /** After so long half of what is known about false alarms is forgotten. */
    private static final double HALF_LIFE_MILLIS = 3_600_000;

    private static final double NEWEST_SHARE = 0.3;
    /** Most that is added to the grace of an OSD that is often late. */
    private static final double MAX_EXTRA_GRACE_MILLIS = 60_000;

    private final TreeMap<Integer, Long> heard = new TreeMap<>();
    private final TreeMap<Integer, Long> downSince = new TreeMap<>();
    private final TreeMap<Integer, ArrayDeque<Long>> markDowns = new TreeMap<>();
    private final TreeMap<Integer, Laggy> laggy = new TreeMap<>();
    /** Since when an OSD that is flapping would be up if it were let in. */
    private final TreeMap<Integer, Long> waitingSince = new TreeMap<>();

    private long beganMillis;

    /**
     * How often alarms about an OSD were false.
     *
     * @param probability that the next one is
     * @param intervalMillis how long it was away when they were
     * @param atMillis when this was computed
     */
    private record Laggy(double probability, double intervalMillis, long atMillis) {}

    void begin(long nowMillis) {
        beganMillis = nowMillis;
        heard.clear();
        downSince.clear();
        markDowns.clear();
        laggy.clear();
        waitingSince.clear();
    }

    /** This monitor has not run for a time, in which it could hear nobody. */
    void onGap(long millis) {
        beganMillis += millis;
        heard.replaceAll((osd, atMillis) -> atMillis + millis);
    }

    void onHeard(int osd, long nowMillis) {
        heard.put(osd, nowMillis);
    }

    /** For how long an OSD that is up has not been heard. */
    long silenceMillis(int osd, long nowMillis) {
        return nowMillis - Math.max(beganMillis, heard.getOrDefault(osd, beganMillis));
    }

    /** An OSD is marked up. */
    void onUp(int osd, long nowMillis) {
        downSince.remove(osd);
        waitingSince.remove(osd);
        heard.put(osd, nowMillis);
    }

    /** An OSD that is flapping is not let in yet. */
    void onMadeToWait(int osd, long nowMillis) {
        waitingSince.putIfAbsent(osd, nowMillis);
    }

    /** An OSD is marked down against its will. */
    void onMarkedDown(int osd, long nowMillis) {
        downSince.put(osd, nowMillis);
        ArrayDeque<Long> times = markDowns.computeIfAbsent(osd, o -> new ArrayDeque<>());
        times.addLast(nowMillis);
        if (times.size() > MAX_MARK_DOWNS + 1) {
            times.removeFirst();
        }
    }

    /** For how long an OSD that is down has been so, as far as this leader has seen. */
    long downMillis(int osd, long nowMillis) {
        return nowMillis - downSince.computeIfAbsent(osd, o -> nowMillis);
    }

    /** A process has started: that it was down was right. */
    void onStarted(int osd, long nowMillis) {
        markDowns.remove(osd);
        Laggy before = laggy.get(osd);
        if (before != null) {
            laggy.put(osd, new Laggy((1 - NEWEST_SHARE) * before.probability(), before.intervalMillis(), nowMillis));
        }
    }

    /** An OSD that was marked down has been running all the time. */
    void onWronglyDown(int osd, long nowMillis) {
        Long since = downSince.get(osd);
        if (since == null) {
            return;
        }
        // That it was made to wait says nothing of how late it is.
        long awayMillis = waitingSince.getOrDefault(osd, nowMillis) - since;
        Laggy before = laggy.getOrDefault(osd, new Laggy(0, 0, nowMillis));
        laggy.put(
                osd,
                new Laggy(
                        NEWEST_SHARE + (1 - NEWEST_SHARE) * before.probability(),
                        NEWEST_SHARE * awayMillis + (1 - NEWEST_SHARE) * before.intervalMillis(),
                        nowMillis));
    }

    /** True when an OSD was marked down too often although it runs. */
    boolean isFlapping(int osd, long nowMillis) {
        ArrayDeque<Long> times = markDowns.get(osd);
        return times != null
                && times.size() > MAX_MARK_DOWNS
                && nowMillis - times.getFirst() <= MARK_DOWN_WINDOW_MILLIS;
    }

    /** The OSDs that were marked down too often although they run. */
    List<Integer> flapping(long nowMillis) {
        return markDowns.keySet().stream()
                .filter(osd -> isFlapping(osd, nowMillis))
                .toList();
    }

    /** What is added to the grace of an OSD about which alarms have been false. */
    long extraGraceMillis(int osd, long nowMillis) {
        Laggy known = laggy.get(osd);
        if (known == null) {
            return 0;
        }
        // StrictMath, for the simulator needs the same bits in every run.
        double decay = StrictMath.exp(-StrictMath.log(2) * (nowMillis - known.atMillis()) / HALF_LIFE_MILLIS);
        return (long) Math.min(MAX_EXTRA_GRACE_MILLIS, decay * known.probability() * known.intervalMillis());
    }

    void forget(int osd) {
        heard.remove(osd);
        downSince.remove(osd);
        markDowns.remove(osd);
        laggy.remove(osd);
        waitingSince.remove(osd);
    }
}
