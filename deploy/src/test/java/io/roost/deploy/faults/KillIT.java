package io.roost.deploy.faults;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S30: a few rounds of {@link KillRounds}; deploy/lab/crash runs many. */
class KillIT {
    private static final int ROUNDS = 5;

    @TempDir
    private Path folder;

    @Test
    void whatWasAcknowledgedSurvivesAKill() throws Exception {
        KillRounds.run(folder.resolve("data"), ROUNDS, System.nanoTime());
    }
}
