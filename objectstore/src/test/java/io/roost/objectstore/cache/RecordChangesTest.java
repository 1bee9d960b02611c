package io.roost.objectstore.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.WorkCursor;
import io.roost.cluster.client.WorkPage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordChangesTest {
    private static final long MAX_AGE_MILLIS = RecordChanges.MAX_AGE.toMillis();

    /** A pool whose watchers are told and lose their watches as a test says. */
    private static final class Pool implements IoContext {
        private final List<Watcher> watchers = new ArrayList<>();
        private final List<Promise<NotifyReply>> notified = new ArrayList<>();
        private Bytes payload;
        private int failures;

        @Override
        public Future<Watch> watch(Bytes locatorKey, Bytes name, Watcher watcher) {
            if (failures > 0) {
                failures--;
                return Future.failedFuture(new ObjectException(ObjectError.TIMED_OUT, "nobody there"));
            }
            watchers.add(watcher);
            return Future.succeededFuture(Future::succeededFuture);
        }

        @Override
        public Future<NotifyReply> notify(Bytes locatorKey, Bytes name, Bytes payload, Duration timeout) {
            assertThat(timeout).isEqualTo(RecordChanges.MAX_AGE);
            this.payload = payload;
            notified.add(Promise.promise());
            return notified.get(notified.size() - 1).future();
        }

        @Override
        public long pool() {
            return 1;
        }

        @Override
        public Future<CallReply> call(Bytes locatorKey, ClassCall call) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int pgNum() {
            return 1;
        }

        @Override
        public int pgOf(Bytes locatorKey) {
            return 0;
        }

        @Override
        public int primaryOf(int pg) {
            return 0;
        }

        @Override
        public Future<WorkPage> work(int pg, WorkCursor after, int maxEntries) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<WorkPage> catalogue(int pg, WorkCursor after, int maxEntries) {
            throw new UnsupportedOperationException();
        }
    }

    private final Pool pool = new Pool();
    private long nowMillis;
    private final RecordChanges changes = new RecordChanges(pool, () -> nowMillis);
    private final RecordCache<String> buckets = changes.cache(RecordChanges.Kind.BUCKET);
    private final RecordCache<String> keys = changes.cache(RecordChanges.Kind.ACCESS_KEY);

    private void hold() {
        changes.follow();
        pool.watchers.get(0).onHeld();
    }

    private void read(String name, String value) {
        buckets.put(name, value, buckets.begin());
    }

    @Test
    void nothingIsKeptWithoutAWatch() {
        read("b", "one");
        assertThat(buckets.get("b")).isNull();
        changes.follow();
        read("b", "one");
        assertThat(buckets.get("b")).as("the cluster has not answered yet").isNull();
        pool.watchers.get(0).onHeld();
        read("b", "one");
        assertThat(buckets.get("b")).isEqualTo("one");
    }

    @Test
    void aLostWatchLosesWhatWasKeptAndWhatIsBeingRead() {
        hold();
        read("b", "one");
        RecordCache.Reading reading = buckets.begin();
        pool.watchers.get(0).onLost();
        assertThat(buckets.get("b")).isNull();
        RecordCache.Reading unwatched = buckets.begin();
        pool.watchers.get(0).onHeld();
        buckets.put("b", "one", reading);
        buckets.put("b", "one", unwatched);
        assertThat(buckets.get("b")).isNull();
        read("b", "two");
        assertThat(buckets.get("b")).isEqualTo("two");
    }

    @Test
    void aChangeIsForgottenByWhoKeepsTheRecordOrReadsIt() {
        hold();
        read("b", "one");
        read("c", "one");
        keys.put("b", "a key of the same name", keys.begin());
        RecordCache.Reading reading = buckets.begin();
        new RecordChanges(pool, () -> nowMillis).tell(RecordChanges.Kind.BUCKET, "b");
        pool.watchers.get(0).onNotification(pool.payload);
        buckets.put("b", "one", reading);
        assertThat(buckets.get("b")).isNull();
        assertThat(buckets.get("c")).isEqualTo("one");
        assertThat(keys.get("b")).isNotNull();
    }

    @Test
    void aRecordIsUsedForSoLongFromWhenItsReadingBegan() {
        hold();
        RecordCache.Reading reading = buckets.begin();
        nowMillis += MAX_AGE_MILLIS - 1;
        buckets.put("b", "one", reading);
        assertThat(buckets.get("b")).isEqualTo("one");
        nowMillis++;
        assertThat(buckets.get("b")).isNull();
    }

    @Test
    void aChangeIsAnsweredWhenAllAreToldAndAlsoWhenTheyCannotBe() {
        hold();
        Future<Void> told = changes.tell(RecordChanges.Kind.BUCKET, "b");
        assertThat(told.isComplete()).isFalse();
        pool.notified.get(0).complete(new IoContext.NotifyReply(2, 0));
        assertThat(told.succeeded()).isTrue();
        Future<Void> untold = changes.tell(RecordChanges.Kind.BUCKET, "b");
        pool.notified.get(1).fail(new ObjectException(ObjectError.TIMED_OUT, "nobody there"));
        assertThat(untold.succeeded()).as("it is made").isTrue();
    }

    @Test
    void aKindThatOnlyNewerGatewaysKnowIsNoMistake() {
        hold();
        pool.watchers.get(0).onNotification(Bytes.wrap(new byte[] {99, 1}));
    }

    @Test
    void aClusterThatIsNotThereYetIsAskedAgain() {
        pool.failures = 2;
        assertThat(changes.follow().succeeded()).isTrue();
        pool.watchers.get(0).onHeld();
        read("b", "one");
        assertThat(buckets.get("b")).isEqualTo("one");
    }
}
