package io.roost.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreTransaction;
import io.roost.cluster.store.Tier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CommitThreadTest {
    private static final PgId PG = new PgId(1, 0);

    /** Rows in memory; every write waits until it may go on, and notices when its thread is interrupted meanwhile. */
    private static final class SlowKeyValue implements KeyValue {
        final KeyValue rows = new MemoryKeyValue(new SimDisk(1));
        final CountDownLatch writing = new CountDownLatch(1);
        final CountDownLatch mayGoOn = new CountDownLatch(1);
        volatile boolean isSlow;
        volatile boolean wasInterrupted;

        @Override
        public void write(KeyValueBatch batch) {
            if (isSlow) {
                writing.countDown();
                try {
                    mayGoOn.await();
                } catch (InterruptedException interrupted) {
                    wasInterrupted = true;
                }
            }
            rows.write(batch);
        }

        @Override
        public Bytes get(Family family, Bytes key, Tier tier) {
            return rows.get(family, key, tier);
        }

        @Override
        public Cursor cursor(Family family, Bytes from, Bytes to, Tier tier) {
            return rows.cursor(family, from, to, tier);
        }

        @Override
        public Snapshot snapshot() {
            return rows.snapshot();
        }

        @Override
        public List<String> damage() {
            return rows.damage();
        }

        @Override
        public long sizeBytes() {
            return rows.sizeBytes();
        }

        @Override
        public void reclaim() {}

        @Override
        public void close() {}
    }

    private final SlowKeyValue rows = new SlowKeyValue();
    private final ObjectStore store =
            ObjectStore.open(StoreConfig.DEFAULT, rows, new MemoryBlockFiles(new SimDisk(1)), new BlockPool(4));
    private final List<Object> events = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final CommitThread thread = new CommitThread(
            "commit", store, group -> group.forEach(done -> events.add(done.number())), nanos -> {}, failures::add);

    private static StoreTransaction transaction(ObjectVersion version) {
        Bytes key = KeyLayout.logEntry(PG, version);
        return StoreTransaction.ofRows(
                PG, List.of(new StoreTransaction.RowChange.PutRow(Family.PGLOG, key, Bytes.of(1))));
    }

    private void submit(long number) {
        thread.submit(PG, number, transaction(version(number)));
    }

    private static ObjectVersion version(long version) {
        return new ObjectVersion(1, version);
    }

    @Test
    void writesWhatWasSubmittedBeforeItStopsAndIsNotInterruptedInIt() throws Exception {
        rows.isSlow = true;
        thread.start();
        submit(1);
        rows.writing.await();
        submit(2);
        Thread stopping = new Thread(() -> {
            try {
                thread.stop();
            } catch (InterruptedException interrupted) {
                failures.add(interrupted);
            }
        });
        stopping.start();
        while (stopping.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        rows.mayGoOn.countDown();
        stopping.join();
        assertThat(failures).isEmpty();
        assertThat(rows.wasInterrupted).isFalse();
        assertThat(events).containsExactly(1L, 2L);
        assertThat(thread.uncommittedCount()).isZero();
    }

    @Test
    void runsTasksBetweenTransactions() throws Exception {
        submit(1);
        thread.execute(() -> events.add(rows.get(Family.PGLOG, KeyLayout.logEntry(PG, version(1)), Tier.DISK)));
        thread.execute(() ->
                events.add(String.valueOf(rows.get(Family.PGLOG, KeyLayout.logEntry(PG, version(2)), Tier.DISK))));
        submit(2);
        thread.start();
        thread.stop();
        assertThat(failures).isEmpty();
        assertThat(events).containsExactly(Bytes.of(1), "null", 1L, 2L);
    }

    @Test
    void aTaskThatFailsIsFatal() throws Exception {
        thread.start();
        submit(1);
        thread.execute(() -> {
            throw new IllegalStateException("the disk");
        });
        submit(2);
        thread.stop();
        assertThat(failures).hasSize(1).first().isInstanceOf(IllegalStateException.class);
        assertThat(events).doesNotContain(2L);
    }
}
