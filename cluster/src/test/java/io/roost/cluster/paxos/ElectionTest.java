package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.message.ElectionMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One monitor's part in an election. */
class ElectionTest {
    private static final ElectionMessage PROPOSAL = new ElectionMessage.Propose(1, 1);

    private final List<MonPeerMessage> sent = new ArrayList<>();

    /** Of b, whom a proposes itself to. */
    private Election election(MonMap.Role candidate, MonMap.Role self) {
        List<MonMap.Monitor> monitors =
                new ArrayList<>(MonitorNames.map(List.of("a", "b", "c")).monitors());
        monitors.set(0, new MonMap.Monitor("a", monitors.get(0).address(), candidate));
        monitors.set(1, new MonMap.Monitor("b", monitors.get(1).address(), self));
        Members members = new Members(new MonMap(1, MonitorNames.FSID, 0, monitors), "b");
        return new Election(new KeyValueMonStore(new MemoryKeyValue(new SimDisk(1))), members, QuorumTiming.DEFAULT);
    }

    private final class Recorded implements PeerEffects {
        @Override
        public void persist(MonTransaction batch) {}

        @Override
        public void send(String peer, MonPeerMessage message) {
            sent.add(message);
        }

        @Override
        public void setTimer(TimerId timer, long delayMillis) {}

        @Override
        public void cancelTimer(TimerId timer) {}

        @Override
        public void count(String event) {}
    }

    @Test
    void aVoterVotesForABetterOne() {
        election(MonMap.Role.VOTER, MonMap.Role.VOTER).onMessage("a", PROPOSAL, 0, new Recorded());
        assertThat(sent).containsExactly(new ElectionMessage.Ack(1));
    }

    @Test
    void nobodyVotesWhoMayNotAndNobodyForOneWhoMayNot() {
        election(MonMap.Role.NON_VOTER, MonMap.Role.VOTER).onMessage("a", PROPOSAL, 0, new Recorded());
        election(MonMap.Role.VOTER, MonMap.Role.NON_VOTER).onMessage("a", PROPOSAL, 0, new Recorded());
        assertThat(sent).isEmpty();
    }
}
