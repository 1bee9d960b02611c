package io.roost.cluster.osd;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Maps from the newest back, without gaps, as far as they are needed or as there are any. */
final class PastMaps {
    private final MapHistory maps;
    private final TreeMap<Integer, OsdMap> past = new TreeMap<>();
    private boolean isEnded;

    /** Only the newest, until others are asked for. */
    PastMaps(MapHistory maps, OsdMap newest) {
        this.maps = maps;
        past.put(newest.epoch(), newest);
    }

    /** A map and the one before it; without that when it does not follow it. */
    static PastMaps of(OsdMap older, OsdMap newer) {
        PastMaps both = new PastMaps(MapHistory.of(new TreeMap<>(Map.of(older.epoch(), older))), newer);
        both.goBackTo(older.epoch());
        return both;
    }

    OsdMap newest() {
        return past.lastEntry().getValue();
    }

    OsdMap oldest() {
        return past.firstEntry().getValue();
    }

    /** A map that is newer than all; what does not follow them begins them anew. */
    void add(OsdMap newer) {
        if (newer.epoch() != newest().epoch() + 1) {
            past.clear();
        }
        past.put(newer.epoch(), newer);
    }

    /** Goes back to an epoch; reads the disk. */
    void goBackTo(int epoch) {
        while (past.firstKey() > epoch && goBack()) {
            // as far as there are any
        }
    }

    /**
     * Goes back until none of these pools is there, but not to when an OSD had another store than now: of that time it can
     * prove nothing. Reads the disk.
     */
    void goBackBefore(Collection<Long> pools, int osd) {
        TreeSet<Long> younger = new TreeSet<>(pools);
        younger.removeIf(pool -> oldest().pool(pool) == null);
        while (!younger.isEmpty() && isOfSameStore(osd, oldest()) && goBack()) {
            younger.removeIf(pool -> oldest().pool(pool) == null);
        }
    }

    /** The newest map with a pool; null when there is none as far as one can go back. Reads the disk. */
    OsdMap lastWith(long pool) {
        boolean isMore = true;
        for (int epoch = newest().epoch(); isMore; epoch--) {
            if (past.get(epoch).pool(pool) != null) {
                return past.get(epoch);
            }
            isMore = past.firstKey() < epoch || goBack();
        }
        return null;
    }

    private boolean goBack() {
        int epoch = past.firstKey() - 1;
        OsdMap map = isEnded || epoch < 1 ? null : maps.at(epoch);
        isEnded = map == null;
        if (!isEnded) {
            past.put(epoch, map);
        }
        return !isEnded;
    }

    /** True when an OSD has the store of now in a map, or is not in it at all. */
    private boolean isOfSameStore(int osd, OsdMap map) {
        OsdInfo then = map.osd(osd);
        OsdInfo now = newest().osd(osd);
        return then == null || (now != null && then.uuid().equals(now.uuid()));
    }

    /** Maps from an epoch on, or from the oldest known. */
    List<OsdMap> from(int epoch) {
        return List.copyOf(past.tailMap(epoch).values());
    }

    /**
     * The map with which a pool came to be; null when it is older than all known, or when an OSD has not had its store all
     * the time since.
     */
    OsdMap firstWith(long pool, int osd) {
        OsdMap first = null;
        for (OsdMap map : past.descendingMap().values()) {
            if (map.pool(pool) == null) {
                return first;
            }
            if (!isOfSameStore(osd, map)) {
                return null;
            }
            first = map;
        }
        // Before the first epoch there was nothing: such pools came with the cluster.
        return first != null && first.epoch() == 1 ? first : null;
    }
}
