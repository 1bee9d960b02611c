package io.roost.cluster.daemon;

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
 * Whose a store is: the meta row {@code superblock}.
 *
 * <pre>
 * version u8 = 1, compat u8 = 1, length u32, fsid 2 x u64, osd u32, uuid 2 x u64
 * </pre>
 *
 * @param fsid of the cluster
 * @param osd id
 * @param uuid of this store, made with it
 */
record Superblock(UUID fsid, int osd, UUID uuid) {
    private static final Bytes KEY = KeyLayout.meta("superblock");
    private static final int FORMAT = 1;

    Bytes encode() {
        ByteWriter out = new ByteWriter(48);
        int mark = out.begin(FORMAT, FORMAT);
        out.u64(fsid.getMostSignificantBits())
                .u64(fsid.getLeastSignificantBits())
                .u32(osd);
        out.u64(uuid.getMostSignificantBits()).u64(uuid.getLeastSignificantBits());
        return out.end(mark).toBytes();
    }

    static Superblock decode(Bytes row) {
        ByteReader in = new ByteReader(row);
        ByteReader.Struct struct = in.begin(FORMAT);
        Superblock superblock = new Superblock(new UUID(in.u64(), in.u64()), in.u32(), new UUID(in.u64(), in.u64()));
        in.end(struct);
        return superblock;
    }

    /**
     * The superblock of a store, written when the store is new; durable on return.
     *
     * @throws StoreFailedException when the store is another cluster's or OSD's
     */
    static Superblock of(KeyValue store, UUID fsid, int osd) {
        Bytes row = store.get(Family.META, KEY, Tier.DISK);
        if (row == null) {
            Superblock made = new Superblock(fsid, osd, UUID.randomUUID());
            store.write(new KeyValueBatch().put(Family.META, KEY, made.encode()));
            return made;
        }
        Superblock found = decode(row);
        if (!found.fsid.equals(fsid) || found.osd != osd) {
            throw new StoreFailedException("the store is osd." + found.osd + "'s of cluster " + found.fsid
                    + ", not osd." + osd + "'s of " + fsid);
        }
        return found;
    }
}
