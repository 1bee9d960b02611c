package io.roost.objectstore.user;

import io.roost.objectstore.classes.ClassStatus;

/** Why a user or a key is not as asked for: an expected outcome, so it has no stack trace. */
public final class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ClassStatus status;

    /** The outcome. */
    public UserException(ClassStatus status) {
        super(status.toString(), null, false, false);
        this.status = status;
    }

    /** NOT_FOUND, ALREADY_EXISTS, NOT_EMPTY or TOO_MANY. */
    public ClassStatus status() {
        return status;
    }
}
