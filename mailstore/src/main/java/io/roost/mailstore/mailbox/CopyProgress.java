package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * A copy that takes several transactions and has not come to its end. It is pending work: a copy that does not go on until
 * its time is undone, because COPY copies all or nothing (RFC 9051 6.4.7).
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * state   u8      0 going on, 1 being undone
 * due     varint  Unix milliseconds
 * target  varint  folder number
 * copied  {@link UidSet}
 * </pre>
 *
 * @param state whether it goes on
 * @param dueMillis when it is taken to have been given up, Unix milliseconds
 * @param target where to
 * @param copied UIDs of the copies there
 */
public record CopyProgress(State state, long dueMillis, FolderNumber target, UidSet copied) {
    private static final int VERSION = 1;

    /** Whether a copy goes on. */
    public enum State {
        /** It does. */
        GOING_ON,
        /** It is being undone. */
        UNDOING
    }

    /** Checks that nothing is null. */
    public CopyProgress {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(copied, "copied");
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(64);
        int mark = out.begin(VERSION, 1);
        out.flag(state == State.UNDOING).varint(dueMillis).varint(target.value());
        copied.encode(out);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static CopyProgress decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        State state = in.flag() ? State.UNDOING : State.GOING_ON;
        CopyProgress progress =
                new CopyProgress(state, in.varint(), new FolderNumber(in.count(Integer.MAX_VALUE)), UidSet.decode(in));
        in.end(struct);
        return progress;
    }
}
