package io.roost.cluster.message;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
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
        CONFIG(3),
        /** {@link OsdMaps} of which the first is whole: who cannot apply the difference to it leaves no epoch out so. */
        WHOLE_OSD_MAP(4);

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
     * @param newestEpoch newest epoch of the map that its store has acted on, 0 for none
     * @param features class or protocol → the version it knows
     * @param knownNonces nonces of the cluster addresses of this store's boots, each written down before it was sent: of
     *     the one that it has last seen accepted and of all since, this one too. A store that was set back does not know
     *     the one that was accepted last. Empty for a store that writes nothing down
     * @param cause why it boots
     */
    record OsdBoot(
            int osd,
            UUID uuid,
            NodeAddress publicAddress,
            NodeAddress clusterAddress,
            int newestEpoch,
            SortedMap<String, Integer> features,
            SortedSet<Long> knownNonces,
            BootCause cause)
            implements ToMonitor {
        /** Most boots of which a store does not know whether they were accepted. */
        public static final int MAX_KNOWN = 1024;

        /** Copies the collections. */
        public OsdBoot {
            Objects.requireNonNull(uuid, "uuid");
            Objects.requireNonNull(cause, "cause");
            features = Collections.unmodifiableSortedMap(new TreeMap<>(features));
            knownNonces = Collections.unmodifiableSortedSet(new TreeSet<>(knownNonces));
            if (knownNonces.size() > MAX_KNOWN) {
                throw new IllegalArgumentException(knownNonces.size() + " boots");
            }
        }

        /** Of a store that writes nothing down about its boots. */
        public OsdBoot(
                int osd,
                UUID uuid,
                NodeAddress publicAddress,
                NodeAddress clusterAddress,
                int newestEpoch,
                SortedMap<String, Integer> features) {
            this(
                    osd,
                    uuid,
                    publicAddress,
                    clusterAddress,
                    newestEpoch,
                    features,
                    Collections.emptySortedSet(),
                    BootCause.STARTED);
        }
    }

    /** Why an OSD boots. */
    enum BootCause {
        /** Its process has started. */
        STARTED,
        /** Its process was up, and was marked down although it was running. */
        WRONGLY_DOWN
    }

    /**
     * The OSD is not marked up, and trying again will not help: it stops, if this is the boot that it sent last.
     *
     * @param osd its id
     * @param reason for a person
     * @param nonce of the cluster address in the boot
     */
    record OsdBootRefused(int osd, String reason, long nonce) implements FromMonitor {}

    /**
     * A primary that is about to serve asks that the map show it up through an epoch; the map that does is the answer.
     *
     * @param osd its id
     * @param clusterAddress as in its boot: tells its lives apart
     * @param wantedUpThru the first epoch of its interval
     */
    record OsdAlive(int osd, NodeAddress clusterAddress, int wantedUpThru) implements ToMonitor {}

    /**
     * An OSD lives, and needs no map older than this. To be sent every five seconds, and when it sees that it was marked
     * up.
     *
     * @param osd its id
     * @param epoch of its map
     * @param minLastEpochClean lowest over its placement groups; 0 when it does not know
     */
    record OsdBeacon(int osd, int epoch, int minLastEpochClean) implements ToMonitor {}

    /**
     * An OSD does not hear from another. To be repeated every few seconds while it is so, for the monitors keep no report
     * for long; the map that shows the other down is the answer.
     *
     * @param reporter id of who does not hear
     * @param target id of the other
     * @param targetClusterAddress of its life
     * @param failedForMillis for how long it has not been heard, on the reporter's clock
     * @param evidence why it is believed to have failed
     * @param epoch of the reporter's map
     */
    record OsdFailure(
            int reporter,
            int target,
            NodeAddress targetClusterAddress,
            long failedForMillis,
            Evidence evidence,
            int epoch)
            implements ToMonitor {
        /** Checks for null and that the time is not negative. */
        public OsdFailure {
            Objects.requireNonNull(targetClusterAddress, "targetClusterAddress");
            Objects.requireNonNull(evidence, "evidence");
            if (failedForMillis < 0) {
                throw new IllegalArgumentException("failed for " + failedForMillis + " ms");
            }
        }
    }

    /** Why an OSD is believed to have failed. */
    enum Evidence {
        /** It does not answer. */
        SILENCE,
        /** Nobody listens at its address: its process has ended. */
        REFUSED
    }

    /**
     * An OSD hears again from one whose failure it has reported.
     *
     * @param reporter id of who hears
     * @param target id of the other
     * @param targetClusterAddress of its life
     * @param epoch of the reporter's map
     */
    record OsdStillAlive(int reporter, int target, NodeAddress targetClusterAddress, int epoch) implements ToMonitor {}

    /**
     * A primary asks for other acting sets for a time; the map that has them is the answer.
     *
     * @param osd its id
     * @param wanted placement group → its acting set; an empty one ends it
     * @param epoch of its map
     */
    record OsdPgTemp(int osd, SortedMap<PgId, List<Integer>> wanted, int epoch) implements ToMonitor {
        /** Copies the sets. */
        public OsdPgTemp {
            TreeMap<PgId, List<Integer>> copy = new TreeMap<>();
            wanted.forEach((pg, osds) -> copy.put(pg, List.copyOf(osds)));
            wanted = Collections.unmodifiableSortedMap(copy);
        }
    }

    /**
     * How an OSD and the placement groups that it leads are. To be sent every five seconds, and when a state changes.
     *
     * @param osd its id
     * @param epoch of its map
     * @param stat of its store
     * @param pgs all of which it is the primary
     */
    record OsdPgStats(int osd, int epoch, OsdStat stat, SortedMap<PgId, PgStat> pgs) implements ToMonitor {
        /** Copies the map. */
        public OsdPgStats {
            Objects.requireNonNull(stat, "stat");
            pgs = Collections.unmodifiableSortedMap(new TreeMap<>(pgs));
        }
    }

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
     * @param full one epoch whole, when the subscriber is too far behind, or asked for that or for just the newest
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

    /**
     * Asks for the newest lines of the cluster's log.
     *
     * @param tid the sender's number of the request
     * @param lines how many, at most {@value GetLog#MAX_LOG_LINES}
     */
    record GetLog(long tid, int lines) implements ToMonitor {
        /** Most lines in one answer. */
        public static final int MAX_LOG_LINES = 1000;

        /** Checks the range above. */
        public GetLog {
            if (lines < 1 || lines > MAX_LOG_LINES) {
                throw new IllegalArgumentException(lines + " lines");
            }
        }
    }

    /**
     * The answer.
     *
     * @param tid of the request
     * @param lines oldest first
     */
    record LogReply(long tid, List<LogLine> lines) implements FromMonitor {
        /** Copies the list. */
        public LogReply {
            lines = List.copyOf(lines);
        }
    }

    /** Asks what is not as it should be. */
    record GetHealth(long tid) implements ToMonitor {}

    /**
     * The answer.
     *
     * @param tid of the request
     * @param checks what is wrong, worst first; empty when all is well
     */
    record HealthReply(long tid, List<HealthCheck> checks) implements FromMonitor {
        /** Copies the list. */
        public HealthReply {
            checks = List.copyOf(checks);
        }
    }

    /** Asks how OSDs and placement groups are. */
    record GetStats(long tid) implements ToMonitor {}

    /**
     * The answer: what was reported to the monitor that leads, since it does.
     *
     * @param tid of the request
     * @param osds id → its store
     * @param pgs those that were reported
     */
    record StatsReply(long tid, SortedMap<Integer, OsdStat> osds, SortedMap<PgId, PgStat> pgs) implements FromMonitor {
        /** Copies the maps. */
        public StatsReply {
            osds = Collections.unmodifiableSortedMap(new TreeMap<>(osds));
            pgs = Collections.unmodifiableSortedMap(new TreeMap<>(pgs));
        }
    }
}
