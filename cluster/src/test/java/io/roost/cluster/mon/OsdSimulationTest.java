package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class OsdSimulationTest {
    private static final List<String> RARE_BRANCHES =
            List.of("fault: a disk was set back", "osd: marked down although it runs", "osd: refused");

    @Test
    void everyLifeIsUpOnceAndWhoIsSilentIsNoticedWhateverFails() {
        Seeds seeds = new Seeds(new OsdLivesWorld());
        seeds.check(1, 12);
        assertThat(seeds.marks().missing(RARE_BRANCHES)).as("never taken").isEmpty();
    }

    @Test
    void everyBugOftenSeenIsFound() {
        assertThat(BugHunt.huntAll(new OsdBugs.OftenSeen(), 30))
                .as("seeds needed")
                .doesNotContainValue(0);
    }
}
