package io.roost.cluster.osd;

import io.roost.cluster.sim.Seeds;
import org.junit.jupiter.api.Test;

class ClusterSimulationTest {
    @Test
    void aClusterIsWellAgainWhateverFails() {
        Seeds seeds = new Seeds(new ClusterWorld());
        for (long seed = 1; seed <= 8; seed++) {
            seeds.check(seed);
        }
    }
}
