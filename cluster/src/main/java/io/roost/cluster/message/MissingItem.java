package io.roost.cluster.message;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;
import java.util.Objects;

/**
 * A name that an OSD does not have as its log says. As bytes, on the wire and on disk: need and have, epoch u32 and
 * version u64 each, wanted u8.
 *
 * @param need the version it should have; of a name that should not exist, what the log says of its removal, or
 *     {@link ObjectVersion#NONE} when it was never made
 * @param have the version it has, {@link ObjectVersion#NONE} for none, or for one that nobody should trust
 * @param wanted whether the name should exist
 */
public record MissingItem(ObjectVersion need, ObjectVersion have, Wanted wanted) {
    /** What should be. */
    public enum Wanted {
        /** An entry of the version needed. */
        PRESENT(0),
        /** No entry of this name. */
        ABSENT(1);

        private final int code;

        Wanted(int code) {
            this.code = code;
        }

        /** The number on the wire and on disk. */
        public int code() {
            return code;
        }

        static Wanted ofCode(int code) {
            return switch (code) {
                case 0 -> PRESENT;
                case 1 -> ABSENT;
                default -> throw new MalformedBytesException("a missing name of kind " + code);
            };
        }
    }

    /** Checks for null. */
    public MissingItem {
        Objects.requireNonNull(need, "need");
        Objects.requireNonNull(have, "have");
        Objects.requireNonNull(wanted, "wanted");
    }

    /** Writes it. */
    public void write(ByteWriter out) {
        out.version(need).version(have).u8(wanted.code());
    }

    /** Reads {@link #write}. */
    public static MissingItem read(ByteReader in) {
        ObjectVersion need = in.version();
        return new MissingItem(need, in.version(), Wanted.ofCode(in.u8()));
    }
}
