package io.roost.cluster.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.Tier;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was just read from disk is in memory, also of a store far larger than the cache: placement groups rest on it. */
class RocksCacheTest {
    private static final int MIB = 1 << 20;
    private static final int ROWS = 400_000;
    private static final int BATCH_ROWS = 10_000;
    private static final int READS = 500;

    /** The filters and indexes of two tables, 1.3 MiB whole, are more than an eighth of this cache. */
    private static final RocksConfig CONFIG = new RocksConfig(4 * MIB, 8 * MIB, 64 * MIB, 64 * MIB, 2);

    @TempDir
    Path folder;

    private static Bytes key(int number) {
        return Bytes.utf8("a key of usual length, with a number %08d".formatted(number));
    }

    private static Bytes value(int number) {
        byte[] value = new byte[40];
        new Random(number).nextBytes(value);
        return Bytes.wrap(value);
    }

    @Test
    void rowsReadTogetherFromDiskAreInMemoryAfterwards() {
        RocksKeyValue rows = RocksKeyValue.open(folder, CONFIG, reason -> {
            throw new AssertionError(reason);
        });
        for (int begin = 0; begin < ROWS; begin += BATCH_ROWS) {
            KeyValueBatch batch = new KeyValueBatch();
            for (int i = begin; i < begin + BATCH_ROWS; i++) {
                // In no order, so that tables overlap and are merged into large ones.
                int number = (int) (i * 7919L % ROWS);
                batch.put(Family.CATALOGUE, key(number), value(number));
                batch.put(Family.DATA, key(number), value(number));
            }
            rows.write(batch);
        }
        rows.reclaim();
        rows.awaitReclaimed();
        Random random = new Random(20261128);
        for (int i = 0; i < READS; i++) {
            int number = random.nextInt(ROWS);
            for (Tier tier : List.of(Tier.DISK, Tier.MEMORY)) {
                assertThat(rows.get(Family.CATALOGUE, key(number), tier)).isEqualTo(value(number));
                assertThat(rows.get(Family.DATA, key(number), tier)).isEqualTo(value(number));
            }
        }
        rows.close();
    }
}
