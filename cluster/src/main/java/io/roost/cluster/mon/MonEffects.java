package io.roost.cluster.mon;

import io.roost.cluster.machine.Effects;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;

/** What a monitor wants done; see {@link MonStore} on persisting. */
public interface MonEffects extends Effects<MonTransaction, MonMessage.FromMonitor> {}
