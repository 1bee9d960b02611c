package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendWindowTest {
    private static int sent(long bytes) {
        int entries = 0;
        while (SendWindow.hasRoom(entries, entries * bytes)) {
            entries++;
        }
        return entries;
    }

    @Test
    void smallEntriesGoTogether() {
        assertThat(sent(200)).isEqualTo(64);
    }

    @Test
    void ofLargeOnesThereAreAlwaysSome() {
        assertThat(sent(4 << 20)).isEqualTo(4);
    }

    @Test
    void whatIsNotReadYetIsTakenForLarge() {
        assertThat(sent(SendWindow.UNKNOWN_BYTES)).isEqualTo(4);
    }

    @Test
    void theSumOfSizesIsLimited() {
        assertThat(sent(64 << 10)).isEqualTo(16);
    }
}
