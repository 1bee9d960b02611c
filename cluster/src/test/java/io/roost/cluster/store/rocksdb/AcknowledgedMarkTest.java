package io.roost.cluster.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.store.rocksdb.AcknowledgedMark.State;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgedMarkTest {
    private static final String GOLDEN = "store-acknowledged-v1.hex";

    @TempDir
    Path folder;

    @Test
    void theFileHasTheReleasedForm() {
        State state = new State(0x123456, 0x7766554433221100L);
        GoldenFile.check(GOLDEN, Bytes.wrap(state.encode()));
        assertThat(State.decode(GoldenFile.read(GOLDEN).array())).isEqualTo(state);
    }

    @Test
    void everyFlippedBitIsNoticed() {
        for (int bit = 0; bit < 24 * 8; bit++) {
            byte[] bytes = GoldenFile.read(GOLDEN).array().clone();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(State.decode(bytes)).as("bit %d", bit).isNull();
        }
        assertThat(State.decode(new byte[0])).isNull();
    }

    @Test
    void anInterruptDoesNotHarmIt() throws IOException {
        try (AcknowledgedMark mark = AcknowledgedMark.begin(folder, new State(7, 100))) {
            Thread.currentThread().interrupt();
            mark.advance(101);
            assertThat(Thread.interrupted()).isTrue();
            mark.advance(102);
        }
        assertThat(AcknowledgedMark.read(folder)).isEqualTo(new State(7, 102));
    }

    @Test
    void itOnlyGoesForward() throws IOException {
        assertThat(AcknowledgedMark.read(folder)).isEqualTo(State.UNKNOWN);
        try (AcknowledgedMark mark = AcknowledgedMark.begin(folder, new State(7, 100))) {
            assertThat(AcknowledgedMark.read(folder)).isEqualTo(new State(7, 100));
            mark.advance(103);
            mark.advance(102);
            assertThat(AcknowledgedMark.read(folder)).isEqualTo(new State(7, 103));
        }
        AcknowledgedMark.begin(folder, new State(9, 50)).close();
        assertThat(AcknowledgedMark.read(folder)).isEqualTo(new State(9, 50));
    }
}
