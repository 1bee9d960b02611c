package io.roost.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.wire.MapCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OsdMapChainTest {
    private final List<OsdMap> maps = new ArrayList<>(List.of(SampleMaps.of("host3x3")));
    private final List<OsdMap.Incremental> differences = new ArrayList<>();
    private final List<Integer> taken = new ArrayList<>();
    private final OsdMapChain chain = new OsdMapChain(SampleMaps.FSID, Optional.of(maps.get(0)));

    OsdMapChainTest() {
        for (int epoch = 2; epoch <= 100; epoch++) {
            OsdMap next = SampleMaps.next(maps.get(epoch - 2));
            maps.add(next);
            differences.add(new OsdMap.Incremental(
                    epoch, next.fsid(), next.state().modifiedMillis(), List.of(), MapCodec.crc(MapCodec.encode(next))));
        }
    }

    private static MonMessage.OsdMaps whole(OsdMap map, int oldestEpoch) {
        return new MonMessage.OsdMaps(Optional.of(map), List.of(), oldestEpoch, map.epoch());
    }

    private MonMessage.OsdMaps differences(int first, int last) {
        return new MonMessage.OsdMaps(Optional.empty(), differences.subList(first - 2, last - 1), 1, 100);
    }

    private OsdMapChain.Outcome offer(MonMessage.OsdMaps offered) {
        return chain.offer(offered, map -> taken.add(map.epoch()));
    }

    @Test
    void takesEveryEpochInOrder() {
        assertThat(offer(differences(2, 4))).isEqualTo(OsdMapChain.Outcome.TAKEN);
        assertThat(offer(differences(3, 6))).isEqualTo(OsdMapChain.Outcome.TAKEN);
        assertThat(offer(differences(9, 9))).isEqualTo(OsdMapChain.Outcome.GAP);
        assertThat(taken).containsExactly(2, 3, 4, 5, 6);
    }

    /** An OSD that left epochs out began its copies anew, also the only one that there was of a placement group. */
    @Test
    void aWholeMapDoesNotLeaveOutWhatCanBeHad() {
        assertThat(offer(whole(maps.get(9), 1))).isEqualTo(OsdMapChain.Outcome.GAP);
        assertThat(offer(whole(maps.get(9), 2))).isEqualTo(OsdMapChain.Outcome.GAP);
        assertThat(taken).isEmpty();
        assertThat(offer(whole(maps.get(1), 1))).isEqualTo(OsdMapChain.Outcome.TAKEN);
        assertThat(offer(whole(maps.get(9), 10))).as("what is between is gone").isEqualTo(OsdMapChain.Outcome.TAKEN);
        assertThat(taken).containsExactly(2, 10);
    }

    @Test
    void aWholeMapMendsAChainThatDoesNotLeadWhereItShould() {
        OsdMap.Incremental wrong = new OsdMap.Incremental(2, SampleMaps.FSID, 0, List.of(), 1);
        assertThat(offer(new MonMessage.OsdMaps(Optional.empty(), List.of(wrong), 1, 100)))
                .isEqualTo(OsdMapChain.Outcome.DAMAGED);
        assertThat(offer(whole(maps.get(9), 1))).as("that leaves epochs out").isEqualTo(OsdMapChain.Outcome.GAP);
        assertThat(offer(whole(maps.get(1), 1))).isEqualTo(OsdMapChain.Outcome.TAKEN);
        assertThat(offer(differences(3, 4))).isEqualTo(OsdMapChain.Outcome.TAKEN);
        assertThat(taken).containsExactly(2, 3, 4);
    }

    @Test
    void tellsAPeerWhatItRemembersAndNothingThatLeavesEpochsOut() {
        offer(differences(2, 100));
        assertThat(chain.since(98).orElseThrow().incrementals())
                .extracting(OsdMap.Incremental::epoch)
                .containsExactly(99, 100);
        assertThat(chain.since(100)).isEmpty();
        assertThat(chain.since(2)).as("further than it remembers").isEmpty();
        assertThat(chain.since(50).orElseThrow().incrementals().get(0).epoch()).isEqualTo(51);
    }
}
