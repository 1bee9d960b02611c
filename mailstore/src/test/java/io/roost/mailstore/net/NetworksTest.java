package io.roost.mailstore.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NetworksTest {
    @Test
    void containsWhatHasTheSameBits() {
        Networks networks = Networks.parse("192.0.2.128/25, 10.1.2.3,2001:db8::/33,  ::1");
        assertThat(networks.contains("192.0.2.128")).isTrue();
        assertThat(networks.contains("192.0.2.255")).isTrue();
        assertThat(networks.contains("192.0.2.127")).isFalse();
        assertThat(networks.contains("10.1.2.3")).isTrue();
        assertThat(networks.contains("10.1.2.2")).isFalse();
        assertThat(networks.contains("2001:db8:7fff::1")).isTrue();
        assertThat(networks.contains("2001:db8:8000::1")).isFalse();
        assertThat(networks.contains("0:0:0:0:0:0:0:1")).isTrue();
        assertThat(networks.contains("localhost")).as("nothing is looked up").isFalse();
        assertThat(Networks.NONE.contains("127.0.0.1")).isFalse();
        assertThat(Networks.parse("0.0.0.0/0").contains("203.0.113.9")).isTrue();
        assertThat(Networks.parse("0.0.0.0/0").contains("::1")).isFalse();
    }

    @Test
    void whatIsNoNetworkIsNamed() {
        for (String wrong :
                new String[] {"x", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "::1/129", "1.2.3.400", "a.b", "::g"}) {
            assertThatThrownBy(() -> Networks.parse("10.0.0.1," + wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'" + wrong + "' is no network");
        }
    }
}
