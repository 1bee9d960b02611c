package io.roost.cluster.osd;

import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Says which maps there are, in place of monitors. It never fails; what it says is late, and lost with connections. It
 * takes an OSD for dead some time after it is, and now and then one that is not.
 */
final class MapAuthority implements SimProcess {
    static final String NAME = "maps";

    private static final TimerId LOOK = new TimerId("look");
    private static final int DAMAGED_ONE_IN = 30;
    private static final int LOOK_MILLIS = 300;
    private static final int MAX_LOOKS_UNSEEN = 8;

    private final SimNode node;
    private final MapLog maps;
    private final int keptEpochs;
    private final SplittableRandom random;
    private final Map<Integer, Integer> unseen = new TreeMap<>();
    /** OSD → epoch from which it needs maps. */
    private final Map<Integer, Integer> neededByOsd = new TreeMap<>();
    /** Placement group → last epoch in which it was clean, as its primary says. */
    private final Map<Integer, Integer> cleanByPg = new TreeMap<>();

    /**
     * An authority.
     *
     * @param maps all so far; what it adds outlives it
     * @param keptEpochs least number that it gives out
     */
    MapAuthority(SimNode node, MapLog maps, int keptEpochs) {
        this.keptEpochs = keptEpochs;
        this.node = node;
        this.maps = maps;
        random = node.cluster().simulation().random("authority");
    }

    static MapAuthority of(SimNode node) {
        return (MapAuthority) node.process();
    }

    OsdMap newest() {
        return maps.newest();
    }

    /** Makes the next epoch. */
    void change(OsdMapChange... changes) {
        maps.add(List.of(changes));
        node.note("map", newest().epoch() + " " + List.of(changes));
    }

    /** Marks an OSD down, dead or not. */
    void markDown(int osd) {
        markDown(osd, false);
    }

    private void markDown(int osd, boolean isGone) {
        OsdInfo info = newest().osd(osd);
        int epoch = newest().epoch() + 1;
        if (info != null && info.isUp()) {
            change(new OsdMapChange.PutOsd(isGone ? info.gone(epoch) : info.down(epoch)));
        }
    }

    /** There is one more OSD. */
    void add(int osd) {
        add(osd, OsdWorld.uuid(osd));
    }

    /** There is one more OSD, with a store. */
    void add(int osd, UUID store) {
        if (newest().osd(osd) == null) {
            change(
                    new OsdMapChange.PutOsd(OsdInfo.created(osd, store).withWeight(CrushItem.ONE)),
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
            List<MonMessage.OsdMaps> wanted = want.isWhole() ? maps.wholeFrom(want.start()) : maps.since(want.start());
            wanted.forEach(newer -> node.send(from, "Maps", new Envelope.Maps(maybeDamaged(newer)).encode()));
        } else if (envelope instanceof Envelope.Beacon beacon) {
            neededByOsd.put(OsdNode.number(from), beacon.cleanThrough());
            cleanByPg.putAll(beacon.led());
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

    /** Now and then a difference does not lead where it should. */
    private MonMessage.OsdMaps maybeDamaged(MonMessage.OsdMaps good) {
        if (good.incrementals().isEmpty() || random.nextInt(DAMAGED_ONE_IN) > 0) {
            return good;
        }
        node.count("a difference of maps is damaged");
        List<OsdMap.Incremental> differences = new ArrayList<>(good.incrementals());
        differences.replaceAll(right -> new OsdMap.Incremental(
                right.epoch(), right.fsid(), right.modifiedMillis(), right.changes(), right.fullCrc() + 1));
        return new MonMessage.OsdMaps(good.full(), differences, good.oldestEpoch(), good.newestEpoch());
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
                // Nobody listens at its address; or that is not known, for its host is gone too.
                markDown(info.id(), random.nextBoolean());
            }
        }
        trim();
        node.setTimer(LOOK, LOOK_MILLIS);
    }

    /** As monitors do: what an OSD that is up or a placement group that is not clean may need is kept. */
    private void trim() {
        int end = newest().epoch() - keptEpochs;
        for (OsdInfo info : newest().osds()) {
            end = Math.min(end, info.isUp() ? neededByOsd.getOrDefault(info.id(), 0) : end);
        }
        for (int seed = 0; seed < OsdWorld.PG_NUM; seed++) {
            end = Math.min(end, cleanByPg.getOrDefault(seed, 0));
        }
        if (maps.trim(end)) {
            node.count("maps are trimmed");
        }
    }
}
