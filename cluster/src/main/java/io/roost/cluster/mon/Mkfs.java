package io.roost.cluster.mon;

import io.roost.cluster.crush.CrushDevice;
import io.roost.cluster.crush.CrushHierarchy;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.FullRatios;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonMapRows;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonStoreException;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.paxos.Quorum;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a new cluster is made of: monitors, one OSD that is in and not up yet, the pools {@value #SYSTEM_POOL} and
 * {@value #DATA_POOL}, replicas on distinct hosts.
 *
 * @param fsid the cluster's id, random
 * @param monitors all that there are; each is made of the same
 * @param host name of the host that holds the OSD
 * @param osdUuid id of the OSD's store, random
 * @param osdWeight 16.16, its share: 0x10000 for a TiB
 * @param replicas size of the pools
 * @param pgNum placement groups of each pool
 * @param nowMillis milliseconds of the epoch
 */
public record Mkfs(
        UUID fsid,
        List<MonMap.Monitor> monitors,
        String host,
        UUID osdUuid,
        int osdWeight,
        int replicas,
        int pgNum,
        long nowMillis) {
    /** Pool of records: buckets, users, keys. */
    public static final String SYSTEM_POOL = "system";
    /** Pool of objects and stripes. */
    public static final String DATA_POOL = "data";
    /** Placement groups of each pool, unless told otherwise: enough for a dozen OSDs without a split. */
    public static final int PG_NUM = 64;

    static final MonKey FSID_KEY = MonKey.of("mkfs", "fsid");

    /** Checks for null; the maps check the rest. */
    public Mkfs {
        Objects.requireNonNull(fsid, "fsid");
        Objects.requireNonNull(osdUuid, "osdUuid");
        monitors = List.copyOf(monitors);
    }

    /** With as many placement groups as are usual. */
    public Mkfs(
            UUID fsid,
            List<MonMap.Monitor> monitors,
            String host,
            UUID osdUuid,
            int osdWeight,
            int replicas,
            long nowMillis) {
        this(fsid, monitors, host, osdUuid, osdWeight, replicas, PG_NUM, nowMillis);
    }

    /** A cluster of one copy of everything. */
    public static Mkfs singleNode(UUID fsid, NodeAddress address, String host, UUID osdUuid, long nowMillis) {
        MonMap.Monitor monitor = new MonMap.Monitor("a", address, MonMap.Role.VOTER);
        return new Mkfs(fsid, List.of(monitor), host, osdUuid, 0x10000, 1, nowMillis);
    }

    /** The first version of the monitors' log, with all that it writes. */
    MonTransaction transaction() {
        MonTransaction transaction = new MonTransaction();
        transaction.put(
                FSID_KEY,
                new ByteWriter(16)
                        .u64(fsid.getMostSignificantBits())
                        .u64(fsid.getLeastSignificantBits())
                        .toBytes());
        MonMapRows.write(transaction, new MonMap(1, fsid, nowMillis, monitors));
        ConfigService.encode(transaction, new ClusterConfig(1, new TreeMap<>()));
        OsdMapService.encodeFirst(transaction, osdMap());
        return Quorum.firstVersion(transaction);
    }

    /** True when a cluster was made in this store, or copied into it. */
    static boolean isDone(MonStore store) {
        return store.get(FSID_KEY).isPresent();
    }

    /** Checks that all in a store is of one cluster. */
    static void checkFsid(MonStore store, UUID fsid, OsdMap osdMap, MonMap monMap) {
        ByteReader in = new ByteReader(MonStoreException.require(store, FSID_KEY));
        UUID stored = new UUID(in.u64(), in.u64());
        if (!stored.equals(fsid)
                || !osdMap.fsid().equals(fsid)
                || !monMap.fsid().equals(fsid)) {
            throw new MonStoreException("the maps in the store are not of cluster " + fsid);
        }
    }

    /** The first epoch of the OSD map. */
    public OsdMap osdMap() {
        CrushMap crush =
                CrushHierarchy.withDevice(CrushHierarchy.empty(), new CrushDevice(0, "osd.0", ""), host, osdWeight);
        TreeMap<Long, Pool> pools = new TreeMap<>();
        pools.put(1L, pool(1, SYSTEM_POOL));
        pools.put(2L, pool(2, DATA_POOL));
        TreeMap<Integer, OsdInfo> osds = new TreeMap<>();
        osds.put(0, OsdInfo.created(0, osdUuid).withWeight(CrushItem.ONE));
        return new OsdMap(new OsdMapState(
                1,
                fsid,
                nowMillis,
                nowMillis,
                Set.of(),
                2,
                pools,
                osds,
                crush,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                FullRatios.DEFAULT));
    }

    private Pool pool(long id, String name) {
        return new Pool(
                id,
                name,
                Pool.Type.REPLICATED,
                replicas,
                replicas - replicas / 2,
                pgNum,
                pgNum,
                0,
                Set.of(Pool.Flag.HASHPSPOOL, Pool.Flag.NODELETE),
                1);
    }
}
