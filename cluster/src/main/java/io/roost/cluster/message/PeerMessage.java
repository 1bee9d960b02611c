package io.roost.cluster.message;

import io.roost.cluster.map.PgId;

/** What OSDs say to each other about a placement group. */
public sealed interface PeerMessage extends Message
        permits PeeringMessage, ReplicationMessage, LeaseMessage, ScrubMessage, ReservationMessage {
    /** What it is about. */
    PgId pg();

    /** Epoch of the sender's map; who has an older one waits for it before acting. */
    int mapEpoch();
}
