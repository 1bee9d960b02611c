package io.roost.cluster.message;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import java.util.List;
import java.util.Objects;

/**
 * How the OSDs of a placement group that is active keep the same entries: what clients change goes from the primary to
 * all others, and what one of them lacks goes to it. {@link #mapEpoch} is an epoch of the interval in which a message was
 * sent; one of another interval than the receiver's is void.
 *
 * <p>Between two OSDs messages arrive in order until their connection breaks; then whoever sent any that are not answered
 * sends them again, in order. A key names an entry by its place in the store, which is also the order in which entries
 * are compared and copied.
 */
public sealed interface ReplicationMessage extends PeerMessage {
    /**
     * From the primary: a transaction. Answered with {@link Replicated} when it is on disk.
     *
     * @param version of the transaction, one more than the one before
     * @param locator of the entries that it changes
     * @param mutations of the entries, none when it changes nothing
     * @param logRow its entry in the log, as the store keeps it
     * @param logTail the primary's log keeps what comes after this
     */
    record Replicate(
            PgId pg,
            int mapEpoch,
            ObjectVersion version,
            Locator locator,
            List<Mutation> mutations,
            Bytes logRow,
            ObjectVersion logTail)
            implements ReplicationMessage {
        /** Copies the list. */
        public Replicate {
            Objects.requireNonNull(locator, "locator");
            mutations = List.copyOf(mutations);
        }
    }

    /**
     * To the primary: transactions are on disk.
     *
     * @param version of the newest, as are all before it
     */
    record Replicated(PgId pg, int mapEpoch, ObjectVersion version) implements ReplicationMessage {}

    /**
     * From the primary: send an entry. Answered with {@link Push}.
     *
     * @param key of the entry
     * @param version that is wanted; {@link ObjectVersion#NONE} for the one that is there
     */
    record Pull(PgId pg, int mapEpoch, Bytes key, ObjectVersion version) implements ReplicationMessage {}

    /**
     * A whole entry, for an OSD that lacks it or has an old one; or word that there is none of a name. From the primary it
     * is answered with {@link Pushed} when it is on disk.
     *
     * @param key of the entry
     * @param version of the entry; of none, the transaction that removed it
     * @param content null when there is no such entry
     */
    record Push(PgId pg, int mapEpoch, Bytes key, ObjectVersion version, Content content)
            implements ReplicationMessage {}

    /**
     * All of an entry but its name and version.
     *
     * @param attributes the attribute block
     * @param value the value, empty for none
     * @param body the body, null for none
     */
    record Content(Bytes attributes, Bytes value, Data body) {
        /** About how many bytes it takes. */
        public long sizeBytes() {
            return attributes.length() + value.length() + (body == null ? 0 : body.length());
        }
    }

    /**
     * To the primary: an entry, or that there is none, is on disk as it was pushed.
     *
     * @param key of the entry
     * @param version of the push
     */
    record Pushed(PgId pg, int mapEpoch, Bytes key, ObjectVersion version) implements ReplicationMessage {}

    /**
     * To the primary: an entry that it pulled cannot be read here, or a range whose {@link Scan} it sent.
     *
     * @param key of the entry; of a range, the key after which it begins
     * @param version that was wanted; of a range {@link ObjectVersion#NONE}
     */
    record Unreadable(PgId pg, int mapEpoch, Bytes key, ObjectVersion version) implements ReplicationMessage {}

    /**
     * From the primary to an OSD that is being filled: what do you have? Answered with {@link Scanned}.
     *
     * @param after keys above this one
     * @param through up to this one
     */
    record Scan(PgId pg, int mapEpoch, Bytes after, Bytes through) implements ReplicationMessage {}

    /**
     * To the primary: the entries of a range.
     *
     * @param after of the question
     * @param through all keys up to this one have been looked at; where the question ended, or before
     * @param entries in the order of their keys
     */
    record Scanned(PgId pg, int mapEpoch, Bytes after, Bytes through, List<Present> entries)
            implements ReplicationMessage {
        /** Most entries of one answer. */
        public static final int MAX_ENTRIES = 1024;

        /** Copies the list. */
        public Scanned {
            entries = List.copyOf(entries);
        }
    }

    /**
     * An entry that is there.
     *
     * @param key of the entry
     * @param version of the entry, {@link ObjectVersion#NONE} when its row is damaged
     */
    record Present(Bytes key, ObjectVersion version) {}

    /**
     * From the primary to an OSD that is being filled: it has all entries up to a key now. Answered with
     * {@link FilledRecorded} when that is on disk.
     *
     * @param through above all keys when nothing is left to fill
     */
    record Filled(PgId pg, int mapEpoch, Bytes through) implements ReplicationMessage {}

    /**
     * To the primary: how far this OSD is filled is on disk.
     *
     * @param through as in {@link Filled}
     */
    record FilledRecorded(PgId pg, int mapEpoch, Bytes through) implements ReplicationMessage {}
}
