package io.roost.cluster.paxos;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.wire.MapCodec;

/** The monitor map in a monitor's store: what agreement itself goes by. */
public final class MonMapRows {
    private static final String PREFIX = "monmap";
    private static final MonKey LAST = MonKey.of(PREFIX, "last_committed");

    private MonMapRows() {}

    /** Epoch of the newest map, 0 when there is none. */
    public static long epoch(MonStore store) {
        return store.number(LAST);
    }

    /** The newest map. */
    public static MonMap read(MonStore store) {
        return MapCodec.monMap(MonStoreException.require(store, MonKey.of(PREFIX, epoch(store))));
    }

    /** True for the row of a map, of whatever epoch. */
    static boolean isMap(MonKey key) {
        return key.prefix().equals(PREFIX) && !key.equals(LAST);
    }

    /** Makes a map the newest. */
    public static void write(MonTransaction transaction, MonMap map) {
        transaction.put(MonKey.of(PREFIX, map.epoch()), MapCodec.encode(map)).put(LAST, map.epoch());
    }
}
