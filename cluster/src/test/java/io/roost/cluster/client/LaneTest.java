package io.roost.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A watch holds until it is cancelled, whatever becomes of the primary. */
class LaneTest {
    private static final Locator LOCATOR = new Locator(1, Bytes.utf8("l"));
    private static final Bytes NAME = Bytes.utf8("n");

    private static final class Noted implements Lane.Transport {
        final List<Integer> targets = new ArrayList<>();
        final List<OsdMessage.ToPrimary> sent = new ArrayList<>();

        @Override
        public void send(Lane from, int osd, OsdMessage.ToPrimary message) {
            targets.add(osd);
            sent.add(message);
        }

        @Override
        public void wantMap(Lane lane, int epoch) {}

        List<OsdMessage.Watch> watches() {
            return sent.stream()
                    .filter(OsdMessage.Watch.class::isInstance)
                    .map(OsdMessage.Watch.class::cast)
                    .toList();
        }

        OsdMessage.ToPrimary last() {
            return sent.get(sent.size() - 1);
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final Context context = ((VertxInternal) vertx).createEventLoopContext();
    private final OsdMap map = SampleMaps.of("racks4", SampleMaps.pool(1, 8, 8, 0));
    private final PgId pg = map.pgOf(LOCATOR);
    private final Noted noted = new Noted();
    private final Lane lane = new Lane(0, context, 7, 1, map, noted);
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Runs on the lane's event loop and waits for it. */
    private <T> T on(Callable<T> step) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        context.runOnContext(v -> {
            try {
                done.complete(step.call());
            } catch (Exception | Error failure) {
                done.completeExceptionally(failure);
            }
        });
        return done.get(60, TimeUnit.SECONDS);
    }

    private void run(Runnable step) throws Exception {
        on(() -> {
            step.run();
            return null;
        });
    }

    private void acknowledge() {
        lane.onMessage(
                noted.targets.get(0), new OsdMessage.WatchReply(noted.last().request(), 1));
    }

    private final class Hearing implements IoContext.Watcher {
        @Override
        public void onNotification(Bytes payload) {
            heard.add(payload.utf8());
        }

        @Override
        public void onHeld() {
            heard.add("held");
        }

        @Override
        public void onLost() {
            heard.add("lost");
        }
    }

    private Future<IoContext.Watch> watch() throws Exception {
        Future<IoContext.Watch> watch = on(() -> lane.watch(LOCATOR, NAME, new Hearing(), 60_000));
        run(this::acknowledge);
        assertThat(watch.succeeded()).isTrue();
        return watch;
    }

    @Test
    void aLostConnectionIsFollowedByAnotherWatch() throws Exception {
        watch();
        run(() -> lane.onReset(map.primary(pg) + 1));
        assertThat(noted.watches()).hasSize(1);
        run(() -> lane.onReset(map.primary(pg)));
        assertThat(noted.watches()).hasSize(2);
        assertThat(noted.watches().get(1).watch())
                .isEqualTo(noted.watches().get(0).watch());
    }

    @Test
    void aPrimaryThatWasDownMeanwhileIsWatchedAgain() throws Exception {
        watch();
        OsdInfo primary = map.osd(map.primary(pg));
        OsdMap down = SampleMaps.next(map, new OsdMapChange.PutOsd(primary.down(2)));
        OsdInfo again = primary.down(2)
                .up(3, primary.uuid(), primary.publicAddress(), primary.clusterAddress(), primary.features());
        OsdMap up = SampleMaps.next(down, new OsdMapChange.PutOsd(again));
        run(() -> lane.onMap(up));
        assertThat(noted.watches()).hasSize(2);
        assertThat(noted.targets).containsOnly(primary.id());
    }

    @Test
    void aWatchThatCouldNotBeSetUpAgainIsTriedAgain() throws Exception {
        watch();
        run(() -> lane.onReset(map.primary(pg)));
        run(() -> lane.onMessage(
                map.primary(pg), new OsdMessage.Refusal(noted.last().request(), 1, ObjectError.BUSY, "busy")));
        run(lane::onTick);
        run(lane::onTick);
        assertThat(noted.watches()).hasSize(3);
    }

    @Test
    void aWatchThatIsCancelledIsNotSetUpAgain() throws Exception {
        Future<IoContext.Watch> watch = watch();
        Future<Void> cancelled = on(() -> watch.result().cancel());
        run(this::acknowledge);
        assertThat(cancelled.succeeded()).isTrue();
        run(() -> lane.onReset(map.primary(pg)));
        run(lane::onTick);
        assertThat(noted.watches()).hasSize(1);
    }

    @Test
    void aNotificationIsAcknowledgedWhenTheHandlerHasIt() throws Exception {
        watch();
        OsdMessage.WatchNotify notification = new OsdMessage.WatchNotify(
                noted.last().request(), pg, LOCATOR, noted.watches().get(0).watch(), Bytes.utf8("hello"));
        run(() -> lane.onMessage(map.primary(pg), notification));
        run(() -> {});
        assertThat(heard).containsExactly("held", "hello");
        assertThat(noted.last()).isInstanceOf(OsdMessage.NotifyAck.class);
    }

    @Test
    void aWatcherKnowsWhetherItsWatchHolds() throws Exception {
        watch();
        assertThat(heard).containsExactly("held");
        run(() -> lane.onReset(map.primary(pg)));
        assertThat(heard).containsExactly("held", "lost");
        OsdMessage.ToPrimary before = noted.last();
        run(() -> lane.onReset(map.primary(pg)));
        run(() -> lane.onMessage(map.primary(pg), new OsdMessage.WatchReply(before.request(), 1)));
        assertThat(heard).as("an answer of before is none").containsExactly("held", "lost");
        run(this::acknowledge);
        assertThat(heard).containsExactly("held", "lost", "held");
    }
}
