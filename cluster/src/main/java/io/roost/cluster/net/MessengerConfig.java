package io.roost.cluster.net;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.net.handshake.Channel;
import java.time.Duration;
import java.util.Map;

/**
 * The messenger's limits.
 *
 * @param times how long what may take
 * @param sizes how much of what there may be
 * @param detours where a peer listens → where it is dialled instead; no nonces
 */
public record MessengerConfig(Times times, Sizes sizes, Map<NodeAddress, NodeAddress> detours) {
    /** What nodes use. */
    public static final MessengerConfig DEFAULT = new MessengerConfig(Times.DEFAULT, Sizes.DEFAULT);

    /** Copies the detours. */
    public MessengerConfig {
        detours = Map.copyOf(detours);
    }

    /** Limits of a messenger that dials peers where they listen. */
    public MessengerConfig(Times times, Sizes sizes) {
        this(times, sizes, Map.of());
    }

    /** The same limits with these detours. */
    public MessengerConfig withDetours(Map<NodeAddress, NodeAddress> changed) {
        return new MessengerConfig(times, sizes, changed);
    }

    /**
     * Deadlines, all positive.
     *
     * @param handshake from a peer's arrival until it has said who it is, TLS included
     * @param dial from the first byte sent until the peer has answered the handshake
     * @param keepalive a side that has said nothing for so long says that it lives
     * @param idle a peer that says nothing for so long is gone; several keepalives
     * @param message from the first byte of a message until its last
     * @param stall how long a peer may take nothing of what waits for it
     * @param close from the wish to close until the socket is closed, whatever waits
     * @param minBackoff before a peer is dialled again after a failure; doubles with each
     * @param maxBackoff at most so long: a healed network is found within it
     */
    public record Times(
            Duration handshake,
            Duration dial,
            Duration keepalive,
            Duration idle,
            Duration message,
            Duration stall,
            Duration close,
            Duration minBackoff,
            Duration maxBackoff) {
        static final Times DEFAULT = new Times(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofMillis(50),
                Duration.ofSeconds(1));

        /** Checks that a peer has time for several keepalives. */
        public Times {
            if (idle.compareTo(keepalive.multipliedBy(2)) < 0 || minBackoff.compareTo(maxBackoff) > 0) {
                throw new IllegalArgumentException("idle " + idle + " with keepalive " + keepalive + ", backoff "
                        + minBackoff + " to " + maxBackoff);
            }
        }
    }

    /**
     * Sizes.
     *
     * @param messageBytes largest message: a transaction of 8 MiB or a log of 16 MiB, with room
     * @param receiveBytes memory of all messages that are being received in several frames; at least one message
     * @param controlQueueBytes what may wait for one peer on a control connection before it is given up
     * @param bulkQueueBytes the same on a bulk connection; at least one message each
     * @param connections that stand at a time
     * @param handshakes peers at a time that have not said who they are
     * @param handshakesPerHost of these, from one address: a host that only knocks does not keep the others out
     */
    public record Sizes(
            int messageBytes,
            int receiveBytes,
            int controlQueueBytes,
            int bulkQueueBytes,
            int connections,
            int handshakes,
            int handshakesPerHost) {
        static final Sizes DEFAULT = new Sizes(32 << 20, 128 << 20, 64 << 20, 128 << 20, 4096, 512, 128);

        /** Checks that every limit has room for one message. */
        public Sizes {
            if (Math.min(receiveBytes, Math.min(controlQueueBytes, bulkQueueBytes)) < messageBytes) {
                throw new IllegalArgumentException("messages of " + messageBytes + " bytes in queues of "
                        + controlQueueBytes + " and " + bulkQueueBytes + ", received in " + receiveBytes);
            }
        }

        int queueBytes(Channel channel) {
            return channel == Channel.CONTROL ? controlQueueBytes : bulkQueueBytes;
        }
    }
}
