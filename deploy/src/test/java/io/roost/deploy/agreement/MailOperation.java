package io.roost.deploy.agreement;

/**
 * A command of a session and when it was under way: it took effect at some moment between.
 *
 * @param session whose
 * @param beganAt nanoseconds of one clock, before it was sent
 * @param endedAt after its answer
 */
record MailOperation(String session, long beganAt, long endedAt, MailCommand command) {
    MailOperation {
        if (endedAt < beganAt) {
            throw new IllegalArgumentException("ended " + (beganAt - endedAt) + " ns before it began");
        }
    }

    @Override
    public String toString() {
        return session + " " + beganAt / 1_000 + "-" + endedAt / 1_000 + " µs: " + command;
    }
}
