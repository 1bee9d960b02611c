package io.roost.cluster.osd;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;
import java.util.ArrayList;
import java.util.List;

/** Says which maps there are, in place of monitors. It never fails; what it says is late, and lost with connections. */
final class MapAuthority implements SimProcess {
    static final String NAME = "maps";

    private final SimNode node;
    private final List<OsdMap> maps;

    /**
     * An authority.
     *
     * @param maps all so far, the first one of epoch 1
     */
    MapAuthority(SimNode node, List<OsdMap> maps) {
        this.node = node;
        this.maps = maps;
    }

    static MapAuthority of(SimNode node) {
        return (MapAuthority) node.process();
    }

    OsdMap newest() {
        return maps.get(maps.size() - 1);
    }

    /** Makes the next epoch. */
    void change(OsdMapChange... changes) {
        OsdMap map = newest();
        maps.add(map.apply(new OsdMap.Incremental(
                map.epoch() + 1, map.fsid(), map.state().modifiedMillis(), List.of(changes), 0)));
    }

    @Override
    public void onStart() {
        // It waits to be asked.
    }

    @Override
    public void onMessage(String from, Bytes message) {
        if (Envelope.decode(message) instanceof Envelope.Want want) {
            List<OsdMap> newer = new ArrayList<>(maps.subList(want.epoch(), maps.size()));
            newer.forEach(map -> node.send(from, "Map", new Envelope.Map(map).encode()));
        }
    }

    @Override
    public void onTimer(TimerId timer) {
        throw new AssertionError(timer);
    }
}
