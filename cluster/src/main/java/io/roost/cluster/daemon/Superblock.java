package io.roost.cluster.daemon;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.StoreFailedException;
import io.roost.cluster.store.Tier;
import java.util.UUID;

/**
 * Whose a store is, and how far it has come: the meta row {@code superblock} (Ceph's OSDSuperblock).
 *
 * <pre>
 * version u8 = 2, compat u8 = 1, length u32, fsid 2 x u64, osd u32, uuid 2 x u64, newest epoch u32
 * </pre>
 *
 * Version 1 had no newest epoch; it counts as 0. One thread at a time changes it, any may read it.
 */
public final class Superblock {
    private static final Bytes KEY = KeyLayout.meta("superblock");
    private static final int FORMAT = 2;
    private static final int COMPAT = 1;

    private final KeyValue store;
    private final OsdMapHistory maps;
    private volatile Row row;

    /**
     * The row.
     *
     * @param fsid of the cluster
     * @param osd id
     * @param uuid of this store, made with it
     * @param newestEpoch of the OSD maps that the OSD has acted on, 0 for none
     */
    record Row(UUID fsid, int osd, UUID uuid, int newestEpoch) {
        Bytes encode() {
            ByteWriter out = new ByteWriter(56);
            int mark = out.begin(FORMAT, COMPAT);
            out.u64(fsid.getMostSignificantBits())
                    .u64(fsid.getLeastSignificantBits())
                    .u32(osd);
            out.u64(uuid.getMostSignificantBits()).u64(uuid.getLeastSignificantBits());
            out.u32(newestEpoch);
            return out.end(mark).toBytes();
        }

        static Row decode(Bytes bytes) {
            ByteReader in = new ByteReader(bytes);
            ByteReader.Struct struct = in.begin(FORMAT);
            UUID fsid = new UUID(in.u64(), in.u64());
            int osd = in.u32();
            UUID uuid = new UUID(in.u64(), in.u64());
            Row row = new Row(fsid, osd, uuid, struct.version() == 1 ? 0 : in.u32());
            in.end(struct);
            return row;
        }
    }

    private Superblock(KeyValue store, Row row, int minEpochs) {
        this.store = store;
        this.maps = OsdMapHistory.of(store, minEpochs);
        this.row = row;
    }

    /**
     * The superblock of a store, written when the store is new; durable on return.
     *
     * @throws StoreFailedException when the store is another cluster's or OSD's
     */
    static Superblock of(KeyValue store, UUID fsid, int osd) {
        return of(store, fsid, osd, UUID.randomUUID());
    }

    /** The same; a new one has a given uuid. */
    static Superblock of(KeyValue store, UUID fsid, int osd, UUID uuid) {
        return of(store, fsid, osd, uuid, OsdMapHistory.MIN_EPOCHS);
    }

    /** The same; so many maps are kept at least. */
    public static Superblock of(KeyValue store, UUID fsid, int osd, UUID uuid, int minEpochs) {
        Bytes bytes = store.get(Family.META, KEY, Tier.DISK);
        if (bytes == null) {
            Superblock made = new Superblock(store, null, minEpochs);
            made.write(new Row(fsid, osd, uuid, 0), new KeyValueBatch());
            return made;
        }
        Row found = Row.decode(bytes);
        if (!found.fsid.equals(fsid) || found.osd != osd) {
            throw new StoreFailedException("the store is osd." + found.osd + "'s of cluster " + found.fsid
                    + ", not osd." + osd + "'s of " + fsid);
        }
        return new Superblock(store, found, minEpochs);
    }

    private void write(Row changed, KeyValueBatch batch) {
        store.write(batch.put(Family.META, KEY, changed.encode()));
        row = changed;
    }

    int osd() {
        return row.osd;
    }

    /** Of the store, made with it. */
    public UUID uuid() {
        return row.uuid;
    }

    /** Newest epoch of the OSD maps that the OSD has acted on, 0 for none. */
    public int newestEpoch() {
        return row.newestEpoch;
    }

    /** The maps that the OSD keeps. */
    public OsdMapHistory maps() {
        return maps;
    }

    /** A map has come on which the OSD does not act yet; durable on return. */
    public void keep(OsdMap map) {
        if (map.epoch() > maps.newestEpoch()) {
            KeyValueBatch batch = new KeyValueBatch();
            maps.add(map, batch);
            store.write(batch);
        }
    }

    /** The OSD is about to act on a map; durable on return. */
    public void reach(OsdMap map) {
        KeyValueBatch batch = new KeyValueBatch();
        if (map.epoch() > maps.newestEpoch()) {
            maps.add(map, batch);
        }
        if (map.epoch() > row.newestEpoch) {
            write(new Row(row.fsid, row.osd, row.uuid, map.epoch()), batch);
        }
    }
}
