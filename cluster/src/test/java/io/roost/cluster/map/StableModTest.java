package io.roost.cluster.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StableModTest {
    @Test
    void maskIsTheNextPowerOfTwoLessOne() {
        assertThat(StableMod.mask(1)).isZero();
        assertThat(StableMod.mask(2)).isEqualTo(1);
        assertThat(StableMod.mask(3)).isEqualTo(3);
        assertThat(StableMod.mask(64)).isEqualTo(63);
        assertThat(StableMod.mask(65)).isEqualTo(127);
        assertThat(StableMod.mask(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> StableMod.mask(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneMorePlacementGroupMovesInputsOfOneOnly() {
        long seed = 20260101;
        Random random = new Random(seed);
        for (int b = 1; b < 200; b++) {
            int parent = -1;
            for (int i = 0; i < 500; i++) {
                int x = random.nextInt();
                int before = StableMod.of(x, b);
                int after = StableMod.of(x, b + 1);
                assertThat(before).as("seed %d", seed).isBetween(0, b - 1);
                if (before != after) {
                    assertThat(after).as("seed %d", seed).isEqualTo(b);
                    assertThat(parent == -1 || parent == before)
                            .as("seed %d", seed)
                            .isTrue();
                    parent = before;
                }
            }
        }
    }
}
