package io.roost.cluster.wire;

/** Whose codec reads a message; the code is the number in the frame's header. A new protocol takes the next number. */
public enum Protocol {
    /** {@link OsdMessageCodec}. */
    OSD(1),
    /** {@link MonMessageCodec}. */
    MONITOR(2),
    /** {@link MonPeerMessageCodec}. */
    MONITOR_PEERS(3),
    /** {@link HeartbeatMessageCodec}. */
    HEARTBEAT(4),
    /** {@link PeerMessageCodec}. */
    OSD_PEERS(5);

    private static final Protocol[] BY_CODE = {null, OSD, MONITOR, MONITOR_PEERS, HEARTBEAT, OSD_PEERS};

    private final int code;

    Protocol(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    static Protocol ofCode(int code) {
        if (code < 1 || code >= BY_CODE.length) {
            throw new FrameException(FrameFault.TYPE, "protocol " + code);
        }
        return BY_CODE[code];
    }
}
