package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.MonMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OsdStandingTest {
    private static final int OSD = 0;
    private static final UUID STORE = new UUID(1, 2);

    private final class Told implements OsdStanding.Effects {
        final List<MonMessage.ToMonitor> messages = new ArrayList<>();
        final List<String> failures = new ArrayList<>();

        @Override
        public void tell(MonMessage.ToMonitor message) {
            messages.add(message);
        }

        @Override
        public OsdStanding.Addresses beginLife() {
            life++;
            return addresses();
        }

        @Override
        public void fail(String reason) {
            failures.add(reason);
        }

        <T> List<T> take(Class<T> kind) {
            List<T> taken =
                    messages.stream().filter(kind::isInstance).map(kind::cast).toList();
            messages.clear();
            return taken;
        }
    }

    private long life = 100;
    private final Told told = new Told();
    private final OsdStanding standing =
            new OsdStanding(new OsdStanding.Self(OSD, STORE, new TreeMap<>()), addresses(), 5);
    private OsdMap map = SampleMaps.of("racks4", SampleMaps.pool(1, 8, 8, 0));
    private long nowMillis = 10_000;

    private OsdStanding.Addresses addresses() {
        NodeAddress address = new NodeAddress("127.0.0.1", 9441, life);
        return new OsdStanding.Addresses(address, address);
    }

    private void change(OsdInfo changed) {
        map = SampleMaps.next(map, new OsdMapChange.PutOsd(changed));
        standing.onMap(map, nowMillis, told);
    }

    private void markUp() {
        NodeAddress address = standing.addresses().forOsds();
        change(map.osd(OSD).up(map.epoch() + 1, STORE, address, address, new TreeMap<>()));
    }

    private void pass(long millis) {
        nowMillis += millis;
        standing.onTick(nowMillis, told);
    }

    @Test
    void bootsAgainAndAgainUntilTheMapShowsItsPresentLife() {
        standing.onMap(map, nowMillis, told);
        assertThat(standing.isUp()).as("that is an earlier life").isFalse();
        assertThat(told.take(MonMessage.OsdBoot.class)).hasSize(1);
        pass(500);
        assertThat(told.messages).isEmpty();
        pass(2000);
        assertThat(told.take(MonMessage.OsdBoot.class)).hasSize(1);
        standing.onSession(nowMillis, told);
        assertThat(told.take(MonMessage.OsdBoot.class)).as("another monitor").hasSize(1);
        markUp();
        assertThat(standing.isUp()).isTrue();
        pass(10_000);
        assertThat(told.take(MonMessage.OsdBoot.class)).isEmpty();
    }

    /** Else a disk that was set back would only have to catch up before it boots. */
    @Test
    void theEpochInItsBootIsWhatItsStoreHasActedOnNotWhatItHasSeenSince() {
        for (int i = 0; i < 10; i++) {
            change(map.osd(OSD).down(map.epoch() + 1));
        }
        pass(5000);
        assertThat(told.take(MonMessage.OsdBoot.class)).isNotEmpty().allMatch(boot -> boot.newestEpoch() == 5);
        markUp();
        int served = map.epoch();
        change(map.osd(OSD).down(map.epoch() + 1));
        assertThat(told.take(MonMessage.OsdBoot.class).get(0).newestEpoch()).isEqualTo(served);
    }

    @Test
    void markedDownAlthoughItLivesItBeginsAnotherLife() {
        markUp();
        told.messages.clear();
        NodeAddress before = standing.addresses().forOsds();
        change(map.osd(OSD).down(map.epoch() + 1));
        assertThat(standing.addresses().forOsds().nonce()).isNotEqualTo(before.nonce());
        List<MonMessage.OsdBoot> boots = told.take(MonMessage.OsdBoot.class);
        assertThat(boots).hasSize(1);
        assertThat(boots.get(0).clusterAddress()).isEqualTo(standing.addresses().forOsds());
    }

    @Test
    void markedDownTooOftenItGivesUp() {
        for (int i = 0; i < 5; i++) {
            markUp();
            change(map.osd(OSD).down(map.epoch() + 1));
            nowMillis += 60_000;
        }
        assertThat(told.failures).isEmpty();
        markUp();
        change(map.osd(OSD).down(map.epoch() + 1));
        assertThat(told.failures).hasSize(1);
    }

    @Test
    void markedDownNowAndThenItGoesOn() {
        for (int i = 0; i < 20; i++) {
            markUp();
            change(map.osd(OSD).down(map.epoch() + 1));
            nowMillis += 200_000;
        }
        assertThat(told.failures).isEmpty();
    }

    @Test
    void saysThatItLivesAndAsksToBeKnownAsUp() {
        markUp();
        assertThat(told.take(MonMessage.OsdBeacon.class)).hasSize(1);
        pass(5000);
        assertThat(told.take(MonMessage.OsdBeacon.class)).hasSize(1);
        standing.onWantedUpThru(map.epoch(), nowMillis, told);
        assertThat(told.take(MonMessage.OsdAlive.class)).hasSize(1);
        pass(1000);
        assertThat(told.take(MonMessage.OsdAlive.class))
                .as("the first may be lost")
                .hasSize(1);
        change(map.osd(OSD).withUpThru(map.epoch()));
        pass(1000);
        assertThat(told.take(MonMessage.OsdAlive.class)).isEmpty();
    }

    @Test
    void aRefusalEndsItAndSoDoesAnEndInGoodOrder() {
        standing.onMap(map, nowMillis, told);
        long nonce = standing.addresses().forOsds().nonce();
        standing.onRefused(new MonMessage.OsdBootRefused(OSD, "it was set back", nonce + 1), told);
        assertThat(told.failures).as("another life's").isEmpty();
        standing.onRefused(new MonMessage.OsdBootRefused(OSD, "it was set back", nonce), told);
        standing.onRefused(new MonMessage.OsdBootRefused(OSD, "it was set back", nonce), told);
        assertThat(told.failures).hasSize(1);
        told.messages.clear();
        pass(10_000);
        assertThat(told.messages).isEmpty();
    }

    @Test
    void whoStopsSaysSoAndIsNotSurprisedByTheMap() {
        markUp();
        told.messages.clear();
        standing.onStop(told);
        assertThat(told.take(MonMessage.OsdStopping.class)).hasSize(1);
        change(map.osd(OSD).down(map.epoch() + 1));
        pass(10_000);
        assertThat(told.messages).isEmpty();
    }
}
