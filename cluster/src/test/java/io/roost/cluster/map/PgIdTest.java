package io.roost.cluster.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PgIdTest {
    @Test
    void textIsPoolAndHexSeed() {
        assertThat(new PgId(12, 47)).hasToString("12.2f");
        assertThat(PgId.parse("12.2f")).isEqualTo(new PgId(12, 47));
    }

    @Test
    void refusesWhatIsNoPlacementGroup() {
        assertThatThrownBy(() -> new PgId(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PgId(1, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PgId.parse("7")).isInstanceOf(IllegalArgumentException.class);
    }
}
