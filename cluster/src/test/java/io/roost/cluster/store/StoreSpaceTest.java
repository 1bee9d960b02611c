package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.FullRatios;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.store.StoreSpace.Level;
import org.junit.jupiter.api.Test;

class StoreSpaceTest {
    private static final FullRatios RATIOS = FullRatios.DEFAULT;
    private static final long GIB = 1L << 30;

    private static OsdStat stat(long totalBytes, long usedBytes, Level level) {
        return new StoreSpace(totalBytes, usedBytes, 0, totalBytes / 20, level).stat(RATIOS, 7);
    }

    @Test
    void whatIsNotFullIsToldAsItIs() {
        assertThat(stat(100 * GIB, 94 * GIB, Level.NEARFULL)).isEqualTo(new OsdStat(100 * GIB, 94 * GIB, 7));
        assertThat(stat(0, 0, Level.OK)).isEqualTo(new OsdStat(0, 0, 7));
    }

    /** A store is full a few MiB before the ratio, on a small disk long before it, and with free space that has no place for rows. */
    @Test
    void whatIsFullCountsAsFullByTheRatiosOfOthers() {
        for (long total : new long[] {1000, 64L << 20, GIB + 7, 10 * GIB + 1, 3_000 * GIB + 999, 1L << 50}) {
            for (long used : new long[] {0, total / 6 * 5, total / 1000 * 949}) {
                assertThat(stat(total, used, Level.FULL).usedPermille())
                        .as("%d of %d", used, total)
                        .isBetween(950, total == 1000 ? 1000 : 950);
            }
        }
        assertThat(stat(GIB, GIB, Level.FULL).usedBytes())
                .as("not less than it is")
                .isEqualTo(GIB);
    }
}
