package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.pg.peering.MissingSet;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.ObjectStore;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What a store has of placement groups. Reads the disk. */
public final class StoredCopy {
    private StoredCopy() {}

    /** True when a copy of the store is of a placement group that has peered: its OSD was not the only one then. */
    public static boolean hasAnyPeered(ObjectStore store, Predicate<PgId> isMeant) {
        for (PgId pg : store.disk().placementGroups()) {
            Bytes row = isMeant.test(pg) ? store.disk().meta(LocalCopy.infoKey(pg)) : null;
            if (row != null && !LocalCopy.isOfLoneCopy(row)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The copy of a placement group. One that was made when there was no other OSD, or that has no rows at all, is taken
     * for the only one there has ever been.
     *
     * @param epoch up to which it was so
     */
    public static LocalCopy load(ObjectStore store, PgId pg, int epoch) {
        Bytes row = store.disk().meta(LocalCopy.infoKey(pg));
        ObjectVersion tail = row == null ? ObjectVersion.NONE : LocalCopy.tailOf(row);
        PgLog log = LogRows.load(store, pg, tail);
        if (row == null || LocalCopy.isOfLoneCopy(row)) {
            LocalCopy alone = LocalCopy.alone(pg, log, epoch);
            if (row != null) {
                alone.learn(LocalCopy.scrubsOf(row));
            }
            return alone;
        }
        TreeMap<Bytes, MissingItem> missing = new TreeMap<>();
        try (KeyValue.Cursor rows = store.disk().meta(KeyLayout.missingOf(pg))) {
            while (rows.next()) {
                Bytes key = KeyLayout.missingEntry(pg, rows.key());
                missing.put(key, MissingItem.read(new ByteReader(rows.value())));
            }
        }
        return LocalCopy.load(pg, row, log, new MissingSet(missing));
    }
}
