package io.roost.cluster.wire;

/** Whose codec reads a message; the code is the number in the frame's header. A new protocol takes the next number. */
public enum Protocol {
    /** {@link OsdMessageCodec}. */
    OSD(1),
    /** {@link MonMessageCodec}. */
    MONITOR(2);

    private static final Protocol[] BY_CODE = {null, OSD, MONITOR};

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
