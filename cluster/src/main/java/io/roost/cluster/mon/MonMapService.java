package io.roost.cluster.mon;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.MonMapRows;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonStoreException;
import io.roost.cluster.paxos.MonTransaction;
import java.util.ArrayList;
import java.util.List;

/** Who the monitors are. */
final class MonMapService implements MonService {
    private final MonStore store;
    private MonMap map;

    MonMapService(MonStore store) {
        this.store = store;
        refresh();
    }

    /** The committed map. */
    MonMap map() {
        return map;
    }

    @Override
    public Prepared prepare(MonMessage.ToMonitor message, long nowMillis) {
        return Prepared.notMine();
    }

    @Override
    public void encodePending(MonTransaction transaction, long nowMillis) {
        // No message changes this map: a sole monitor's address is changed before it starts.
    }

    /** The epoch after a map of one monitor, in which it listens elsewhere. */
    static MonMap moved(MonMap map, NodeAddress address, long nowMillis) {
        if (map.monitors().size() != 1) {
            throw new MonStoreException("only a sole monitor can be moved; there are " + map.monitors());
        }
        MonMap.Monitor sole = map.monitors().get(0);
        List<MonMap.Monitor> moved = new ArrayList<>();
        moved.add(new MonMap.Monitor(sole.name(), address, sole.role()));
        return new MonMap(map.epoch() + 1, map.fsid(), nowMillis, moved);
    }

    @Override
    public void refresh() {
        if (map == null || MonMapRows.epoch(store) > map.epoch()) {
            map = MonMapRows.read(store);
        }
    }
}
