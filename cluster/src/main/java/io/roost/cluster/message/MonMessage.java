package io.roost.cluster.message;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** What daemons and clients say to a monitor, and it to them. */
public sealed interface MonMessage extends Message {
    /** To a monitor; every one may be sent again. */
    sealed interface ToMonitor extends MonMessage {}

    /** From a monitor. */
    sealed interface FromMonitor extends MonMessage {}

    /** What can be subscribed to; the code is the number on the wire. */
    enum Topic {
        /** {@link OsdMaps}. */
        OSD_MAP(1),
        /** {@link MonMapUpdate}. */
        MON_MAP(2),
        /** {@link ConfigUpdate}. */
        CONFIG(3);

        private final int code;

        Topic(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }
    }

    /** How long a subscription holds. */
    enum Duration {
        /** Until it was answered once. */
        ONCE,
        /** Until the session ends. */
        CONTINUOUS
    }

    /**
     * One wish.
     *
     * @param topic what
     * @param start first epoch or version wanted: the newest known plus 1; 0 for just the newest
     * @param duration how long
     */
    record Subscription(Topic topic, long start, Duration duration) {
        /** Checks that the start is not negative. */
        public Subscription {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(duration, "duration");
            if (start < 0) {
                throw new IllegalArgumentException("a subscription from " + start);
            }
        }
    }

    /** Send these, now as far as there is something, and later when there is more; replaces earlier wishes for a topic. */
    record Subscribe(List<Subscription> subscriptions) implements ToMonitor {
        /** Copies the list. */
        public Subscribe {
            subscriptions = List.copyOf(subscriptions);
        }
    }

    /**
     * Who is there: asks for an id that nobody else has ever had.
     *
     * @param tid the sender's number of the request
     * @param entity kind and name, as {@code client.gateway}; for logs
     */
    record Authenticate(long tid, String entity) implements ToMonitor {}

    /**
     * The answer.
     *
     * @param tid of the request
     * @param globalId 1 and above
     */
    record AuthenticateReply(long tid, long globalId) implements FromMonitor {}

    /**
     * An OSD is running and wants to be marked up.
     *
     * @param osd its id
     * @param uuid of its store
     * @param publicAddress for clients
     * @param clusterAddress for other OSDs; the nonce is another in every life
     * @param newestEpoch newest epoch of the map that its store knows, 0 for none
     * @param features class or protocol → the version it knows
     */
    record OsdBoot(
            int osd,
            UUID uuid,
            NodeAddress publicAddress,
            NodeAddress clusterAddress,
            int newestEpoch,
            SortedMap<String, Integer> features)
            implements ToMonitor {
        /** Copies the features. */
        public OsdBoot {
            Objects.requireNonNull(uuid, "uuid");
            features = Collections.unmodifiableSortedMap(new TreeMap<>(features));
        }
    }

    /**
     * The OSD is not marked up, and trying again will not help.
     *
     * @param osd its id
     * @param reason for a person
     */
    record OsdBootRefused(int osd, String reason) implements FromMonitor {}

    /**
     * A primary that is about to serve asks that the map show it up through an epoch; the map that does is the answer.
     *
     * @param osd its id
     * @param clusterAddress as in its boot: tells its lives apart
     * @param wantedUpThru the first epoch of its interval
     */
    record OsdAlive(int osd, NodeAddress clusterAddress, int wantedUpThru) implements ToMonitor {}

    /**
     * An OSD lives, and needs no map older than this.
     *
     * @param osd its id
     * @param epoch of its map
     * @param minLastEpochClean lowest over its placement groups
     */
    record OsdBeacon(int osd, int epoch, int minLastEpochClean) implements ToMonitor {}

    /**
     * An OSD is about to stop in good order; the map that shows it down is the answer.
     *
     * @param osd its id
     * @param clusterAddress as in its boot: tells its lives apart
     */
    record OsdStopping(int osd, NodeAddress clusterAddress) implements ToMonitor {}

    /**
     * A command of an administrator.
     *
     * @param tid the sender's number of the request
     * @param command what is wanted
     */
    record Command(long tid, MonCommand command) implements ToMonitor {}

    /**
     * What a command came to.
     *
     * @param tid of the request
     * @param outcome of it
     * @param text for a person
     * @param epoch of the OSD map, or version of the settings, in which it is so; 0 when nothing changed
     */
    record CommandReply(long tid, MonCommand.Outcome outcome, String text, long epoch) implements FromMonitor {}

    /**
     * Epochs of the OSD map: a full one perhaps, then the differences after it.
     *
     * @param full one epoch whole, when the subscriber is too far behind, or asked for just the newest
     * @param incrementals in order, without gap; the first follows the full one, or the epoch the subscriber has
     * @param oldestEpoch oldest that the monitor still has
     * @param newestEpoch newest there is; more follows in further messages when this is beyond
     */
    record OsdMaps(Optional<OsdMap> full, List<OsdMap.Incremental> incrementals, int oldestEpoch, int newestEpoch)
            implements FromMonitor {
        /** Copies the list. */
        public OsdMaps {
            Objects.requireNonNull(full, "full");
            incrementals = List.copyOf(incrementals);
        }
    }

    /** The newest monitor map. */
    record MonMapUpdate(MonMap map) implements FromMonitor {}

    /** The newest settings. */
    record ConfigUpdate(ClusterConfig config) implements FromMonitor {}
}
