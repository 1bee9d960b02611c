package io.roost.cluster.message;

import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

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

    /**
     * A pool shall keep so many replicas. When they become more, min_size stays until all placement groups are clean; the
     * monitors raise it then.
     *
     * @param pool its name
     * @param size number of replicas
     */
    record SetPoolSize(String pool, int size) implements MonCommand {}

    /**
     * A pool shall serve with no fewer replicas than this.
     *
     * @param pool its name
     * @param minSize 1 to the size
     * @param consent needed for 1 where the size is more: the loss of one disk can be the loss of writes then
     */
    record SetPoolMinSize(String pool, int minSize, Consent consent) implements MonCommand {}

    /**
     * There shall be an OSD with this store, in the hierarchy below a host that is made where it is not. The answer's text
     * names it, and the map of the answer's epoch has it by its uuid.
     *
     * @param uuid of the store
     * @param host name of the host
     * @param weight 16.16, 0x10000 for each TiB, as is the custom
     * @param deviceClass as {@code ssd}; empty for none
     */
    record CreateOsd(UUID uuid, String host, int weight, String deviceClass) implements MonCommand {
        /** Checks for null. */
        public CreateOsd {
            Objects.requireNonNull(uuid, "uuid");
        }
    }

    /**
     * A life of an OSD shall have ended. If it runs it begins another.
     *
     * @param osd its id
     * @param upFrom epoch in which that life began: a command that arrives late ends no other
     */
    record MarkOsdDown(int osd, int upFrom) implements MonCommand {}

    /**
     * What only an OSD that is down has is lost: placement groups that wait for it go on without.
     *
     * @param osd its id
     */
    record DeclareOsdLost(int osd) implements MonCommand {}

    /**
     * An OSD shall not exist any more. It must be down and out.
     *
     * @param osd its id
     * @param consent needed while not everything is clean without it
     */
    record PurgeOsd(int osd, Consent consent) implements MonCommand {}

    /** The hierarchy shall have this change. */
    record EditCrush(CrushEdit edit) implements MonCommand {
        /** Checks for null. */
        public EditCrush {
            Objects.requireNonNull(edit, "edit");
        }
    }

    /**
     * Requests of a client shall be refused.
     *
     * @param client its id, or the nonce of an OSD's address
     * @param untilMillis milliseconds of the epoch; 0 to lift it
     */
    record SetBlocklisted(long client, long untilMillis) implements MonCommand {}

    /**
     * There shall be a monitor. It votes when it has caught up and the voters are an odd number with it.
     *
     * @param name unique
     * @param address where it listens, without a nonce
     */
    record AddMonitor(String name, NodeAddress address) implements MonCommand {
        /** Checks for null. */
        public AddMonitor {
            Objects.requireNonNull(address, "address");
        }
    }

    /**
     * There shall be no monitor of this name. When an even number of voters is left, one of them does not vote any more.
     *
     * @param name its name
     */
    record RemoveMonitor(String name) implements MonCommand {}

    /** What an administrator accepts. */
    enum Consent {
        /** Nothing. */
        NONE,
        /** That data may be lost. */
        DATA_LOSS
    }

    /**
     * There shall be a join token, with which one node can join.
     *
     * @param secretHash SHA-256 of its secret
     * @param expiresMillis milliseconds of the epoch
     */
    record CreateToken(Bytes secretHash, long expiresMillis) implements MonCommand {
        /** Checks for null. */
        public CreateToken {
            Objects.requireNonNull(secretHash, "secretHash");
        }
    }

    /**
     * A node shall belong to the cluster, because it has a join token's secret. The answer's text is {@code accepted}, or
     * {@code unknown}, {@code expired}, {@code used} or {@code name-taken}.
     *
     * @param secretHash SHA-256 of the secret
     * @param node its name
     * @param keyHash SHA-256 of its public key
     */
    record AdmitNode(Bytes secretHash, String node, Bytes keyHash) implements MonCommand {
        /** Checks for null. */
        public AdmitNode {
            Objects.requireNonNull(secretHash, "secretHash");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(keyHash, "keyHash");
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
