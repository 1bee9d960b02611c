package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.wire.MapCodec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * All epochs of the OSD map, as monitors come to have them, and what must hold of them: an epoch has the same bytes
 * everywhere; a life of an OSD is up once, between epochs of its own; a store has one id; up_thru does not fall; and the
 * store that was set back is never up.
 */
public final class OsdMapHistory {
    private final SimCluster cluster;
    private final TreeMap<Integer, Bytes> epochs = new TreeMap<>();
    private final Map<String, Integer> checked = new HashMap<>();
    private final Set<NodeAddress> ended = new HashSet<>();
    private final Set<NodeAddress> forbidden = new HashSet<>();
    /** Node → the rows of the disk that it ought to have. */
    private final Map<String, MonTransaction> rightDisks = new HashMap<>();

    private OsdMap newest;
    private long lastNonce;

    /** A watch over all monitors of a cluster. */
    public OsdMapHistory(SimCluster cluster) {
        this.cluster = cluster;
        cluster.watch(this::onInput);
    }

    /** The newest map that a monitor has; null before one has any. */
    public OsdMap newest() {
        return newest;
    }

    /** A number that no life has had before. */
    public long nextNonce() {
        return ++lastNonce;
    }

    /** This life is that of a disk that was set back behind a boot that was accepted. */
    void forbid(NodeAddress address) {
        forbidden.add(address);
    }

    /** The monitors do not want it: somebody looks at it, puts the right disk in, and starts it. */
    void onRefused(SimNode node) {
        cluster.simulation().schedule(5_000_000, () -> {
            node.restartAfter(1000);
            node.crash();
            MonTransaction right = rightDisks.remove(node.name());
            if (right != null) {
                node.format();
                new KeyValueMonStore(node.keyValue()).write(right);
            }
        });
    }

    /** The disk of a node will be one that was set back, if a boot has been accepted since. */
    boolean setBack(SimNode node, MonTransaction image) {
        if (rightDisks.containsKey(node.name()) || newest == null) {
            return false;
        }
        MonTransaction now = rows(node);
        int id = newest.osds().stream()
                .filter(osd -> osd.uuid()
                        .equals(OsdModel.uuid(Integer.parseInt(node.name().substring(OsdModel.NAME.length())))))
                .mapToInt(OsdInfo::id)
                .findFirst()
                .orElse(-1);
        MonStore old = new MapMonStore();
        old.write(image);
        // An OSD that has never booted has missed nothing.
        if (id < 0
                || newest.osd(id).upFrom() == 0
                || OsdModel.nonces(old).contains(newest.osd(id).clusterAddress().nonce())) {
            return false;
        }
        rightDisks.put(node.name(), now);
        node.format();
        new KeyValueMonStore(node.keyValue()).write(image.put(OsdModel.SET_BACK, 1));
        return true;
    }

    static MonTransaction rows(SimNode node) {
        return new KeyValueMonStore(node.keyValue()).rows(Optional.empty(), Integer.MAX_VALUE);
    }

    private void onInput(SimNode node) {
        if (!node.isUp()
                || !(node.process() instanceof MonitorHolder monitor)
                || !monitor.monitor().isWhole()) {
            return;
        }
        int last = monitor.monitor().osdMap().epoch();
        MonStore store = new KeyValueMonStore(node.keyValue());
        for (int epoch = checked.getOrDefault(node.name(), 0) + 1; epoch <= last; epoch++) {
            Bytes full = store.get(MonKey.of("osdmap", "full_", epoch)).orElse(null);
            if (full == null) {
                continue;
            }
            Bytes known = epochs.putIfAbsent(epoch, full);
            assertThat(known == null || known.equals(full))
                    .as("epoch %d of %s", epoch, node.name())
                    .isTrue();
            if (known == null) {
                onEpoch(MapCodec.osdMap(full));
            }
        }
        if (last > checked.getOrDefault(node.name(), 0) && store.number(OsdMapService.FIRST) > 1) {
            cluster.marks().hit("monitor: epochs are trimmed");
        }
        checked.put(node.name(), last);
    }

    private void onEpoch(OsdMap map) {
        Set<Object> uuids = new HashSet<>();
        for (OsdInfo osd : map.osds()) {
            assertThat(uuids.add(osd.uuid()))
                    .as("one id for store %s", osd.uuid())
                    .isTrue();
            assertThat(osd.upThru()).as("up_thru").isLessThan(map.epoch());
            OsdInfo before = newest == null ? null : newest.osd(osd.id());
            boolean wasUp = before != null && before.isUp();
            boolean isSameLife = wasUp && before.clusterAddress().equals(osd.clusterAddress());
            if (osd.isUp() && !isSameLife) {
                assertThat(wasUp)
                        .as("osd.%d is down between two lives, in epoch %d", osd.id(), map.epoch())
                        .isFalse();
                assertThat(osd.upFrom()).isEqualTo(map.epoch());
            }
            if (wasUp && !(osd.isUp() && isSameLife)) {
                assertThat(osd.downAt()).isEqualTo(map.epoch());
                ended.add(before.clusterAddress());
            }
            if (osd.isUp()) {
                assertThat(osd.clusterAddress()).as("a life that is over").isNotIn(ended);
                assertThat(osd.clusterAddress()).as("a store that was set back").isNotIn(forbidden);
            }
            if (before != null) {
                assertThat(osd.upThru()).as("up_thru of osd.%d", osd.id()).isGreaterThanOrEqualTo(before.upThru());
            }
        }
        newest = map;
    }
}
