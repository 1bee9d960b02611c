package io.roost.cluster.wire;

/** What a frame is for. */
public enum FrameType {
    /** Who is there, before anything else may be said. */
    HANDSHAKE(1),
    /** A message of a {@link Protocol}, or a piece of one. */
    MESSAGE(2),
    /** Nothing but a sign of life. */
    KEEPALIVE(3),
    /** The last frame: the sender has said what it had to say. */
    BYE(4);

    private static final FrameType[] BY_CODE = {null, HANDSHAKE, MESSAGE, KEEPALIVE, BYE};

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    static FrameType ofCode(int code) {
        if (code < 1 || code >= BY_CODE.length) {
            throw new FrameException(FrameFault.TYPE, "frame type " + code);
        }
        return BY_CODE[code];
    }
}
