package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.object.Bytes;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeAdmissionTest {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final Bytes TOKEN = Bytes.hex("aa".repeat(32));
    private static final Bytes KEY = Bytes.hex("01".repeat(32));
    private static final Bytes OTHER_KEY = Bytes.hex("02".repeat(32));

    private ClusterConfig settings = new ClusterConfig(1, new TreeMap<>());

    private void create(Bytes token, long nowMillis) {
        MonCommand.CreateToken create = new MonCommand.CreateToken(token, nowMillis + HOUR_MILLIS);
        settings = NodeAdmission.create(settings, create, nowMillis).settings();
    }

    private String admit(Bytes token, String node, Bytes key, long nowMillis) {
        NodeAdmission.Decision decision =
                NodeAdmission.admit(settings, new MonCommand.AdmitNode(token, node, key), nowMillis);
        settings = decision.settings();
        return decision.text();
    }

    @Test
    void aTokenLetsInOneNodeAsOftenAsThatAsks() {
        create(TOKEN, 0);
        assertThat(admit(TOKEN, "n1", KEY, 5)).isEqualTo("accepted");
        assertThat(admit(TOKEN, "n1", KEY, 6)).as("the answer was lost").isEqualTo("accepted");
        assertThat(admit(TOKEN, "n1", KEY, 2 * HOUR_MILLIS)).isEqualTo("accepted");
        assertThat(admit(TOKEN, "n1", OTHER_KEY, 7)).isEqualTo("used");
        assertThat(admit(TOKEN, "n2", KEY, 8)).isEqualTo("used");
    }

    @Test
    void whoHasNoTokenOrAnOldOneIsNotLetIn() {
        assertThat(admit(TOKEN, "n1", KEY, 0)).isEqualTo("unknown");
        create(TOKEN, 0);
        assertThat(admit(TOKEN, "n1", KEY, HOUR_MILLIS)).isEqualTo("expired");
        assertThat(settings.sections()).doesNotContainKey("node.n1");
    }

    @Test
    void aNameThatIsTakenCostsNoToken() {
        Bytes second = Bytes.hex("bb".repeat(32));
        create(TOKEN, 0);
        create(second, 0);
        admit(TOKEN, "n1", KEY, 0);
        assertThat(admit(second, "n1", OTHER_KEY, 1)).isEqualTo("name-taken");
        assertThat(admit(second, "n2", OTHER_KEY, 2)).isEqualTo("accepted");
    }

    @Test
    void tokensAreForgottenLongAfterTheyExpire() {
        create(TOKEN, 0);
        create(Bytes.hex("bb".repeat(32)), 20 * HOUR_MILLIS);
        assertThat(settings.sections()).hasSize(2);
        create(Bytes.hex("cc".repeat(32)), 26 * HOUR_MILLIS);
        assertThat(settings.sections()).hasSize(2).doesNotContainKey("token." + TOKEN.hex());
        assertThat(admit(TOKEN, "n1", KEY, 0)).isEqualTo("unknown");
    }
}
