package io.roost.cluster.object;

/**
 * Why the cluster could not carry out an operation. What a class answers by itself (no such key, precondition failed) is
 * its own status and none of these.
 */
public enum ObjectError {
    /** No pool of that id or name. */
    NO_SUCH_POOL(1),
    /** No class or method of that name on the OSD. */
    NO_SUCH_CLASS(2),
    /** The operation breaks a limit or is malformed. */
    INVALID_OPERATION(3),
    /** The store is full; deletes still go. */
    NO_SPACE(4),
    /** The disk or a checksum failed for what was asked for. */
    IO_ERROR(5),
    /** It cannot be told whether an earlier send of the request was carried out; nothing was executed now. */
    OUTCOME_UNKNOWN(6),
    /** A queue is at its limit; the operation was not executed and may be sent again later. */
    BUSY(7),
    /** The deadline passed; the operation may or may not be carried out. */
    TIMED_OUT(8),
    /** The client or the daemon is stopping; the operation may or may not be carried out. */
    SHUT_DOWN(9),
    /** The code of the class has a fault; nothing was changed. */
    CLASS_FAILED(10);

    private final int code;

    ObjectError(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The error of a number on the wire. */
    public static ObjectError ofCode(int code) {
        for (ObjectError error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        throw new MalformedBytesException("object error " + code);
    }

    /** True when the operation may have been carried out all the same. */
    public boolean isOutcomeUnknown() {
        return this == OUTCOME_UNKNOWN || this == TIMED_OUT || this == SHUT_DOWN;
    }
}
