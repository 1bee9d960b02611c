package io.roost.cluster.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OsdSettingTest {
    private static final OsdSetting SETTING = OsdSetting.MAX_BACKFILLS;
    private static final ClusterConfig NOTHING = new ClusterConfig(1, new TreeMap<>());

    @Test
    void whatIsSaidForOneOsdWins() {
        ClusterConfig config =
                NOTHING.with("osd", SETTING.text(), Optional.of("2")).with("osd.3", SETTING.text(), Optional.of("5"));
        assertThat(SETTING.in(NOTHING, 3)).isEqualTo(SETTING.fallback());
        assertThat(SETTING.in(config, 3)).isEqualTo(5);
        assertThat(SETTING.in(config, 4)).isEqualTo(2);
    }

    @Test
    void whatIsNoValueIsSaid() {
        for (String wrong : new String[] {"", "0", "-1", "65", "1.5", "two", "99999999999999999999"}) {
            ClusterConfig config = NOTHING.with("osd", SETTING.text(), Optional.of(wrong));
            assertThatThrownBy(() -> SETTING.in(config, 0))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(SETTING.text());
        }
    }

    @Test
    void whatHoldsWithoutAnyIsAValue() {
        for (OsdSetting setting : OsdSetting.values()) {
            assertThat(setting.parse(String.valueOf(setting.fallback()))).isEqualTo(setting.fallback());
            assertThat(OsdSetting.of(setting.text())).contains(setting);
        }
        assertThat(OsdSetting.of("osd_nothing")).isEmpty();
    }
}
