package io.roost.cluster.wire;

/** Bytes that are no frames; whoever reads them ends the connection, for what follows cannot be told apart any more. */
public final class FrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FrameFault fault;

    FrameException(FrameFault fault, String message) {
        super(message);
        this.fault = fault;
    }

    /** Why. */
    public FrameFault fault() {
        return fault;
    }
}
