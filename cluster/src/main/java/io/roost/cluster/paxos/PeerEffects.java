package io.roost.cluster.paxos;

import io.roost.cluster.machine.Effects;
import io.roost.cluster.message.MonPeerMessage;

/** What a monitor wants done about its store and its peers, which are known by their names; see {@link MonStore}. */
public interface PeerEffects extends Effects<MonTransaction, String, MonPeerMessage> {}
