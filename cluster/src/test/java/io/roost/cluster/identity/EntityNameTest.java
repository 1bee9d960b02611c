package io.roost.cluster.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"mon.a", "mon.host-1.example", "osd.0", "osd.12", "client.gateway", "node.n_1"})
    void aNameReadsAsItIsWritten(String text) {
        assertThat(EntityName.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "mon",
                "mon.",
                ".a",
                "MON.a",
                "mon.A",
                "mon.a/b",
                "mon.a b",
                "mon.-a",
                "osd.x",
                "osd.01",
                "osd.-1",
                "osd.1234567890",
                "mgr.a",
                "node.\u00e4"
            })
    void whatIsNoNameIsRefused(String text) {
        assertThatThrownBy(() -> EntityName.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void idsHaveALimit() {
        String id = "a".repeat(EntityName.MAX_ID_LENGTH);
        assertThat(EntityName.client(id).id()).isEqualTo(id);
        assertThatThrownBy(() -> EntityName.client(id + "a")).isInstanceOf(IllegalArgumentException.class);
    }
}
