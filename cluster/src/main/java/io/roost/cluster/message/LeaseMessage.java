package io.roost.cluster.message;

import io.roost.cluster.map.PgId;

/**
 * How the primary of a placement group makes sure that nobody serves it in its place while it answers reads (Ceph's read
 * leases, doc/dev/osd_internals/stale_read.rst; here asked for when there is something to read). A promise binds the OSD that
 * gives it: for a time it lets no other primary serve without saying how long that time still is.
 */
public sealed interface LeaseMessage extends PeerMessage {
    /**
     * From the primary: promise. Answered with {@link Promise}.
     *
     * @param sentMillis of the sender's monotonic clock
     */
    record Ask(PgId pg, int mapEpoch, long sentMillis) implements LeaseMessage {}

    /**
     * To the primary.
     *
     * @param sentMillis of the question: the time of the promise counts from there for who asked, from the question's arrival for
     *     who gives it
     */
    record Promise(PgId pg, int mapEpoch, long sentMillis) implements LeaseMessage {}
}
