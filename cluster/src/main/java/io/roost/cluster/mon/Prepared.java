package io.roost.cluster.mon;

import io.roost.cluster.message.MonMessage;
import java.util.List;

/**
 * What a service made of a message.
 *
 * @param kind what is to be done with it
 * @param replies for the sender: at once, or after the commit
 */
record Prepared(Kind kind, List<MonMessage.FromMonitor> replies) {
    enum Kind {
        /** Another service's message. */
        NOT_MINE,
        /** Nothing changes. */
        ANSWERED,
        /** There is a pending change. */
        PENDING,
        /** There is a pending change that must be committed before the message can be looked at again. */
        AGAIN
    }

    static Prepared notMine() {
        return new Prepared(Kind.NOT_MINE, List.of());
    }

    static Prepared answered(MonMessage.FromMonitor... replies) {
        return new Prepared(Kind.ANSWERED, List.of(replies));
    }

    static Prepared pending(MonMessage.FromMonitor... replies) {
        return new Prepared(Kind.PENDING, List.of(replies));
    }

    static Prepared again() {
        return new Prepared(Kind.AGAIN, List.of());
    }
}
