package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.MonMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
        public void beginLife() {
            lives.add(lives.last() + 1);
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

    private final TreeSet<Long> lives = new TreeSet<>(Set.of(100L));
    private final Told told = new Told();
    private final OsdStanding standing = new OsdStanding(new OsdStanding.Self(OSD, STORE, new TreeMap<>()), life(), 5);
    private OsdMap map = SampleMaps.of("racks4", SampleMaps.pool(1, 8, 8, 0));
    private long nowMillis = 10_000;

    private NodeAddress address() {
        return new NodeAddress("127.0.0.1", 9441, lives.last());
    }

    private OsdStanding.Life life() {
        return new OsdStanding.Life(address(), address(), lives);
    }

    private void markDown() {
        told.messages.clear();
        long before = lives.last();
        change(map.osd(OSD).down(map.epoch() + 1));
        if (lives.last() > before) {
            assertThat(told.take(MonMessage.OsdBoot.class))
                    .as("not before its disk knows of the life")
                    .isEmpty();
            standing.onLife(life(), nowMillis, told);
            pass(10_000);
            assertThat(told.take(MonMessage.OsdBoot.class))
                    .as("not before it hears the others")
                    .isEmpty();
            standing.onConnected(false, nowMillis, told);
            assertThat(told.messages).isEmpty();
            standing.onConnected(true, nowMillis, told);
        }
    }

    private void change(OsdInfo changed) {
        map = SampleMaps.next(map, new OsdMapChange.PutOsd(changed));
        standing.onMap(map, nowMillis, told);
    }

    private void markUp() {
        change(map.osd(OSD).up(map.epoch() + 1, STORE, address(), address(), new TreeMap<>()));
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
        markDown();
        assertThat(told.take(MonMessage.OsdBoot.class).get(0).newestEpoch()).isEqualTo(served);
    }

    @Test
    void markedDownAlthoughItLivesItBeginsAnotherLife() {
        markUp();
        told.messages.clear();
        markDown();
        List<MonMessage.OsdBoot> boots = told.take(MonMessage.OsdBoot.class);
        assertThat(boots).hasSize(1);
        assertThat(boots.get(0).clusterAddress()).isEqualTo(address());
        assertThat(boots.get(0).knownNonces()).containsExactly(100L, 101L);
        assertThat(boots.get(0).cause()).isEqualTo(MonMessage.BootCause.WRONGLY_DOWN);
    }

    private void markUpAndDownUnseen() {
        map = SampleMaps.next(
                map,
                new OsdMapChange.PutOsd(
                        map.osd(OSD).up(map.epoch() + 1, STORE, address(), address(), new TreeMap<>())));
        change(map.osd(OSD).down(map.epoch() + 1));
    }

    /** A whole map skips epochs, and monitors take a life once. */
    @Test
    void aLifeThatWasUpBetweenTwoMapsThatItSawIsOver() {
        markUp();
        markDown();
        told.messages.clear();
        long before = lives.last();
        markUpAndDownUnseen();
        assertThat(lives.last()).isEqualTo(before + 1);
        standing.onLife(life(), nowMillis, told);
        standing.onConnected(true, nowMillis, told);
        assertThat(told.take(MonMessage.OsdBoot.class)).singleElement().satisfies(boot -> {
            assertThat(boot.clusterAddress()).isEqualTo(address());
            assertThat(boot.cause()).isEqualTo(MonMessage.BootCause.WRONGLY_DOWN);
        });
        markUp();
        assertThat(standing.isUp()).isTrue();
    }

    /** Nobody tells it then whether it hears others: it begins to listen when it is up. */
    @Test
    void whoseFirstLifeWasNeverSeenUpDoesNotWaitUntilItHearsOthers() {
        standing.onMap(map, nowMillis, told);
        markUpAndDownUnseen();
        told.messages.clear();
        standing.onLife(life(), nowMillis, told);
        assertThat(told.take(MonMessage.OsdBoot.class))
                .singleElement()
                .matches(boot -> boot.clusterAddress().equals(address()));
    }

    @Test
    void markedDownAgainAndAgainItGoesOn() {
        for (int i = 0; i < 20; i++) {
            markUp();
            markDown();
            nowMillis += 1_000;
        }
        assertThat(told.failures).as("the monitors let it wait").isEmpty();
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
    void whatIsWantedByANewerMapIsAskedForUntilOneEndsThatInterval() {
        markUp();
        told.messages.clear();
        PgId pg = new PgId(1, 3);
        List<Integer> up = map.up(pg);
        List<Integer> wanted = List.of(up.get(2), up.get(0), up.get(1));
        OsdMap begins = SampleMaps.next(map, new OsdMapChange.SetPgTemp(pg, List.of(up.get(1), up.get(2))));
        OsdMap goesOn = SampleMaps.next(begins, new OsdMapChange.SetFlags(Set.of(OsdMapFlag.NOOUT)));
        OsdMap ends = SampleMaps.next(goesOn, new OsdMapChange.SetPgTemp(pg, wanted));
        standing.onWantedPgTemp(pg, wanted, begins, told);
        told.messages.clear();
        standing.onMap(begins, nowMillis, told);
        standing.onMap(goesOn, nowMillis, told);
        pass(1000);
        assertThat(told.take(MonMessage.OsdPgTemp.class))
                .isNotEmpty()
                .allSatisfy(asked -> assertThat(asked.wanted()).containsOnly(Map.entry(pg, wanted)));
        standing.onMap(ends, nowMillis, told);
        standing.onWantedPgTemp(pg, wanted, goesOn, told);
        pass(5000);
        assertThat(told.take(MonMessage.OsdPgTemp.class)).isEmpty();
    }

    @Test
    void asksForOthersToActUntilAMapEndsTheInterval() {
        markUp();
        told.messages.clear();
        PgId pg = new PgId(1, 3);
        List<Integer> up = map.up(pg);
        List<Integer> wanted = List.of(up.get(2), up.get(0), up.get(1));
        standing.onWantedPgTemp(pg, wanted, map, told);
        pass(1000);
        assertThat(told.take(MonMessage.OsdPgTemp.class))
                .hasSize(2)
                .allSatisfy(asked -> assertThat(asked.wanted()).containsOnly(Map.entry(pg, wanted)));
        standing.onSession(nowMillis, told);
        assertThat(told.take(MonMessage.OsdPgTemp.class)).as("another monitor").hasSize(1);
        map = SampleMaps.next(map, new OsdMapChange.SetPgTemp(pg, wanted));
        standing.onMap(map, nowMillis, told);
        pass(5000);
        assertThat(told.take(MonMessage.OsdPgTemp.class)).isEmpty();
    }

    @Test
    void aRefusalEndsItAndSoDoesAnEndInGoodOrder() {
        standing.onMap(map, nowMillis, told);
        standing.onRefused(new MonMessage.OsdBootRefused(OSD, "of an earlier life", 99), told);
        assertThat(told.failures).isEmpty();
        standing.onRefused(new MonMessage.OsdBootRefused(OSD, "it was set back", 100), told);
        standing.onRefused(new MonMessage.OsdBootRefused(OSD, "it was set back", 100), told);
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
