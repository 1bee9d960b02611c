package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class OsdSimulationTest {
    /** Each was in about half of these seeds, or more. */
    private static final List<String> RARE_BRANCHES = List.of(
            "a difference of maps is damaged",
            "backfill from scratch",
            "client: the version that was found is gone",
            "disk: bits flip that no checksum covers",
            "maps are trimmed",
            "osd: a scrub finds something",
            "osd: maps are offered: DAMAGED",
            "pg: a copy is removed",
            "pg: a copy is replaced by scrub",
            "pg: a damaged entry is repaired",
            "pg: a range is filled",
            "pg: a replica answers a client",
            "pg: a replica leaves a read to the primary",
            "pg: a scrub gives way to a write",
            "pg: a scrub is due",
            "pg: a write waits for a range that is being compared",
            "pg: an entry is recovered",
            "pg: copies differ and cannot be repaired",
            "pg: what a replica reads for a client is damaged");

    @Test
    void osdsKeepWhatTheyAcknowledgedWhateverFails() {
        Seeds seeds = new Seeds(new OsdWorld());
        seeds.check(1, 15);
        assertThat(seeds.marks().missing(RARE_BRANCHES)).as("never taken").isEmpty();
    }

    /** A write that its client had given up came when bits had been flipped, and counted as damage that nobody mends. */
    @Test
    void aSeedThatFoundAMistakePasses() {
        new Seeds(new OsdWorld()).check(361);
    }

    @Test
    void everyBugOftenSeenIsFound() {
        assertThat(BugHunt.huntAll(new OsdBugs.OftenSeen(), 40))
                .as("seeds needed")
                .doesNotContainValue(0);
    }
}
