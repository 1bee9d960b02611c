package io.roost.cluster.paxos;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import java.util.ArrayList;
import java.util.List;

/** A monitor ends, and its disk is replaced by an empty one; unless that would be one loss more than the monitors bear. */
public record LoseStore(long atMillis, String node, long downMillis) implements Fault {
    @Override
    public void inject(SimCluster cluster) {
        SimNode victim = cluster.node(node);
        if (!isBearable(cluster, victim)) {
            return;
        }
        cluster.marks().hit("fault: a store is lost");
        victim.restartAfter(downMillis);
        victim.crash();
        victim.format();
    }

    /**
     * True when the monitors bear the loss of a store: all other members have theirs, and are a majority without it, by
     * every map that is decided anywhere or may yet be, and nobody is changing the map.
     */
    public static boolean isBearable(SimCluster cluster, SimNode victim) {
        if (cluster.isChanging()) {
            return false;
        }
        List<MonMap> maps = new ArrayList<>();
        cluster.nodes().forEach(node -> maps.addAll(mapsOf(node)));
        for (MonMap map : maps) {
            Members members = new Members(map, victim.name());
            boolean areOthersWhole =
                    members.others().stream().map(cluster::node).allMatch(QuorumChecks::isWhole);
            boolean isNeeded =
                    members.isVoter(victim.name()) && members.voters().size() < 3;
            if (!areOthersWhole || isNeeded) {
                return false;
            }
        }
        return !maps.isEmpty();
    }

    private static List<MonMap> mapsOf(SimNode node) {
        List<MonMap> maps = new ArrayList<>();
        if (QuorumChecks.isWhole(node)) {
            MonStore store = new KeyValueMonStore(node.keyValue());
            maps.add(MonMapRows.read(store));
            long pending = store.number(PaxosLog.PENDING_VERSION);
            if (pending > store.number(PaxosLog.LAST)) {
                QuorumChecks.map(MonStoreException.require(store, MonKey.of(PaxosLog.PREFIX, pending)))
                        .ifPresent(maps::add);
            }
        }
        return maps;
    }
}
