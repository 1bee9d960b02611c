package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Remap;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.wire.MapCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OsdMapServiceTest {
    private static final Clocks NOW = new Clocks(1000, 1000);

    private final MapMonStore store = new MapMonStore();
    private final OsdMapService service;

    OsdMapServiceTest() {
        MonTransaction first = new MonTransaction();
        OsdMapService.encodeFirst(first, SampleMaps.of("host3x3", SampleMaps.pool(1, 8, 8, 0)));
        ConfigService.encode(first, new ClusterConfig(1, new TreeMap<>()));
        store.write(first);
        service = service();
    }

    private OsdMapService service() {
        return new OsdMapService(store, new ConfigService(store), new ClusterLog(store), new LogLimits(3, 5, 1 << 20));
    }

    private OsdMap commit(OsdMapChange... changes) {
        service.changeAll(List.of(changes), NOW);
        MonTransaction transaction = new MonTransaction();
        service.encodePending(transaction, NOW.wallMillis());
        store.write(transaction);
        service.refresh();
        return service.map();
    }

    @Test
    void exceptionsOfPlacementEndWithTheOsdsThatTheyLeadTo() {
        PgId whole = new PgId(1, 0);
        PgId moved = new PgId(1, 1);
        commit(
                new OsdMapChange.SetUpmap(whole, List.of(0, 2, 4)),
                new OsdMapChange.SetUpmapItems(moved, List.of(new Remap(1, 3), new Remap(5, 4))));
        assertThat(service.map().state().upmaps()).containsKey(whole);

        OsdMap out = commit(new OsdMapChange.PutOsd(service.map().osd(4).withWeight(0)));
        assertThat(out.state().upmaps()).as("osd.4 is out").isEmpty();
        assertThat(out.state().upmapItems()).containsEntry(moved, List.of(new Remap(1, 3)));

        OsdMap purged = commit(new OsdMapChange.RemoveOsd(1));
        assertThat(purged.state().upmapItems()).as("osd.1 exists no more").isEmpty();
    }

    @Test
    void whoCannotApplyADifferenceGetsTheEpochWholeAndWhatFollows() {
        OsdMap second = commit(new OsdMapChange.PutOsd(service.map().osd(1).withWeight(0)));
        commit(new OsdMapChange.PutOsd(service.map().osd(2).withWeight(0)));
        MonMessage.OsdMaps maps = (MonMessage.OsdMaps) service.wholeFrom(2).get(0);
        assertThat(maps.full()).contains(second);
        assertThat(maps.incrementals()).extracting(OsdMap.Incremental::epoch).containsExactly(3);
    }

    /** With the copy of a store, or with many versions at once. */
    @Test
    void aMonitorThatIsBehindWhatIsTrimmedGoesOnWithAWholeMap() {
        OsdMapService behind = service();
        for (int i = 0; store.number(OsdMapService.FIRST) <= behind.map().epoch() + 1; i++) {
            assertThat(i).as("epochs without a trim").isLessThan(20);
            reportAllClean();
            commit(new OsdMapChange.PutOsd(service.map().osd(1).withWeight(i % 2 == 0 ? 0 : 0x10000)));
        }
        behind.refresh();
        assertThat(behind.map()).isEqualTo(service.map());
    }

    private void reportAllClean() {
        OsdMap map = service.map();
        map.osds().forEach(osd -> service.onBeacon(osd.id(), map.epoch()));
        Set<PgState> states = Set.of(PgState.ACTIVE, PgState.CLEAN);
        for (int seed = 0; seed < map.pool(1).pgNum(); seed++) {
            PgId pg = new PgId(1, seed);
            PgStat stat = new PgStat(map.epoch(), states, 1, 1, 0, 0, 0, map.epoch(), ScrubHistory.NONE);
            service.stats()
                    .onStats(
                            new MonMessage.OsdPgStats(
                                    map.primary(pg),
                                    map.epoch(),
                                    new OsdStat(100, 1, 1),
                                    new TreeMap<>(Map.of(pg, stat))),
                            map);
        }
    }

    @Test
    void manyBigDifferencesGoInSeveralMessages() {
        String big = "x".repeat(3 << 20);
        for (int i = 0; i < 8; i++) {
            OsdInfo osd = service.map().osd(0);
            TreeMap<String, Integer> features = new TreeMap<>();
            features.put(big, i);
            commit(new OsdMapChange.PutOsd(osd.down(service.pendingEpoch())));
            commit(new OsdMapChange.PutOsd(service.map()
                    .osd(0)
                    .up(service.pendingEpoch(), osd.uuid(), osd.publicAddress(), osd.clusterAddress(), features)));
        }
        List<Integer> counts = new ArrayList<>();
        int epochs = 0;
        for (MonMessage.FromMonitor message : service.since(2)) {
            List<OsdMap.Incremental> incrementals = ((MonMessage.OsdMaps) message).incrementals();
            long bytes = incrementals.stream()
                    .mapToLong(incremental -> MapCodec.encode(incremental).length())
                    .sum();
            assertThat(bytes).isLessThan(OsdMapService.MAX_MESSAGE_BYTES + (7L << 20));
            counts.add(incrementals.size());
            epochs += incrementals.size();
        }
        assertThat(counts).as("differences of each message").hasSizeGreaterThan(2);
        assertThat(epochs).isEqualTo(16);
    }
}
