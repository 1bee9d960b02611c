package io.roost.cluster.osd;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.PlacementGroup;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which placement groups a shard has: finds them on the disk, in past maps and in what other OSDs tell, and lets go of those
 * that nobody needs here any more. What past maps are needed for that is read away from the event loop.
 */
final class PlacementGroups {
    /** Of {@link OsdEffects#read}, when it reads what there is. */
    static final long START_TOKEN = -2;

    /** Of {@link OsdEffects#read}, when it reads past maps. */
    static final long MAPS_TOKEN = -3;

    /** Of {@link OsdEffects#read}, when it reads what pools have left that are gone. */
    static final long LEFT_TOKEN = -4;

    /** Of what is read for none in particular. */
    static final PgId NO_GROUP = new PgId(Long.MAX_VALUE, 0);

    /** Placement groups looked at in a tick, whether this OSD leads one that it does not know. */
    private static final int MAX_LOOKED_AT = 64;

    /** Reads of one placement group between two starts of this OSD are fewer than two to this power. */
    private static final int TOKEN_BITS = 40;

    private final int osd;
    private final ClassRegistry classes;
    private final ObjectStore store;
    private final PgLog.Limits logLimits;
    private final Predicate<PgId> isOfShard;
    private final MapHistory maps;
    private final TreeMap<PgId, PlacementGroup> groups = new TreeMap<>();
    private final RemovedPools removed;
    private OsdMap map;
    private Inventory inventory;
    private boolean isStarted;
    /** Those that have been read, while placement groups begin by them. */
    private PastMaps past;
    /** What is being read for placement groups that nobody has told of. */
    private PastMaps reading;

    private Set<Long> readFor = Set.of();
    /** Maps that have come while older ones are being read. */
    private final List<OsdMap> sinceRead = new ArrayList<>();
    /** Pools that came to be before all maps there are: of their placement groups somebody has a copy. */
    private final Set<Long> oldPools = new HashSet<>();

    private long groupsMade;

    /** Of the placement groups of all pools, one after the other, how many have been looked at. */
    private int lookedAt;

    /** None yet; the parameters are those of {@link OsdShard}. */
    PlacementGroups(
            int osd,
            ClassRegistry classes,
            ObjectStore store,
            PgLog.Limits logLimits,
            Predicate<PgId> isOfShard,
            MapHistory maps,
            OsdMap map) {
        this.osd = osd;
        this.classes = classes;
        this.store = store;
        this.logLimits = logLimits;
        this.isOfShard = isOfShard;
        this.maps = maps;
        this.map = map;
        removed = new RemovedPools(store, isOfShard, maps, this::made);
    }

    /** One of them, or null. */
    PlacementGroup get(PgId pg) {
        return groups.get(pg);
    }

    /** All of them, by id. */
    Collection<PlacementGroup> all() {
        return Collections.unmodifiableCollection(groups.values());
    }

    /** One that has something on the disk, though its pool may be gone; or null. */
    PlacementGroup ofDisk(PgId pg) {
        PlacementGroup group = groups.get(pg);
        return group == null ? removed.group(pg) : group;
    }

    /** True when none of them is a placement group that there should be. */
    boolean isUnknown(PgId pg) {
        return isOfShard.test(pg) && map.pool(pg.pool()) != null && !groups.containsKey(pg);
    }

    /** True when what is on the disk is known; the only OSD does without. */
    boolean isStarted() {
        return isStarted;
    }

    /** Oldest map that is needed after a start for what pools have left that are gone; 0 for all there are. */
    int neededForRemoval() {
        return removed.neededMapEpoch(map.epoch());
    }

    // ---- what begins ----

    /** Takes on one that does not peer yet. */
    PlacementGroup add(LocalCopy copy) {
        PlacementGroup group = made(copy);
        groups.put(copy.pg(), group);
        return group;
    }

    /** A placement group that comes back after it was removed must not take the end of an earlier read for one of its own. */
    private PlacementGroup made(LocalCopy copy) {
        return new PlacementGroup(copy.pg(), osd, classes, store, copy, logLimits, groupsMade++ << TOKEN_BITS);
    }

    private PlacementGroup begin(LocalCopy copy, int knownEpoch, OsdEffects out) {
        PlacementGroup group = add(copy);
        group.begin(mapsFrom(knownEpoch), out);
        return group;
    }

    private List<OsdMap> mapsFrom(int epoch) {
        PastMaps known = past;
        if (known == null) {
            known = new PastMaps(maps, map);
            known.goBackTo(epoch);
        }
        return known.from(epoch);
    }

    /**
     * Has the disk read, to begin to peer.
     *
     * @param actedOn newest epoch that this OSD has acted on before, 0 for none
     */
    void start(int actedOn, OsdEffects out) {
        inventory = new Inventory(osd, store, isOfShard, maps, map, actedOn);
        out.read(NO_GROUP, START_TOKEN, inventory);
    }

    /**
     * The disk has been read.
     *
     * @param hasBeenAlone true when this OSD was the only one until now; otherwise its process has just begun
     */
    void onAllRead(RuntimeException failure, boolean hasBeenAlone, OsdEffects out) {
        if (failure != null) {
            throw new IllegalStateException("the placement groups cannot be read", failure);
        }
        isStarted = true;
        past = withNewer(inventory.past());
        groups.values().forEach(group -> group.begin(mapsFrom(inventory.actedOn()), out));
        for (LocalCopy copy : inventory.copies()) {
            if (isUnknown(copy.pg())) {
                PlacementGroup group = begin(copy, copy.mapEpoch(), out);
                if (!hasBeenAlone) {
                    group.onStarted(out);
                }
            }
        }
        int aloneThrough = inventory.aloneThrough();
        for (PgId pg : inventory.unused()) {
            if (isUnknown(pg)) {
                begin(LocalCopy.alone(pg, new PgLog(ObjectVersion.NONE), aloneThrough), aloneThrough, out);
            }
        }
        create(past, out);
        past = null;
        inventory = null;
    }

    private PastMaps withNewer(PastMaps read) {
        sinceRead.forEach(read::add);
        sinceRead.clear();
        return read;
    }

    private void create(PastMaps known, OsdEffects out) {
        for (LocalCopy copy : PgCreation.copies(osd, known, this::isUnknown)) {
            begin(copy, copy.mapEpoch(), out);
        }
    }

    /** What becomes of a placement group that another OSD tells of and this one knows nothing of; null for nothing. */
    PlacementGroup heardOf(int from, PeeringMessage message, OsdEffects out) {
        PgId pg = message.pg();
        if (map.pool(pg.pool()) == null) {
            return null;
        }
        if (message instanceof PeeringMessage.QueryInfo query) {
            out.send(from, new PeeringMessage.Notify(pg, map.epoch(), query.queried(), PgInfo.ABSENT, List.of()));
        } else if (message instanceof PeeringMessage.Notify notify && map.primary(pg) == osd) {
            if (mapsFrom(notify.mapEpoch()).get(0).epoch() > notify.mapEpoch()) {
                // Which intervals there were since then is not known here any more, but to the sender, who has all
                // maps.
                out.count("osd: told of a placement group by a map that is gone");
                out.send(from, new PeeringMessage.QueryInfo(pg, map.epoch(), map.epoch()));
                return null;
            }
            int epoch = notify.mapEpoch();
            return begin(LocalCopy.absent(pg, notify.info().history(), epoch, notify.pastIntervals()), epoch, out);
        } else if (message instanceof PeeringMessage.Activate activate) {
            int epoch = activate.mapEpoch();
            return begin(LocalCopy.absent(pg, activate.info().history(), epoch, activate.pastIntervals()), epoch, out);
        }
        return null;
    }

    // ---- maps ----

    /** A newer map; those whose pool it does not have any more leave. */
    void onMap(OsdMap newer, OsdEffects out) {
        OsdMap older = map;
        map = newer;
        groups.values().removeIf(group -> {
            boolean isOfNoPool = newer.pool(group.id().pool()) == null;
            if (isOfNoPool) {
                group.leave(out);
                removed.add(group, older.pool(group.id().pool()).pgNum());
            }
            return isOfNoPool;
        });
        removed.onMap(older, newer);
    }

    /** The newer map again, where others peer too. */
    void follow(OsdMap older, OsdEffects out) {
        if (isStarted) {
            List.copyOf(groups.values()).forEach(group -> group.onMap(map, out));
            create(PastMaps.of(older, map), out);
        }
        if (!isStarted || reading != null) {
            sinceRead.add(map);
        }
    }

    // ---- what nobody tells of ----

    /** What nobody tells of that this OSD leads perhaps nobody has made: the maps tell. */
    private void lookForUnknown(OsdEffects out) {
        TreeSet<Long> pools = new TreeSet<>();
        PgId pg = nextToLookAt();
        for (int i = 1; i < MAX_LOOKED_AT && pg != null; i++) {
            if (isUnknown(pg) && map.primary(pg) == osd && !oldPools.contains(pg.pool())) {
                pools.add(pg.pool());
            }
            pg = nextToLookAt();
        }
        if (!pools.isEmpty()) {
            PastMaps read = new PastMaps(maps, map);
            reading = read;
            readFor = pools;
            out.read(NO_GROUP, MAPS_TOKEN, () -> read.goBackBefore(pools, osd));
        }
    }

    /** Past maps have been read: they tell of more placement groups. */
    void onMapsRead(RuntimeException failure, OsdEffects out) {
        if (failure != null) {
            throw new IllegalStateException("past maps cannot be read", failure);
        }
        past = withNewer(reading);
        reading = null;
        create(past, out);
        for (long pool : readFor) {
            if (past.firstWith(pool, osd) == null) {
                oldPools.add(pool);
            }
        }
        past = null;
    }

    /** The placement groups of all pools in turn; null after the last. */
    PgId nextToLookAt() {
        int seed = lookedAt++;
        for (Pool pool : map.pools()) {
            if (seed < pool.pgNum()) {
                return new PgId(pool.id(), seed);
            }
            seed -= pool.pgNum();
        }
        lookedAt = 0;
        return null;
    }

    // ---- what leaves ----

    /** What pools have left that are gone has been looked for. */
    void onLeftoversRead(RuntimeException failure, OsdEffects out) {
        removed.onLeftoversRead(failure, out);
    }

    /** Goes on with what leaves. */
    void removeInTurn(OsdEffects out) {
        removed.onTick(map, out);
    }

    /** Time has passed, where others peer too. */
    void onTick(OsdEffects out) {
        groups.values().forEach(group -> group.onTick(out));
        groups.values().removeIf(PlacementGroup::isGone);
        if (isStarted && reading == null) {
            lookForUnknown(out);
        }
    }
}
