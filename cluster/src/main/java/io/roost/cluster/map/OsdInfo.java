package io.roost.cluster.map;

import io.roost.cluster.crush.CrushItem;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An OSD that exists.
 *
 * @param id {@code osd.<id>}
 * @param uuid of its store; all zero until it first boots
 * @param state whether it serves
 * @param weight 16.16, 0x10000 in, 0 out, between: the share of its data it keeps
 * @param primaryAffinity 16.16, how willing it is to be a primary
 * @param upFrom epoch of the map that marked it up last, 0 for never
 * @param upThru newest epoch through which it is known to have been up while it was a primary
 * @param downAt epoch of the map that marked it down last, 0 for never
 * @param lostAt epoch up to which its data is declared lost, 0 for never
 * @param deadAt epoch of the map that marked it down last because its process was seen to be gone, 0 for never
 * @param storeSince epoch of the map that marked it up first with this store, 0 for never: what it served before is not in it
 * @param publicAddress for clients
 * @param clusterAddress for other OSDs
 * @param features class or protocol → the version it knows, as it said when it booted
 */
public record OsdInfo(
        int id,
        UUID uuid,
        State state,
        int weight,
        int primaryAffinity,
        int upFrom,
        int upThru,
        int downAt,
        int lostAt,
        int deadAt,
        int storeSince,
        NodeAddress publicAddress,
        NodeAddress clusterAddress,
        SortedMap<String, Integer> features) {
    /** The uuid of a store that nobody knows yet. */
    public static final UUID NO_UUID = new UUID(0, 0);

    /** Copies the features and checks the ranges above. */
    public OsdInfo {
        Objects.requireNonNull(uuid, "uuid");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(publicAddress, "publicAddress");
        Objects.requireNonNull(clusterAddress, "clusterAddress");
        features = Collections.unmodifiableSortedMap(new TreeMap<>(features));
        if (id < 0 || weight < 0 || weight > CrushItem.ONE || primaryAffinity < 0 || primaryAffinity > CrushItem.ONE) {
            throw new IllegalArgumentException(
                    "osd." + id + " of weight " + weight + " and primary affinity " + primaryAffinity);
        }
        if (upFrom < 0
                || upThru < 0
                || downAt < 0
                || lostAt < 0
                || deadAt < 0
                || storeSince < 0
                || (state == State.UP && upFrom == 0)) {
            throw new IllegalArgumentException("osd." + id + " up from " + upFrom + " through " + upThru + ", down at "
                    + downAt + ", lost at " + lostAt + ", dead at " + deadAt + ", with its store since " + storeSince);
        }
    }

    /** One that has never been up, and is out: what placement gave to it, nobody would serve. */
    public static OsdInfo created(int id, UUID uuid) {
        return new OsdInfo(
                id,
                uuid,
                State.DOWN,
                0,
                CrushItem.ONE,
                0,
                0,
                0,
                0,
                0,
                0,
                NodeAddress.NONE,
                NodeAddress.NONE,
                Collections.emptySortedMap());
    }

    /** Whether an OSD serves. */
    public enum State {
        /** It does not. */
        DOWN,
        /** It does. */
        UP
    }

    /** True when it serves. */
    public boolean isUp() {
        return state == State.UP;
    }

    /** True when it gets data. */
    public boolean isIn() {
        return weight > 0;
    }

    /** This, marked up by the map of an epoch. */
    public OsdInfo up(
            int epoch, UUID store, NodeAddress forClients, NodeAddress forOsds, SortedMap<String, Integer> known) {
        return new OsdInfo(
                id,
                store,
                State.UP,
                weight,
                primaryAffinity,
                epoch,
                upThru,
                downAt,
                lostAt,
                deadAt,
                hasStore(store) ? storeSince : epoch,
                forClients,
                forOsds,
                known);
    }

    private boolean hasStore(UUID store) {
        return storeSince > 0 && uuid.equals(store);
    }

    /** True when it has had the store of now in an epoch in which it was up. */
    public boolean hadStoreIn(int epoch) {
        return storeSince > 0 && storeSince <= epoch;
    }

    /** True when it is down and its process was seen to be gone: nobody is served by any life that it has had. */
    public boolean isGone() {
        return !isUp() && deadAt > 0 && deadAt == downAt;
    }

    /** This, marked down by the map of an epoch. */
    public OsdInfo down(int epoch) {
        return down(epoch, deadAt);
    }

    /** This, marked down by the map of an epoch, because its process is gone. */
    public OsdInfo gone(int epoch) {
        return down(epoch, epoch);
    }

    private OsdInfo down(int epoch, int dead) {
        return with(State.DOWN, weight, primaryAffinity, upThru, epoch, lostAt, dead);
    }

    /** This, with all that it has had declared lost. */
    public OsdInfo lost() {
        return with(state, weight, primaryAffinity, upThru, downAt, downAt, deadAt);
    }

    /** This, known to have been up through an epoch. */
    public OsdInfo withUpThru(int epoch) {
        return with(state, weight, primaryAffinity, epoch, downAt, lostAt, deadAt);
    }

    /** This with another weight, 16.16. */
    public OsdInfo withWeight(int changed) {
        return with(state, changed, primaryAffinity, upThru, downAt, lostAt, deadAt);
    }

    /** This with another primary affinity, 16.16. */
    public OsdInfo withPrimaryAffinity(int changed) {
        return with(state, weight, changed, upThru, downAt, lostAt, deadAt);
    }

    /** This life with these, in the order of the components. */
    private OsdInfo with(State is, int share, int affinity, int thru, int down, int lost, int dead) {
        return new OsdInfo(
                id,
                uuid,
                is,
                share,
                affinity,
                upFrom,
                thru,
                down,
                lost,
                dead,
                storeSince,
                publicAddress,
                clusterAddress,
                features);
    }
}
