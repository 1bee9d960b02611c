package io.roost.cluster.map;

import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * One epoch of what the cluster agrees on about pools and OSDs, and where every placement group is by it (Weil et al.,
 * "RADOS", 2007). Immutable and safe for any thread; where a placement group is is computed when it is first asked.
 */
public final class OsdMap {
    /** No OSD: the primary of a placement group that nobody serves. */
    public static final int NO_OSD = -1;

    private final OsdMapState state;
    private final Placement placement;
    private final Map<String, Pool> poolsByName = new HashMap<>();
    /**
     * By pool and seed. Threads may race to fill a slot: they compute equal values, and the values are immutable.
     */
    private final Map<Long, PgMapping[]> mappings = new HashMap<>();

    /** A map that says this. */
    public OsdMap(OsdMapState state) {
        this.state = Objects.requireNonNull(state, "state");
        placement = new Placement(state);
        for (Pool pool : state.pools().values()) {
            if (poolsByName.put(pool.name(), pool) != null) {
                throw new IllegalArgumentException("two pools named " + pool.name());
            }
            mappings.put(pool.id(), new PgMapping[pool.pgNum()]);
        }
    }

    /** All that it says. */
    public OsdMapState state() {
        return state;
    }

    /** Its epoch, 1 for the first. */
    public int epoch() {
        return state.epoch();
    }

    /** The cluster's id. */
    public UUID fsid() {
        return state.fsid();
    }

    /** The pool of an id, or null. */
    public Pool pool(long id) {
        return state.pools().get(id);
    }

    /** The pool of a name, or null. */
    public Pool pool(String name) {
        return poolsByName.get(name);
    }

    /** All pools, ascending by id. */
    public Collection<Pool> pools() {
        return state.pools().values();
    }

    /** The OSD of an id, or null when it does not exist. */
    public OsdInfo osd(int id) {
        return state.osds().get(id);
    }

    /** All OSDs, ascending by id. */
    public Collection<OsdInfo> osds() {
        return state.osds().values();
    }

    /** True when there is but one OSD: it does not peer, and the first that joins it ends an interval of everything. */
    public boolean hasOneOsd() {
        return state.osds().size() == 1;
    }

    /** True when the OSD exists and is up. */
    public boolean isUp(int osd) {
        OsdInfo info = osd(osd);
        return info != null && info.isUp();
    }

    /** True when a switch of the whole cluster is on. */
    public boolean isSet(OsdMapFlag flag) {
        return state.flags().contains(flag);
    }

    /**
     * The placement group of a locator.
     *
     * @throws ObjectException NO_SUCH_POOL
     */
    public PgId pgOf(Locator locator) {
        Pool pool = pool(locator.pool());
        if (pool == null) {
            throw new ObjectException(ObjectError.NO_SUCH_POOL, "pool " + locator.pool());
        }
        return new PgId(pool.id(), pool.seedOf(locator.key()));
    }

    /** Where a placement group is; nowhere when its pool has none of that seed. */
    public PgMapping mapping(PgId pg) {
        PgMapping[] ofPool = mappings.get(pg.pool());
        if (ofPool == null || pg.seed() >= ofPool.length) {
            return PgMapping.NOWHERE;
        }
        PgMapping mapping = ofPool[pg.seed()];
        if (mapping == null) {
            mapping = placement.of(pool(pg.pool()), pg);
            ofPool[pg.seed()] = mapping;
        }
        return mapping;
    }

    /** The OSDs that placement gives a placement group, without those that are down. */
    public List<Integer> up(PgId pg) {
        return mapping(pg).up();
    }

    /** The OSDs that serve a placement group. */
    public List<Integer> acting(PgId pg) {
        return mapping(pg).acting();
    }

    /** The OSD that orders the requests of a placement group, or {@link #NO_OSD}. */
    public int primary(PgId pg) {
        return mapping(pg).primary();
    }

    /**
     * The version of a feature that every OSD that is up knows; 0 when one does not know it, or none is up.
     *
     * @param name an object class, or a part of the protocol
     */
    public int commonFeature(String name) {
        int lowest = Integer.MAX_VALUE;
        for (OsdInfo osd : osds()) {
            if (osd.isUp()) {
                lowest = Math.min(lowest, osd.features().getOrDefault(name, 0));
            }
        }
        return lowest == Integer.MAX_VALUE ? 0 : lowest;
    }

    /**
     * The next epoch.
     *
     * @throws IllegalArgumentException when the difference is not from this epoch of this cluster, or does not fit
     */
    public OsdMap apply(Incremental incremental) {
        if (incremental.epoch() != epoch() + 1 || !incremental.fsid().equals(fsid())) {
            throw new IllegalArgumentException("epoch " + incremental.epoch() + " of cluster " + incremental.fsid()
                    + " does not follow epoch " + epoch() + " of cluster " + fsid());
        }
        return new OsdMap(new OsdMapEdit(state, incremental).applied());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OsdMap that && state.equals(that.state);
    }

    @Override
    public int hashCode() {
        return state.hashCode();
    }

    @Override
    public String toString() {
        return "osdmap e" + epoch() + ": " + state.osds().size() + " osds, "
                + osds().stream().filter(OsdInfo::isUp).count() + " up; "
                + state.pools().size() + " pools";
    }

    /**
     * The difference between an epoch and the one before it.
     *
     * @param epoch the one it leads to, 2 and above
     * @param fsid the cluster's id
     * @param modifiedMillis when it was made
     * @param changes applied in order
     * @param fullCrc CRC32C of the resulting map's encoded form; who gets another has a damaged map and asks for a full
     *     one
     */
    public record Incremental(int epoch, UUID fsid, long modifiedMillis, List<OsdMapChange> changes, int fullCrc) {
        /** Copies the changes and checks the range above. */
        public Incremental {
            Objects.requireNonNull(fsid, "fsid");
            changes = List.copyOf(changes);
            if (epoch < 2) {
                throw new IllegalArgumentException("an incremental to epoch " + epoch);
            }
        }
    }
}
