package io.roost.cluster.osd;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.store.StoreSpace;
import java.util.List;
import java.util.function.Supplier;

/** What links an OSD of a simulation with those who make the maps: also its own place in them. */
interface OsdMapLink extends MapLink {
    /** The OSD. */
    interface Listener {
        /**
         * The next map that there is.
         *
         * @param isOfThisLife false while none has shown this life up
         */
        void onMap(OsdMap map, boolean isOfThisLife);

        /** What another says to it in its present life. */
        void onMessage(String from, Envelope message);

        /** What was said to a node, or by it, may be lost. */
        void onReset(String peer);

        /** How its placement groups are; null before it serves. */
        PgReport report();
    }

    /** Makes the link of a life that begins. */
    interface Maker {
        /** The link. */
        OsdMapLink of(Listener listener, int life, Supplier<StoreSpace> space);
    }

    /** The maps that the OSD has kept. */
    MapHistory history();

    /** Newest epoch that it had acted on when this life began. */
    int actedOn();

    /** True while time passes for its placement groups. */
    boolean isServing();

    /** How often it has begun to be another for its peers, although it ran. */
    int rebirths();

    /** A peer knows this epoch: it is told what it lacks, once, or else asked is what we lack. */
    void gossip(String peer, int epoch);

    /** Asks to be known as up as of an epoch, until a map says so. */
    void wantUpThru(int epoch);

    /** Asks that others act for a placement group in its interval of this map, until a map says so. */
    void wantPgTemp(PgId pg, List<Integer> osds, OsdMap by);

    /** How its placement groups are, now and then. */
    void onReport(PgReport report);
}
