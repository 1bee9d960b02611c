package io.roost.cluster.osd;

import io.roost.cluster.client.OsdMapChain;
import io.roost.cluster.daemon.OsdMapHistory;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.Tier;
import java.util.List;
import java.util.TreeMap;

/** An OSD's link with the {@link MapAuthority}. */
final class AuthorityLink implements OsdMapLink {
    private static final Bytes SUPERBLOCK = KeyLayout.meta("superblock");

    private final SimNode node;
    private final int osd;
    private final int life;
    private final Listener listener;
    private final OsdMapHistory kept;
    private final OsdMapChain maps;
    private final int actedOn;
    /** Peer → epoch up to which it was told of maps. */
    private final TreeMap<String, Integer> told = new TreeMap<>();

    private final TreeMap<PgId, List<Integer>> wantedPgTemps = new TreeMap<>();
    private int wantedUpThru;
    private boolean hasBeenUp;

    AuthorityLink(SimNode node, int osd, int life, int keptEpochs, Listener listener) {
        this.node = node;
        this.osd = osd;
        this.life = life;
        this.listener = listener;
        Bytes row = node.keyValue().get(Family.META, SUPERBLOCK, Tier.DISK);
        actedOn = row == null ? 0 : new ByteReader(row).u32();
        kept = OsdMapHistory.of(node.keyValue(), keptEpochs);
        maps = new OsdMapChain(OsdWorld.FSID, kept.newest());
    }

    @Override
    public MapHistory history() {
        return kept;
    }

    @Override
    public int actedOn() {
        return actedOn;
    }

    @Override
    public boolean isServing() {
        return hasBeenUp && maps.map().orElseThrow().isUp(osd);
    }

    @Override
    public int rebirths() {
        return 0;
    }

    @Override
    public void start() {
        // With the first tick.
    }

    @Override
    public void onTick() {
        wantMap(maps.epoch());
        if (!isServing()) {
            tell("Boot", new Envelope.Boot(life));
        }
    }

    private void tell(String what, Envelope message) {
        node.send(MapAuthority.NAME, what, message.encode());
    }

    @Override
    public void onReport(PgReport report) {
        kept.neededFrom(report.mapsFrom());
        TreeMap<Integer, Integer> led = new TreeMap<>();
        report.led().forEach((pg, stat) -> led.put(pg.seed(), stat.lastEpochClean()));
        tell("Beacon", new Envelope.Beacon(report.cleanThrough(), led));
        if (wantedUpThru > 0) {
            tell("UpThru", new Envelope.UpThru(wantedUpThru));
        }
        wantedPgTemps.forEach((pg, osds) -> tell("PgTemp", new Envelope.PgTemp(pg.seed(), osds)));
    }

    @Override
    public void onMessage(String from, Envelope message) {
        throw new AssertionError(message + " of " + from);
    }

    @Override
    public void onMaps(MonMessage.OsdMaps newer) {
        OsdMapChain.Outcome outcome = maps.offer(newer, this::onMap);
        if (outcome != OsdMapChain.Outcome.TAKEN) {
            node.count("osd: maps are offered: " + outcome);
            want(outcome == OsdMapChain.Outcome.DAMAGED);
        }
    }

    private void want(boolean isWhole) {
        tell("Want", new Envelope.Want(maps.epoch() + 1, isWhole && maps.epoch() > 0));
    }

    @Override
    public void gossip(String peer, int epoch) {
        if (epoch > maps.epoch()) {
            wantMap(epoch);
        } else if (epoch < maps.epoch() && told.getOrDefault(peer, 0) < maps.epoch()) {
            told.put(peer, maps.epoch());
            maps.since(epoch).ifPresent(lacking -> node.send(peer, "Maps", new Envelope.Maps(lacking).encode()));
        }
    }

    /** The next map: the first that shows this life up is the one it begins with. */
    private void onMap(OsdMap map) {
        hasBeenUp |= map.isUp(osd) && map.osd(osd).publicAddress().nonce() == life;
        keep(map);
        if (map.osd(osd) != null && map.osd(osd).upThru() >= wantedUpThru) {
            wantedUpThru = 0;
        }
        wantedPgTemps
                .entrySet()
                .removeIf(wanted -> map.state()
                                .pgTemp()
                                .getOrDefault(wanted.getKey(), List.of())
                                .equals(wanted.getValue())
                        || map.primary(wanted.getKey()) != osd);
        listener.onMap(map, hasBeenUp);
    }

    private void keep(OsdMap map) {
        KeyValueBatch batch = new KeyValueBatch();
        kept.add(map, batch);
        if (hasBeenUp) {
            batch.put(Family.META, SUPERBLOCK, new ByteWriter().u32(map.epoch()).toBytes());
        }
        node.keyValue().write(batch);
        node.onWritten();
    }

    @Override
    public void onReset(String peer) {
        told.remove(peer);
    }

    @Override
    public void onUnreachable(String peer, long dialledMillis) {
        // The authority notices who is gone.
    }

    @Override
    public void send(int to, String what, Envelope message) {
        node.send(OsdNode.name(to), what, message.encode());
    }

    @Override
    public void wantUpThru(int epoch) {
        wantedUpThru = Math.max(wantedUpThru, epoch);
        tell("UpThru", new Envelope.UpThru(wantedUpThru));
    }

    @Override
    public void wantPgTemp(PgId pg, List<Integer> osds, OsdMap by) {
        wantedPgTemps.put(pg, osds);
        tell("PgTemp", new Envelope.PgTemp(pg.seed(), osds));
    }

    @Override
    public void wantMap(int epoch) {
        if (epoch >= maps.epoch()) {
            want(false);
        }
    }
}
