package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.RequestId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchesTest {
    private static final PgId PG = new PgId(1, 0);
    private static final Locator LOCATOR = new Locator(1, Bytes.utf8("l"));
    private static final Bytes NAME = Bytes.utf8("n");

    private record Sent(long session, OsdMessage.ToClient message) {}

    private static final int TIMEOUT_MILLIS = 1000;

    private boolean isAlone = true;
    private long nowMillis;
    private final Watches watches = new Watches(() -> isAlone);
    private final List<Sent> sent = new ArrayList<>();
    private final Watches.Replies out = (session, message) -> sent.add(new Sent(session, message));

    private static RequestId id(long session, long tid) {
        return new RequestId(session, 1, tid);
    }

    private void watch(long session, long watch) {
        watches.onWatch(
                session,
                new OsdMessage.Watch(id(session, 100 + watch), 1, PG, LOCATOR, NAME, watch),
                1,
                nowMillis,
                out);
    }

    private void notify(long session, long tid) {
        OsdMessage.Notify message =
                new OsdMessage.Notify(id(5, tid), 1, PG, LOCATOR, NAME, Bytes.utf8("payload"), TIMEOUT_MILLIS);
        watches.onNotify(session, message, 1, nowMillis, out);
    }

    private void acknowledge(long session, long tid, long watch) {
        watches.onNotifyAck(session, new OsdMessage.NotifyAck(id(5, tid), 1, PG, LOCATOR, watch), 1, nowMillis, out);
    }

    /** Sessions that were told of a notification. */
    private List<Long> told() {
        return sent.stream()
                .filter(one -> one.message() instanceof OsdMessage.WatchNotify)
                .map(Sent::session)
                .toList();
    }

    private List<Sent> ends() {
        return sent.stream()
                .filter(one -> one.message() instanceof OsdMessage.NotifyReply)
                .toList();
    }

    @Test
    void aNotificationEndsWhenAllHaveHeardIt() {
        watch(1, 1);
        watch(2, 1);
        watch(2, 1);
        notify(5, 7);
        assertThat(told()).containsExactly(1L, 2L);
        acknowledge(1, 7, 1);
        acknowledge(1, 7, 1);
        assertThat(ends()).isEmpty();
        acknowledge(2, 7, 1);
        assertThat(ends()).containsExactly(new Sent(5, new OsdMessage.NotifyReply(id(5, 7), 1, 2, 0)));
    }

    @Test
    void aNotificationEndsWhenItsTimeIsUp() {
        watch(1, 1);
        watch(2, 1);
        notify(5, 7);
        acknowledge(2, 7, 1);
        watches.onTick(999, 1, out);
        assertThat(ends()).isEmpty();
        watches.onTick(1000, 1, out);
        assertThat(ends()).containsExactly(new Sent(5, new OsdMessage.NotifyReply(id(5, 7), 1, 1, 1)));
    }

    @Test
    void aSessionThatEndsIsNotWaitedFor() {
        watch(1, 1);
        notify(5, 7);
        watches.onSessionClosed(1, 1, nowMillis, out);
        assertThat(ends()).containsExactly(new Sent(5, new OsdMessage.NotifyReply(id(5, 7), 1, 0, 0)));
        notify(5, 8);
        assertThat(told()).hasSize(1);
    }

    @Test
    void aNotifierThatComesBackWithAnotherSessionIsAnsweredThere() {
        watch(1, 1);
        notify(5, 7);
        notify(6, 7);
        assertThat(told()).containsExactly(1L);
        acknowledge(1, 7, 1);
        assertThat(ends()).containsExactly(new Sent(6, new OsdMessage.NotifyReply(id(5, 7), 1, 1, 0)));
    }

    @Test
    void watchesOfPlacementGroupsThatAreElsewhereAreForgotten() {
        watch(1, 1);
        watches.onMap(pg -> false);
        notify(5, 7);
        assertThat(told()).isEmpty();
        assertThat(ends()).containsExactly(new Sent(5, new OsdMessage.NotifyReply(id(5, 7), 1, 0, 0)));
        watch(1, 1);
        watches.onMap(pg -> true);
        notify(5, 8);
        assertThat(told()).containsExactly(1L);
    }

    private void pass(long millis) {
        nowMillis += millis;
        watches.onTick(nowMillis, 1, out);
    }

    @Test
    void aNewPrimaryGivesThoseTimeWhoWatchedAnother() {
        isAlone = false;
        watch(1, 1);
        pass(TIMEOUT_MILLIS - 1);
        notify(5, 7);
        acknowledge(1, 7, 1);
        assertThat(ends()).isEmpty();
        pass(1);
        assertThat(ends()).containsExactly(new Sent(5, new OsdMessage.NotifyReply(id(5, 7), 1, 1, 0)));
        notify(5, 8);
        acknowledge(1, 8, 1);
        assertThat(ends()).hasSize(2);
    }

    @Test
    void aPrimaryThatWasNoneMeanwhileIsANewOne() {
        isAlone = false;
        watch(1, 1);
        pass(TIMEOUT_MILLIS);
        watches.onMap(pg -> false);
        watches.onMap(pg -> true);
        notify(5, 7);
        assertThat(ends()).isEmpty();
        pass(TIMEOUT_MILLIS);
        assertThat(ends()).containsExactly(new Sent(5, new OsdMessage.NotifyReply(id(5, 7), 1, 0, 0)));
    }

    @Test
    void aWatcherWhoseSessionHasEndedIsGivenTimeToNotice() {
        isAlone = false;
        watch(1, 1);
        watch(2, 1);
        pass(TIMEOUT_MILLIS);
        notify(5, 7);
        acknowledge(2, 7, 1);
        watches.onSessionClosed(1, 1, nowMillis, out);
        notify(5, 8);
        acknowledge(2, 8, 1);
        assertThat(ends()).isEmpty();
        pass(TIMEOUT_MILLIS);
        assertThat(ends())
                .containsExactly(
                        new Sent(5, new OsdMessage.NotifyReply(id(5, 7), 1, 1, 0)),
                        new Sent(5, new OsdMessage.NotifyReply(id(5, 8), 1, 1, 0)));
    }

    @Test
    void nobodyWaitsForAWatcherThatHasTakenItsLeave() {
        isAlone = false;
        watch(1, 1);
        pass(TIMEOUT_MILLIS);
        watches.onUnwatch(1, new OsdMessage.Unwatch(id(1, 200), 1, PG, LOCATOR, NAME, 1), 1, out);
        watches.onSessionClosed(1, 1, nowMillis, out);
        notify(5, 7);
        assertThat(ends()).hasSize(1);
    }
}
