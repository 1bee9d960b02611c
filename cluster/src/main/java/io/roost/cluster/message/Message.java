package io.roost.cluster.message;

/** What entities say to each other, of whichever protocol. */
public sealed interface Message permits HeartbeatMessage, MonMessage, MonPeerMessage, OsdMessage, PeerMessage {}
