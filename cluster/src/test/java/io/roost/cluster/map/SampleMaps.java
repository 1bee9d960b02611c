package io.roost.cluster.map;

import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.crush.CrushText;
import io.roost.cluster.crush.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Maps for tests. */
public final class SampleMaps {
    /** The cluster of every sample. */
    public static final UUID FSID = UUID.fromString("6f1ab7d2-0c11-4d0b-9a3e-2f7b1d5c8e90");

    private SampleMaps() {}

    /** A pool of three replicas. */
    public static Pool pool(long id, int pgNum, int pgpNum, int rule) {
        return new Pool(
                id, "pool-" + id, Pool.Type.REPLICATED, 3, 2, pgNum, pgpNum, rule, Set.of(Pool.Flag.HASHPSPOOL), 1);
    }

    /** Epoch 1 of a cluster on one of the published hierarchies, all OSDs up and in. */
    public static OsdMap of(String crushMap, Pool... pools) {
        CrushMap crush = CrushText.read(Vectors.text("maps/" + crushMap + ".txt"));
        TreeMap<Integer, OsdInfo> osds = new TreeMap<>();
        for (int id = 0; id < crush.maxDevices(); id++) {
            NodeAddress address = new NodeAddress("127.0.0.1", 9500 + id, 1);
            osds.put(
                    id,
                    OsdInfo.created(id, new UUID(7, id))
                            .withWeight(CrushItem.ONE)
                            .up(1, new UUID(7, id), address, address, new TreeMap<>()));
        }
        TreeMap<Long, Pool> byId = new TreeMap<>();
        for (Pool pool : pools) {
            byId.put(pool.id(), pool);
        }
        return new OsdMap(new OsdMapState(
                1,
                FSID,
                1000,
                1000,
                Set.of(),
                byId.isEmpty() ? 0 : byId.lastKey(),
                byId,
                osds,
                crush,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                FullRatios.DEFAULT));
    }

    /** The epoch after a map that makes these changes. */
    public static OsdMap next(OsdMap map, OsdMapChange... changes) {
        return map.apply(incremental(map, Arrays.asList(changes), 0));
    }

    /** The difference to the epoch after a map. */
    public static OsdMap.Incremental incremental(OsdMap map, List<OsdMapChange> changes, int fullCrc) {
        return new OsdMap.Incremental(
                map.epoch() + 1, map.fsid(), map.state().modifiedMillis() + 1000, changes, fullCrc);
    }
}
