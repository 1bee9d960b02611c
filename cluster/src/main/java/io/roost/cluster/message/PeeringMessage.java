package io.roost.cluster.message;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the OSDs of a placement group agree on its log at the beginning of an interval (Ceph's peering: GetInfo, GetLog,
 * GetMissing, activation). Entries of the log travel as the rows that the store keeps of them.
 */
public sealed interface PeeringMessage extends PeerMessage {
    /**
     * From the primary: what do you have? Answered with {@link Notify}.
     *
     * @param queried epoch at which this peering began; comes back with the answer
     */
    record QueryInfo(PgId pg, int mapEpoch, int queried) implements PeeringMessage {}

    /**
     * To the primary: this is what I have. Also sent unasked at the beginning of an interval by whoever has a copy.
     *
     * @param queried of the question; the map's epoch when nobody asked
     * @param info what the sender has
     * @param pastIntervals in which the placement group may have taken writes, since it was clean, oldest first
     * @param promise what the sender has promised to an earlier primary
     */
    record Notify(PgId pg, int mapEpoch, int queried, PgInfo info, List<PgInterval> pastIntervals, ReadPromise promise)
            implements PeeringMessage {
        /** Copies the list. */
        public Notify {
            pastIntervals = List.copyOf(pastIntervals);
        }

        /** One of an OSD that has promised nothing. */
        public Notify(PgId pg, int mapEpoch, int queried, PgInfo info, List<PgInterval> pastIntervals) {
            this(pg, mapEpoch, queried, info, pastIntervals, ReadPromise.NONE);
        }

        /** The same with a promise. */
        public Notify with(ReadPromise given) {
            return new Notify(pg, mapEpoch, queried, info, pastIntervals, given);
        }
    }

    /**
     * From the primary: send your log. Answered with {@link Log}.
     *
     * @param queried as in {@link QueryInfo}
     * @param since entries after this version are wanted; all that there are when the log begins later
     */
    record QueryLog(PgId pg, int mapEpoch, int queried, ObjectVersion since) implements PeeringMessage {}

    /**
     * To the primary: a log and what the sender misses of it.
     *
     * @param queried of the question
     * @param info what the sender has
     * @param since every entry after this version is here
     * @param entries rows of the log, oldest first
     * @param missing by key in the store
     */
    record Log(
            PgId pg,
            int mapEpoch,
            int queried,
            PgInfo info,
            ObjectVersion since,
            List<Bytes> entries,
            SortedMap<Bytes, MissingItem> missing)
            implements PeeringMessage {
        /** Copies list and map. */
        public Log {
            Objects.requireNonNull(since, "since");
            entries = List.copyOf(entries);
            missing = Collections.unmodifiableSortedMap(new TreeMap<>(missing));
        }
    }

    /**
     * From the primary to every OSD that takes part: the log is this; go on from here. Answered with {@link Activated}
     * when that is on disk.
     *
     * @param interval first epoch of the primary's interval
     * @param info of the primary; its last epoch started is the one of this activation
     * @param since every entry after this version is here
     * @param entries rows of the log, oldest first; none when the receiver has the same
     * @param pastIntervals for a receiver that knows nothing of the placement group
     * @param start what becomes of the receiver's copy
     */
    record Activate(
            PgId pg,
            int mapEpoch,
            int interval,
            PgInfo info,
            ObjectVersion since,
            List<Bytes> entries,
            List<PgInterval> pastIntervals,
            Start start)
            implements PeeringMessage {
        /** Copies the lists. */
        public Activate {
            Objects.requireNonNull(since, "since");
            Objects.requireNonNull(start, "start");
            entries = List.copyOf(entries);
            pastIntervals = List.copyOf(pastIntervals);
        }
    }

    /** How a receiver of {@link Activate} begins. */
    enum Start {
        /** With the copy it has: what its log lacks is recovered. */
        AS_IT_IS(0),
        /** With nothing: all is backfilled. */
        BACKFILL(1);

        private final int code;

        Start(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }
    }

    /**
     * To the primary, and from it to itself: the activation is on disk here.
     *
     * @param interval as in {@link Activate}
     */
    record Activated(PgId pg, int mapEpoch, int interval) implements PeeringMessage {}

    /**
     * From the primary: the placement group has started, or is clean.
     *
     * @param interval first epoch of the primary's interval
     * @param history with what is new
     */
    record HistoryUpdate(PgId pg, int mapEpoch, int interval, PgHistory history) implements PeeringMessage {}

    /**
     * From the primary of a clean placement group to an OSD that has a copy and no part in it: it is not needed.
     *
     * @param interval first epoch of the primary's interval
     */
    record Remove(PgId pg, int mapEpoch, int interval) implements PeeringMessage {}
}
