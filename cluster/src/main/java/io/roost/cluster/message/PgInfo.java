package io.roost.cluster.message;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import java.util.Objects;

/**
 * What an OSD has of a placement group (Ceph's pg_info_t).
 *
 * <pre>
 * last update, log tail: epoch u32, version u64 each
 * last backfill: length varint, bytes
 * missing count u32, last epoch started u32
 * history: as {@link PgHistory} has it
 * </pre>
 *
 * @param lastUpdate newest version in its log
 * @param logTail every version after this one is in its log
 * @param lastBackfill entries whose key in the store is above this are absent; {@link #COMPLETE} when none is
 * @param missingCount names that it has not as its log says
 * @param lastEpochStarted epoch of the activation that it has last recorded (info.last_epoch_started, which may be ahead
 *     of the history's)
 * @param history what it knows of the past
 */
public record PgInfo(
        ObjectVersion lastUpdate,
        ObjectVersion logTail,
        Bytes lastBackfill,
        int missingCount,
        int lastEpochStarted,
        PgHistory history) {
    /** Above every key of an entry: nothing is left to backfill. */
    public static final Bytes COMPLETE = Bytes.of(0xff);

    /** Of an OSD that has nothing of the placement group, not even that it exists. */
    public static final PgInfo ABSENT =
            new PgInfo(ObjectVersion.NONE, ObjectVersion.NONE, Bytes.EMPTY, 0, 0, PgHistory.NONE);

    /** Checks that the log does not end before it begins. */
    public PgInfo {
        Objects.requireNonNull(lastBackfill, "lastBackfill");
        Objects.requireNonNull(history, "history");
        if (lastUpdate.compareTo(logTail) < 0 || missingCount < 0) {
            throw new IllegalArgumentException(
                    "log from " + logTail + " to " + lastUpdate + ", " + missingCount + " missing");
        }
    }

    /** False when entries behind {@link #lastBackfill} are absent. */
    public boolean isComplete() {
        return lastBackfill.equals(COMPLETE);
    }

    /** Writes it. */
    public void write(ByteWriter out) {
        out.version(lastUpdate).version(logTail).bytes(lastBackfill);
        out.u32(missingCount).u32(lastEpochStarted);
        history.write(out);
    }

    /** Reads {@link #write}. */
    public static PgInfo read(ByteReader in) {
        ObjectVersion lastUpdate = in.version();
        return new PgInfo(lastUpdate, in.version(), in.bytes(), in.u32(), in.u32(), PgHistory.read(in));
    }
}
