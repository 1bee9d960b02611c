package io.roost.cluster.osd;

import io.roost.cluster.sim.Seeds;
import org.junit.jupiter.api.Test;

class ClusterSimulationTest {
    @Test
    void aClusterIsWellAgainWhateverFails() {
        Seeds seeds = new Seeds(new ClusterWorld());
        seeds.check(1, 200);
    }
}
