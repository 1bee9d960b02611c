package io.roost.cluster.wire;

import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.message.Message;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;

/** Every {@link Message} as bytes, by its protocol. */
public final class MessageCodec {
    private MessageCodec() {}

    /** The protocol that a message belongs to. */
    public static Protocol protocol(Message message) {
        if (message instanceof OsdMessage) {
            return Protocol.OSD;
        } else if (message instanceof MonMessage) {
            return Protocol.MONITOR;
        } else if (message instanceof MonPeerMessage) {
            return Protocol.MONITOR_PEERS;
        } else if (message instanceof PeerMessage) {
            return Protocol.OSD_PEERS;
        }
        return Protocol.HEARTBEAT;
    }

    /** The message's bytes. */
    public static Bytes encode(Message message) {
        if (message instanceof OsdMessage ofOsd) {
            return OsdMessageCodec.encode(ofOsd);
        } else if (message instanceof MonMessage ofMonitor) {
            return MonMessageCodec.encode(ofMonitor);
        } else if (message instanceof MonPeerMessage ofMonitors) {
            return MonPeerMessageCodec.encode(ofMonitors);
        } else if (message instanceof PeerMessage ofOsds) {
            return PeerMessageCodec.encode(ofOsds);
        }
        return HeartbeatMessageCodec.encode((HeartbeatMessage) message);
    }

    /**
     * The message's bytes for sending. Bodies of operations and transactions are not copied: nobody changes them before there
     * is an answer. That of an answer goes with the payload.
     */
    public static Payload payload(Message message) {
        if (message instanceof OsdMessage ofOsd) {
            return OsdMessageCodec.payload(ofOsd);
        } else if (message instanceof PeerMessage ofOsds) {
            return PeerMessageCodec.payload(ofOsds);
        }
        return Payload.of(encode(message));
    }

    /** Reads {@link #encode}; {@link MalformedBytesException} when it is nothing of the kind. */
    public static Message decode(Protocol protocol, Bytes encoded) {
        return switch (protocol) {
            case OSD -> OsdMessageCodec.decode(encoded);
            case MONITOR -> MonMessageCodec.decode(encoded);
            case MONITOR_PEERS -> MonPeerMessageCodec.decode(encoded);
            case OSD_PEERS -> PeerMessageCodec.decode(encoded);
            case HEARTBEAT -> HeartbeatMessageCodec.decode(encoded);
        };
    }
}
