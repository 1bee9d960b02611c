package io.roost.cluster.message;

/** What OSDs say to each other, and nothing else, to be told alive from dead. */
public sealed interface HeartbeatMessage extends Message {
    /** When the asker sent its ping, on its own monotonic clock. */
    long sentMillis();

    /** Epoch of the sender's OSD map. */
    int mapEpoch();

    /** Are you there? */
    record Ping(long sentMillis, int mapEpoch) implements HeartbeatMessage {}

    /**
     * I am.
     *
     * @param sentMillis as in the ping
     */
    record PingReply(long sentMillis, int mapEpoch) implements HeartbeatMessage {}
}
