package io.roost.cluster.pg.peering;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.ObjectVersion;

/** Numbers the reads of a placement group's log, so that one asked for in an older interval is known as such. */
final class LogReads {
    /** Of no read. */
    static final long NONE = -1;

    private final PgId pg;
    private long next;

    LogReads(PgId pg) {
        this.pg = pg;
    }

    /** Asks for the entries after a version; returns the token that they come with. */
    long ask(ObjectVersion since, PeeringEffects out) {
        out.readLog(pg, since, next);
        return next++;
    }
}
