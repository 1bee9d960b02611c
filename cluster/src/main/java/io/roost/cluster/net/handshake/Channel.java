package io.roost.cluster.net.handshake;

import io.roost.cluster.object.MalformedBytesException;

/**
 * Which of the connections between two entities. Messages of one connection stay in order; two connections do not know of
 * each other. So whatever must not overtake each other (all operations on a placement group) belongs on one channel.
 */
public enum Channel {
    /** Small messages that must not wait behind bodies: maps, monitors, peering. */
    CONTROL(1),
    /** Messages with bodies: operations and their replies, replication, recovery. */
    BULK(2),
    /** Heartbeats, which nothing may delay. */
    HEARTBEAT(3);

    private final int code;

    Channel(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    static Channel ofCode(int code) {
        for (Channel channel : values()) {
            if (channel.code == code) {
                return channel;
            }
        }
        throw new MalformedBytesException("channel " + code);
    }
}
