package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.SampleMaps;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PastMapsTest {
    private static final int OSD = 0;
    private static final long POOL = 1;

    private final TreeMap<Integer, OsdMap> maps = new TreeMap<>(Map.of(1, SampleMaps.of("host3x3")));

    private void next(OsdMapChange... changes) {
        OsdMap next = SampleMaps.next(maps.lastEntry().getValue(), changes);
        maps.put(next.epoch(), next);
    }

    private void createPool() {
        next();
        next(new OsdMapChange.PutPool(SampleMaps.pool(POOL, 32, 32, 0)));
        next();
        next();
    }

    private PastMaps read() {
        PastMaps past = new PastMaps(MapHistory.of(maps), maps.lastEntry().getValue());
        past.goBackBefore(Set.of(POOL), OSD);
        return past;
    }

    @Test
    void goesBackToWhereAPoolIsNotYet() {
        createPool();
        PastMaps past = read();
        assertThat(past.oldest().epoch()).isEqualTo(2);
        assertThat(past.firstWith(POOL, OSD).epoch()).isEqualTo(3);
    }

    @Test
    void aPoolOlderThanAllMapsHasNoFirst() {
        createPool();
        maps.headMap(3).clear();
        assertThat(read().firstWith(POOL, OSD)).isNull();
        createPool();
        maps.remove(5);
        assertThat(read().oldest().epoch()).as("there is a gap before").isEqualTo(6);
        assertThat(read().firstWith(POOL, OSD)).isNull();
    }

    @Test
    void beforeTheFirstMapOfAClusterThereWasNothing() {
        maps.put(1, SampleMaps.of("host3x3", SampleMaps.pool(POOL, 32, 32, 0)));
        next();
        assertThat(read().firstWith(POOL, OSD).epoch()).isEqualTo(1);
    }

    @Test
    void aStoreProvesNothingOfATimeWhenItsOsdHadAnother() {
        createPool();
        OsdInfo info = maps.lastEntry().getValue().osd(OSD);
        next(new OsdMapChange.PutOsd(info.up(
                maps.lastKey() + 1, UUID.randomUUID(), info.publicAddress(), info.clusterAddress(), info.features())));
        PastMaps past = read();
        past.goBackTo(1);
        assertThat(past.firstWith(POOL, OSD)).isNull();
        assertThat(past.firstWith(POOL, OSD + 1).epoch()).isEqualTo(3);
    }

    @Test
    void whatDoesNotFollowBeginsAnew() {
        createPool();
        PastMaps past = read();
        OsdMap skipped = SampleMaps.next(maps.lastEntry().getValue());
        past.add(SampleMaps.next(skipped));
        assertThat(past.from(0)).hasSize(1);
        assertThat(past.firstWith(POOL, OSD)).isNull();
    }
}
