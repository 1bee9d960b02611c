package io.roost.mailstore.store;

import io.roost.mailstore.classes.MailStatus;

/** An operation that a class has refused. An expected outcome, so it has no stack trace. */
public final class MailException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final MailStatus status;

    /** A refusal. */
    public MailException(MailStatus status) {
        super(status.name(), null, false, false);
        this.status = status;
    }

    /** True for a refusal with a status. */
    public static boolean is(Throwable failure, MailStatus status) {
        return failure instanceof MailException refused && refused.status == status;
    }

    /** Why. */
    public MailStatus status() {
        return status;
    }
}
