package io.roost.cluster.osd;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.PgId;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Says which maps there are, in place of monitors. It never fails; what it says is late, and lost with connections. It
 * takes an OSD for dead some time after it is, and now and then one that is not.
 */
final class MapAuthority implements SimProcess {
    static final String NAME = "maps";

    private static final TimerId LOOK = new TimerId("look");
    private static final int LOOK_MILLIS = 300;
    private static final int MAX_LOOKS_UNSEEN = 8;

    private final SimNode node;
    private final List<OsdMap> maps;
    private final SplittableRandom random;
    private final Map<Integer, Integer> unseen = new TreeMap<>();

    /**
     * An authority.
     *
     * @param maps all so far, the first one of epoch 1; what it adds outlives it
     */
    MapAuthority(SimNode node, List<OsdMap> maps) {
        this.node = node;
        this.maps = maps;
        random = node.cluster().simulation().random("authority");
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
        node.note("map", newest().epoch() + " " + List.of(changes));
    }

    /** Marks an OSD down, dead or not. */
    void markDown(int osd) {
        OsdInfo info = newest().osd(osd);
        if (info != null && info.isUp()) {
            change(new OsdMapChange.PutOsd(info.down(newest().epoch() + 1)));
        }
    }

    /** There is one more OSD. */
    void add(int osd) {
        if (newest().osd(osd) == null) {
            change(
                    new OsdMapChange.PutOsd(OsdInfo.created(osd, OsdWorld.uuid(osd))),
                    new OsdMapChange.SetCrush(
                            OsdWorld.withDevice(newest().state().crush(), osd)));
        }
    }

    /** Gives an OSD a share of the data or none. */
    void reweigh(int osd, int weight) {
        OsdInfo info = newest().osd(osd);
        if (info != null && info.weight() != weight) {
            change(new OsdMapChange.PutOsd(info.withWeight(weight)));
        }
    }

    @Override
    public void onStart() {
        node.setTimer(LOOK, LOOK_MILLIS);
    }

    @Override
    public void onMessage(String from, Bytes message) {
        Envelope envelope = Envelope.decode(message);
        if (envelope instanceof Envelope.Want want) {
            List<OsdMap> newer = new ArrayList<>(maps.subList(Math.min(maps.size(), want.epoch()), maps.size()));
            newer.forEach(map -> node.send(from, "Map", new Envelope.Map(map).encode()));
        } else if (envelope instanceof Envelope.Boot boot) {
            onBoot(from, boot.life());
        } else if (envelope instanceof Envelope.UpThru upThru) {
            OsdInfo info = newest().osd(OsdNode.number(from));
            if (info.isUp() && info.upThru() < upThru.epoch() && info.upFrom() <= upThru.epoch()) {
                change(new OsdMapChange.PutOsd(info.withUpThru(upThru.epoch())));
            }
        } else if (envelope instanceof Envelope.PgTemp temp) {
            PgId pg = new PgId(OsdWorld.POOL, temp.seed());
            List<Integer> now = newest().state().pgTemp().getOrDefault(pg, List.of());
            if (newest().primary(pg) == OsdNode.number(from) && !now.equals(temp.osds())) {
                change(new OsdMapChange.SetPgTemp(pg, temp.osds()));
            }
        }
    }

    private void onBoot(String from, int life) {
        OsdInfo info = newest().osd(OsdNode.number(from));
        if (info == null || (info.isUp() && info.publicAddress().nonce() == life)) {
            return;
        }
        if (info.isUp()) {
            markDown(info.id());
            info = newest().osd(info.id());
        }
        NodeAddress address = new NodeAddress("127.0.0.1", 9500 + info.id(), life);
        change(new OsdMapChange.PutOsd(info.up(newest().epoch() + 1, info.uuid(), address, address, new TreeMap<>())));
    }

    @Override
    public void onTimer(TimerId timer) {
        for (OsdInfo info : newest().osds()) {
            if (node.cluster().node(OsdNode.name(info.id())).isUp()) {
                unseen.remove(info.id());
            } else if (unseen.merge(info.id(), 1, Integer::sum) > random.nextInt(MAX_LOOKS_UNSEEN)) {
                markDown(info.id());
            }
        }
        node.setTimer(LOOK, LOOK_MILLIS);
    }
}
