package io.roost.cluster.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MonMapTest {
    private static MonMap.Monitor monitor(String name, int port, MonMap.Role role) {
        return new MonMap.Monitor(name, new NodeAddress("10.0.0.1", port, 0), role);
    }

    @Test
    void rankIsThePlaceInAddressOrder() {
        MonMap map = new MonMap(
                1,
                SampleMaps.FSID,
                0,
                List.of(monitor("b", 9442, MonMap.Role.VOTER), monitor("a", 9441, MonMap.Role.NON_VOTER)));
        assertThat(map.rank("a")).isZero();
        assertThat(map.rank("b")).isEqualTo(1);
        assertThat(map.rank("c")).isEqualTo(-1);
    }

    @Test
    void refusesAMapWithoutVoterOrWithOneNameTwice() {
        List<MonMap.Monitor> silent = List.of(monitor("a", 1, MonMap.Role.NON_VOTER));
        assertThatThrownBy(() -> new MonMap(1, SampleMaps.FSID, 0, silent))
                .isInstanceOf(IllegalArgumentException.class);
        List<MonMap.Monitor> twins = List.of(monitor("a", 1, MonMap.Role.VOTER), monitor("a", 2, MonMap.Role.VOTER));
        assertThatThrownBy(() -> new MonMap(1, SampleMaps.FSID, 0, twins)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mostSpecificSectionOfTheConfigurationWins() {
        ClusterConfig config = new ClusterConfig(1, new TreeMap<>())
                .with("global", "grace", Optional.of("6"))
                .with("osd", "grace", Optional.of("7"))
                .with("osd.3", "grace", Optional.of("8"));
        assertThat(config.version()).isEqualTo(4);
        assertThat(config.value("osd", "3", "grace")).contains("8");
        assertThat(config.value("osd", "4", "grace")).contains("7");
        assertThat(config.value("mon", "a", "grace")).contains("6");
        assertThat(config.value("mon", "a", "lease")).isEmpty();
        ClusterConfig without = config.with("osd", "grace", Optional.empty());
        assertThat(without.value("osd", "4", "grace")).contains("6");
        assertThat(without.sections()).doesNotContainKey("osd");
    }
}
