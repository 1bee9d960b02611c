package io.roost.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreTransaction;
import io.roost.cluster.store.rocksdb.FileBlockFiles;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.store.rocksdb.RocksKeyValue;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitThreadTest {
    private static final PgId PG = new PgId(1, 0);
    private static final Locator LOCATOR = new Locator(1, Bytes.utf8("l"));

    @TempDir
    private Path folder;

    @Test
    void whatWasSubmittedIsWrittenBeforeItStops() throws Exception {
        ObjectStore store = ObjectStore.open(
                StoreConfig.DEFAULT,
                RocksKeyValue.open(folder.resolve("db"), RocksConfig.forCapacity(64 << 20), reason -> {}),
                FileBlockFiles.open(folder.resolve("data")),
                new BlockPool(4));
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        AtomicInteger written = new AtomicInteger();
        int submitted = 0;
        // It is asked to stop at another moment of a commit each time.
        for (int round = 0; round < 40; round++) {
            CommitThread thread =
                    new CommitThread("commit", store, group -> written.addAndGet(group.size()), failures::add);
            thread.start();
            for (int i = 0; i <= round % 4; i++) {
                ObjectVersion version = new ObjectVersion(1, ++submitted);
                Mutation put = new Mutation.Put(
                        Bytes.utf8("n" + submitted), Bytes.EMPTY, Bytes.EMPTY, Data.wrap(new byte[200_000]));
                thread.submit(PG, version, new StoreTransaction(PG, LOCATOR, version, List.of(put), List.of()));
            }
            thread.stop();
            assertThat(failures).isEmpty();
            assertThat(written).hasValue(submitted);
        }
        store.close();
    }
}
