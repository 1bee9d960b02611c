package io.roost.cluster.message;

import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.object.MalformedBytesException;
import java.util.Objects;
import java.util.Optional;

/** What an administrator asks of the monitors. Every command may be sent again: it asks for a state, not for a step. */
public sealed interface MonCommand {
    /**
     * There shall be a replicated pool.
     *
     * @param name its name
     * @param size number of replicas
     * @param minSize fewest with which it serves; 0 for more than half
     * @param pgNum number of placement groups
     * @param rule name of the rule of placement
     */
    record CreatePool(String name, int size, int minSize, int pgNum, String rule) implements MonCommand {}

    /** There shall be no pool of this name; its data is gone. */
    record RemovePool(String name) implements MonCommand {}

    /**
     * An OSD shall take this share of its data.
     *
     * @param osd its id
     * @param weight 16.16, 0x10000 in, 0 out
     */
    record SetOsdWeight(int osd, int weight) implements MonCommand {}

    /** A switch shall be on or off. */
    record SetFlag(OsdMapFlag flag, Switch value) implements MonCommand {}

    /** The placement hierarchy and rules shall be these. */
    record SetCrush(CrushMap crush) implements MonCommand {
        /** Checks for null. */
        public SetCrush {
            Objects.requireNonNull(crush, "crush");
        }
    }

    /**
     * A setting shall have this value, or none.
     *
     * @param section {@code global}, a kind of daemon, or one daemon
     * @param setting its name
     * @param value empty to remove it
     */
    record SetSetting(String section, String setting, Optional<String> value) implements MonCommand {
        /** Checks for null. */
        public SetSetting {
            Objects.requireNonNull(value, "value");
        }
    }

    /** A switch's position. */
    enum Switch {
        /** Off. */
        OFF,
        /** On. */
        ON
    }

    /** What a command came to. */
    enum Outcome {
        /** It is so now. */
        DONE(0),
        /** It breaks a rule or a limit. */
        INVALID(1),
        /** What it names does not exist. */
        NOT_FOUND(2),
        /** Something else has that name. */
        EXISTS(3);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }

        /** The outcome of a number on the wire. */
        public static Outcome ofCode(int code) {
            for (Outcome outcome : values()) {
                if (outcome.code == code) {
                    return outcome;
                }
            }
            throw new MalformedBytesException("command outcome " + code);
        }
    }
}
