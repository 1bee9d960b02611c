package io.roost.cluster.message;

/** What monitors say to each other. */
public sealed interface MonPeerMessage extends Message
        permits ElectionMessage, ForwardMessage, PaxosMessage, ProbeMessage, SyncMessage {}
