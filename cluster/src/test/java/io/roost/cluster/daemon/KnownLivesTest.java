package io.roost.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.message.MonMessage;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import org.junit.jupiter.api.Test;

class KnownLivesTest {
    private final SimDisk disk = new SimDisk(1);
    private final MemoryKeyValue store = new MemoryKeyValue(disk);

    @Test
    void theLifeLastSeenAndAllSinceAreKnownAfterAPowerLoss() {
        KnownLives lives = KnownLives.of(store);
        assertThat(lives.begin(30)).containsExactly(30L);
        lives.seen(30);
        assertThat(lives.begin(10)).containsExactly(10L, 30L);
        disk.restart();
        lives = KnownLives.of(store);
        assertThat(lives.begin(20)).containsExactly(10L, 20L, 30L);
        lives.seen(10);
        disk.restart();
        assertThat(KnownLives.of(store).begin(5)).as("not 30, which is over").containsExactly(5L, 10L, 20L);
    }

    @Test
    void theOneLastSeenIsKeptHoweverManyComeToNothing() {
        KnownLives lives = KnownLives.of(store);
        lives.begin(1);
        lives.seen(1);
        for (long nonce = 2; nonce < MonMessage.OsdBoot.MAX_KNOWN + 100; nonce++) {
            assertThat(lives.begin(nonce)).contains(1L, nonce).hasSizeLessThanOrEqualTo(MonMessage.OsdBoot.MAX_KNOWN);
        }
    }
}
