package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipSimulationTest {
    private static final List<String> RARE_BRANCHES = List.of(
            "fault: a monitor is removed",
            "fault: a monitor is replaced",
            "fault: a store is lost",
            "fault: a store is set back",
            "quorum: the monitor map has changed",
            "sync: done");

    @Test
    void monitorsComeAndGoWhateverFails() {
        Seeds seeds = new Seeds(new MembershipWorld());
        seeds.check(1, 40);
        assertThat(seeds.marks().missing(RARE_BRANCHES)).as("never taken").isEmpty();
    }

    @Test
    void everyBugOftenSeenIsFound() {
        assertThat(BugHunt.huntAll(new MembershipBugs.OftenSeen(), 60))
                .as("seeds needed")
                .doesNotContainValue(0);
    }
}
