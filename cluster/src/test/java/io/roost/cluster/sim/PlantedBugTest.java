package io.roost.cluster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlantedBugTest {
    private static final List<String> CATALOGUES = List.of(
            "io.roost.cluster.paxos.ElectionBugs",
            "io.roost.cluster.paxos.QuorumBugs",
            "io.roost.cluster.paxos.QuorumBugs$OfScenarios",
            "io.roost.cluster.mon.MonitorBugs",
            "io.roost.cluster.mon.MembershipBugs",
            "io.roost.cluster.mon.OsdBugs",
            "io.roost.cluster.pg.peering.PeeringBugs",
            "io.roost.cluster.osd.OsdBugs",
            "io.roost.cluster.osd.ClusterBugs");

    /** Most are hunted by hand only: without this nobody would notice that the code has changed where they were. */
    @Test
    void everyBugStillHasItsPlace() throws ReflectiveOperationException {
        List<String> misplaced = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (String catalogue : CATALOGUES) {
            for (PlantedBug bug : BugHunt.catalogue(catalogue).bugs()) {
                assertThat(names.add(catalogue + " " + bug.name()))
                        .as(bug.name())
                        .isTrue();
                try {
                    bug.source();
                } catch (AssertionError moved) {
                    misplaced.add(moved.getMessage());
                }
            }
        }
        assertThat(misplaced).isEmpty();
    }

    @Test
    void everyScenarioFindsItsBug() throws ReflectiveOperationException {
        List<PlantedBug> bugs = new ArrayList<>();
        for (String catalogue : CATALOGUES) {
            bugs.addAll(BugHunt.catalogue(catalogue).bugs());
        }
        List<String> passed = bugs.parallelStream()
                .filter(bug -> bug.scenario().isPresent() && !bug.isFoundByScenario())
                .map(bug -> bug.name() + " in " + bug.scenario().get())
                .toList();
        assertThat(passed).isEmpty();
    }
}
