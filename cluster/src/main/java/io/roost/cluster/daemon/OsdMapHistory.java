package io.roost.cluster.daemon;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.osd.MapHistory;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.StoreFailedException;
import io.roost.cluster.store.Tier;
import io.roost.cluster.wire.MapCodec;
import java.util.Optional;

/**
 * The OSD maps that an OSD keeps, so that after a start it can tell what became of its placement groups since it acted on a
 * map last: meta rows {@code osdmap.EPOCH} with the whole map, and {@code osdmaps} with the range of epochs, in which there
 * may be gaps where the monitors had trimmed what came between.
 *
 * <pre>
 * osdmaps   version u8 = 1, compat u8 = 1, length u32, oldest u32, newest u32
 * </pre>
 *
 * One thread at a time changes it, any may read it.
 */
public final class OsdMapHistory implements MapHistory {
    /** Epochs kept at least: as many as monitors keep. */
    public static final int MIN_EPOCHS = 500;

    private static final Bytes RANGE = KeyLayout.meta("osdmaps");
    private static final int FORMAT = 1;

    private final KeyValue store;
    private final int minEpochs;
    private volatile int oldest;
    private volatile int newest;
    private volatile int neededFrom;

    private OsdMapHistory(KeyValue store, int minEpochs, int oldest, int newest) {
        this.store = store;
        this.minEpochs = minEpochs;
        this.oldest = oldest;
        this.newest = newest;
    }

    /**
     * The maps of a store.
     *
     * @param minEpochs kept at least
     */
    public static OsdMapHistory of(KeyValue store, int minEpochs) {
        Bytes row = store.get(Family.META, RANGE, Tier.DISK);
        if (row == null) {
            return new OsdMapHistory(store, minEpochs, 0, 0);
        }
        ByteReader in = new ByteReader(row);
        ByteReader.Struct struct = in.begin(FORMAT);
        OsdMapHistory history = new OsdMapHistory(store, minEpochs, in.u32(), in.u32());
        in.end(struct);
        return history;
    }

    private static Bytes key(int epoch) {
        return KeyLayout.meta("osdmap." + epoch);
    }

    /** Epoch of the newest map, 0 for none. */
    public int newestEpoch() {
        return newest;
    }

    /** The newest map. */
    public Optional<OsdMap> newest() {
        return Optional.ofNullable(at(newest));
    }

    @Override
    public int oldestEpoch() {
        return oldest;
    }

    @Override
    public OsdMap at(int epoch) {
        Bytes row = epoch == 0 ? null : store.get(Family.META, key(epoch), Tier.DISK);
        try {
            return row == null ? null : MapCodec.osdMap(row);
        } catch (MalformedBytesException damaged) {
            throw new StoreFailedException("the OSD map of epoch " + epoch + " is damaged: " + damaged.getMessage());
        }
    }

    /**
     * Maps from an epoch on are needed; until that is said, all are. Those that monitors still have are: a placement group that
     * nobody has made yet is made from the map with which its pool came to be.
     */
    public void neededFrom(int epoch) {
        neededFrom = epoch;
    }

    /** Adds a map that is newer than all before to a batch, and takes those out that are old enough. */
    public void add(OsdMap map, KeyValueBatch batch) {
        int keptFrom = oldest == 0 ? map.epoch() : oldest;
        int end = Math.min(map.epoch() - minEpochs, neededFrom);
        for (int epoch = keptFrom; epoch < end; epoch++) {
            batch.delete(Family.META, key(epoch));
        }
        oldest = Math.max(keptFrom, end);
        newest = map.epoch();
        ByteWriter range = new ByteWriter(16);
        int mark = range.begin(FORMAT, FORMAT);
        range.u32(oldest).u32(newest).end(mark);
        batch.put(Family.META, key(map.epoch()), MapCodec.encode(map)).put(Family.META, RANGE, range.toBytes());
    }
}
