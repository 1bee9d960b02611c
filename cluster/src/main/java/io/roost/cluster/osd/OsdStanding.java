package io.roost.cluster.osd;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgMapping;
import io.roost.cluster.message.MonMessage;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * An OSD's standing in the map: it boots until the map shows it up, says that it lives, asks to be known as up through the
 * intervals it serves, and when the map shows it down although it lives it begins another life, and boots again when it hears
 * all that are up: it may be down because it does not. A machine: one thread, time as input, effects out in order.
 */
public final class OsdStanding {
    /** What it wants done. */
    public interface Effects {
        /** Tell the monitors; may be lost. */
        void tell(MonMessage.ToMonitor message);

        /**
         * Begin another life: sessions with the last one end, and are not believed any more. {@link OsdStanding#onLife}
         * follows.
         */
        void beginLife();

        /** The OSD cannot go on. */
        void fail(String reason);
    }

    /**
     * A life of an OSD.
     *
     * @param forClients its public address
     * @param forOsds its cluster address, whose nonce no life had before
     * @param knownNonces this nonce, that of the life last seen accepted and of all since; the store has them
     */
    public record Life(NodeAddress forClients, NodeAddress forOsds, SortedSet<Long> knownNonces) {
        /** Copies the nonces. */
        public Life {
            knownNonces = Collections.unmodifiableSortedSet(new TreeSet<>(knownNonces));
        }
    }

    /**
     * Who boots.
     *
     * @param osd id
     * @param uuid of its store
     * @param features class or protocol → the version it knows
     */
    public record Self(int osd, UUID uuid, SortedMap<String, Integer> features) {}

    /** A boot without effect is said again: the monitors may be electing. */
    private static final long BOOT_MILLIS = 2000;

    private static final long BEACON_MILLIS = 5000;
    private static final long ALIVE_MILLIS = 1000;
    private static final long PG_TEMP_MILLIS = 1000;

    private final Self self;
    /** Null while it is being begun. */
    private Life life;

    private MonMessage.BootCause cause = MonMessage.BootCause.STARTED;
    /** Null before the first. */
    private OsdMap map;

    private int newestEpoch;
    private int minLastEpochClean;
    private int wantedUpThru;
    private final TreeMap<PgId, WantedPgTemp> wantedPgTemps = new TreeMap<>();
    private boolean wasUp;
    /** In this life or another: only since then does it listen for others. */
    private boolean hasBeenUp;

    /** It hears all that are up, as far as that was asked since it was marked down. */
    private boolean isConnected = true;

    private boolean isStopping;
    private long bootedMillis = Long.MIN_VALUE / 2;
    private long beaconMillis = Long.MIN_VALUE / 2;
    private long aliveMillis = Long.MIN_VALUE / 2;
    private long pgTempMillis = Long.MIN_VALUE / 2;

    /**
     * Who should act for a placement group.
     *
     * @param epoch of the map by which it is wanted
     * @param mapping in the interval that wants it so
     */
    private record WantedPgTemp(List<Integer> osds, int epoch, PgMapping mapping) {
        boolean isOver(PgId pg, OsdMap newer) {
            return newer.epoch() > epoch
                    && (newer.pool(pg.pool()) == null || !newer.mapping(pg).equals(mapping));
        }
    }

    /**
     * One that has not been up in this life.
     *
     * @param newestEpoch that the store has acted on, 0 for none
     */
    public OsdStanding(Self self, Life life, int newestEpoch) {
        this.self = self;
        this.life = life;
        this.newestEpoch = newestEpoch;
    }

    /** True when the newest map shows this life up. */
    public boolean isUp() {
        OsdInfo info = map == null ? null : map.osd(self.osd());
        return life != null
                && info != null
                && info.isUp()
                && info.clusterAddress().equals(life.forOsds());
    }

    /** A monitor answers: what was told before may have been lost. */
    public void onSession(long nowMillis, Effects out) {
        bootedMillis = Long.MIN_VALUE / 2;
        aliveMillis = Long.MIN_VALUE / 2;
        pgTempMillis = Long.MIN_VALUE / 2;
        onTick(nowMillis, out);
    }

    /** A newer map. */
    public void onMap(OsdMap newer, long nowMillis, Effects out) {
        if (map != null && newer.epoch() <= map.epoch()) {
            return;
        }
        map = newer;
        wantedPgTemps.entrySet().removeIf(wanted -> wanted.getValue().isOver(wanted.getKey(), newer));
        boolean isUp = isUp();
        if (isUp) {
            hasBeenUp = true;
            // Not before: that maps were caught up with is no proof that the store is not an old copy.
            newestEpoch = Math.max(newestEpoch, newer.epoch());
        }
        if (!isStopping && (wasUp ? !isUp : isOver())) {
            onMarkedDown(out);
        }
        wasUp = isUp;
        onTick(nowMillis, out);
    }

    /** True when the map shows this life down: it was up in epochs that were not seen, and will not be again. */
    private boolean isOver() {
        OsdInfo info = map.osd(self.osd());
        return life != null
                && info != null
                && !info.isUp()
                && info.clusterAddress().equals(life.forOsds());
    }

    private void onMarkedDown(Effects out) {
        if (map.osd(self.osd()) == null) {
            isStopping = true;
            out.fail("the cluster has no osd." + self.osd() + " any more");
            return;
        }
        life = null;
        isConnected = !hasBeenUp;
        cause = MonMessage.BootCause.WRONGLY_DOWN;
        out.beginLife();
    }

    /** Another life has begun; the store knows of it. */
    public void onLife(Life begun, long nowMillis, Effects out) {
        life = begun;
        bootedMillis = Long.MIN_VALUE / 2;
        beaconMillis = Long.MIN_VALUE / 2;
        onTick(nowMillis, out);
    }

    /** While it is not up: whether it hears all that are. */
    public void onConnected(boolean hearsAll, long nowMillis, Effects out) {
        isConnected = hearsAll;
        onTick(nowMillis, out);
    }

    /** A placement group whose interval began in this epoch is about to serve. */
    public void onWantedUpThru(int epoch, long nowMillis, Effects out) {
        if (epoch > wantedUpThru) {
            wantedUpThru = epoch;
            aliveMillis = Long.MIN_VALUE / 2;
            onTick(nowMillis, out);
        }
    }

    /**
     * In the present interval of a placement group, others should act: the monitors are asked until a map ends the interval.
     *
     * @param osds none for those that placement gives
     * @param by the map by which the placement group wants it; may be newer than what the standing has seen
     */
    public void onWantedPgTemp(PgId pg, List<Integer> osds, OsdMap by, Effects out) {
        WantedPgTemp wanted = new WantedPgTemp(List.copyOf(osds), by.epoch(), by.mapping(pg));
        if (!wanted.isOver(pg, map)) {
            wantedPgTemps.put(pg, wanted);
            if (isUp() && !isStopping) {
                tellPgTemps(new TreeMap<>(Map.of(pg, osds)), out);
            }
        }
    }

    private void tellPgTemps(SortedMap<PgId, List<Integer>> wanted, Effects out) {
        out.tell(new MonMessage.OsdPgTemp(self.osd(), wanted, map.epoch()));
    }

    /** The lowest last epoch clean over the placement groups. */
    public void onCleanThrough(int epoch) {
        minLastEpochClean = epoch;
    }

    /** Time has passed; at least once a second. */
    public void onTick(long nowMillis, Effects out) {
        if (isStopping || life == null) {
            return;
        }
        if (!isUp()) {
            if (isConnected && nowMillis - bootedMillis >= BOOT_MILLIS) {
                bootedMillis = nowMillis;
                out.tell(new MonMessage.OsdBoot(
                        self.osd(),
                        self.uuid(),
                        life.forClients(),
                        life.forOsds(),
                        newestEpoch,
                        self.features(),
                        life.knownNonces(),
                        cause));
            }
            return;
        }
        if (nowMillis - beaconMillis >= BEACON_MILLIS) {
            beaconMillis = nowMillis;
            out.tell(new MonMessage.OsdBeacon(self.osd(), map.epoch(), minLastEpochClean));
        }
        if (map.osd(self.osd()).upThru() < wantedUpThru && nowMillis - aliveMillis >= ALIVE_MILLIS) {
            aliveMillis = nowMillis;
            out.tell(new MonMessage.OsdAlive(self.osd(), life.forOsds(), wantedUpThru));
        }
        if (!wantedPgTemps.isEmpty() && nowMillis - pgTempMillis >= PG_TEMP_MILLIS) {
            pgTempMillis = nowMillis;
            TreeMap<PgId, List<Integer>> wanted = new TreeMap<>();
            wantedPgTemps.forEach((pg, temp) -> wanted.put(pg, temp.osds()));
            tellPgTemps(wanted, out);
        }
    }

    /** The monitors refuse a boot; of an earlier life it does not matter any more. */
    public void onRefused(MonMessage.OsdBootRefused refused, Effects out) {
        boolean isOfThisLife = life != null && life.forOsds().nonce() == refused.nonce();
        if (isOfThisLife && !isUp() && !isStopping) {
            isStopping = true;
            out.fail("osd." + self.osd() + " is refused: " + refused.reason());
        }
    }

    /** It is about to stop in good order: it says so, and the map that shows it down is welcome. */
    public void onStop(Effects out) {
        if (!isStopping && isUp()) {
            out.tell(new MonMessage.OsdStopping(self.osd(), life.forOsds()));
        }
        isStopping = true;
    }
}
