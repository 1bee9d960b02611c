package io.roost.cluster.message;

import io.roost.cluster.map.PgId;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ScrubDepth;
import java.util.List;

/**
 * How the primary of a placement group compares what all its OSDs have on their disks, range by range, and replaces what is
 * not as it was written (Ceph's scrub). Nothing in the range changes meanwhile. {@link #mapEpoch} is an epoch of the
 * interval; a message of another interval is void, and what is not answered when a connection breaks is sent again.
 */
public sealed interface ScrubMessage extends PeerMessage {
    /** Of the primary's question in the interval; an answer to an earlier one is void. Of what is no question: of scrubs. */
    long number();

    /**
     * From the primary: what do you have, when all is on disk that came before? Answered with {@link Examined}.
     *
     * @param after keys above this one
     * @param through up to this one
     */
    record Examine(PgId pg, int mapEpoch, long number, ScrubDepth depth, Bytes after, Bytes through)
            implements ScrubMessage {}

    /**
     * To the primary (Ceph's ScrubMap).
     *
     * @param through all keys up to this one have been looked at; where the question ended, or before
     * @param samples of the entries found, in the order of their keys
     * @param isCutShort true when what is behind the last sample cannot be read: nothing is known of it, up to
     *     {@code through}
     */
    record Examined(PgId pg, int mapEpoch, long number, Bytes through, List<Sample> samples, boolean isCutShort)
            implements ScrubMessage {
        /** Most samples of one answer. */
        public static final int MAX_SAMPLES = 128;

        /** Copies the list. */
        public Examined {
            samples = List.copyOf(samples);
        }
    }

    /**
     * One copy of an entry.
     *
     * @param key of the entry
     * @param isWhole false when its row, value or body is not as it was written, or cannot be read; then the rest says nothing
     * @param version of the entry
     * @param digest CRC32C of what there is of the entry, as far down as the question goes: the same on every OSD
     */
    record Sample(Bytes key, boolean isWhole, ObjectVersion version, int digest) {
        /** One that is damaged. */
        public static Sample damaged(Bytes key) {
            return new Sample(key, false, ObjectVersion.NONE, 0);
        }
    }

    /**
     * From the primary: replace your copy of an entry, whatever it is. Answered with {@link Mended}.
     *
     * @param key of the entry
     * @param version of the entry
     * @param content null when there must be no such entry
     */
    record Mend(
            PgId pg, int mapEpoch, long number, Bytes key, ObjectVersion version, ReplicationMessage.Content content)
            implements ScrubMessage {}

    /**
     * To the primary: an entry is on disk as it was sent.
     *
     * @param key of the entry
     */
    record Mended(PgId pg, int mapEpoch, long number, Bytes key) implements ScrubMessage {}

    /**
     * What scrubs have come to, as the sender knows: from the primary when the interval begins and when a scrub has ended, and
     * back from one who knows better.
     *
     * @param history what is known
     */
    record Known(PgId pg, int mapEpoch, ScrubHistory history) implements ScrubMessage {
        @Override
        public long number() {
            return history.count();
        }
    }
}
