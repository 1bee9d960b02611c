package io.roost.cluster.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.StoreFailedException;
import io.roost.cluster.store.Tier;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Write-ahead logs with damage at every kind of place, of a process that was killed: either all that was acknowledged is
 * there, or the database is not opened and left as it is. What was never acknowledged may be there or not, but whole.
 */
class DamagedLogTest {
    private static final long SEED = 4;
    private static final int BATCHES = 40;
    private static final int BLOCK_BYTES = 32 * 1024;

    @TempDir
    Path temp;

    private final Random random = new Random(SEED);
    private int copies;

    private static RocksKeyValue open(Path folder) {
        return RocksKeyValue.open(folder, RocksConfig.forCapacity(64 << 20), reason -> {
            throw new AssertionError(reason);
        });
    }

    private static KeyValueBatch batch(int number) {
        byte[] body = new byte[number % 4 == 0 ? 50_000 + 997 * number : 20 + 61 * number];
        new Random(number).nextBytes(body);
        return new KeyValueBatch()
                .put(Family.CATALOGUE, key(number), Bytes.utf8("row " + number))
                .put(Family.DATA, key(number), Bytes.utf8("head"), Data.wrap(body))
                .put(Family.META, Bytes.utf8("newest"), key(number));
    }

    private static Bytes key(int number) {
        return Bytes.utf8("batch " + number);
    }

    private static void write(RocksKeyValue store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.write(batch(i));
        }
    }

    /** Number of batches that are there: all of each, and none after the first that is not. */
    private static int count(RocksKeyValue store) {
        int count = 0;
        while (store.get(Family.CATALOGUE, key(count), Tier.DISK) != null) {
            assertThat(store.get(Family.DATA, key(count), Tier.DISK))
                    .as("data of batch %d", count)
                    .isNotNull();
            count++;
        }
        for (int i = count; i < BATCHES + 5; i++) {
            assertThat(store.get(Family.CATALOGUE, key(i), Tier.DISK)).isNull();
            assertThat(store.get(Family.DATA, key(i), Tier.DISK)).isNull();
        }
        Bytes newest = store.get(Family.META, Bytes.utf8("newest"), Tier.DISK);
        assertThat(newest).isEqualTo(count == 0 ? null : key(count - 1));
        return count;
    }

    private static int countAndClose(Path folder) {
        RocksKeyValue store = open(folder);
        try {
            return count(store);
        } finally {
            store.close();
        }
    }

    /** The files of a database, as they are. */
    private Path copy(Path folder) throws IOException {
        Path copy = Files.createDirectory(temp.resolve("copy-" + ++copies));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!file.getFileName().toString().equals("LOCK")) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
        }
        return copy;
    }

    private static List<Path> logs(Path folder) throws IOException {
        return new ArrayList<>(WriteAheadLog.files(folder).values());
    }

    private static Path newestLog(Path folder) throws IOException {
        List<Path> logs = logs(folder);
        return logs.get(logs.size() - 1);
    }

    /** What a process leaves that was killed after so many batches were acknowledged. */
    private Path killedAfter(int batches) throws IOException {
        RocksKeyValue store = open(temp.resolve("store"));
        write(store, 0, batches);
        Path killed = copy(temp.resolve("store"));
        store.close();
        return killed;
    }

    /** Changes a log of a copy and opens it. */
    private void assertAllOrRefused(String what, Path killed, int acknowledged, LogChange change) throws IOException {
        Path folder = copy(killed);
        Path log = newestLog(folder);
        byte[] changed = change.apply(Files.readAllBytes(log));
        Files.write(log, changed);
        RocksKeyValue store;
        try {
            store = open(folder);
        } catch (StoreFailedException refused) {
            assertThat(refused)
                    .as(what)
                    .hasMessageContaining(folder.resolve("accept-loss").toString());
            if (Files.exists(log)) {
                assertThat(Files.readAllBytes(log))
                        .as("the log is left as it is: %s", what)
                        .isEqualTo(changed);
            }
            return;
        }
        assertThat(count(store)).as(what).isGreaterThanOrEqualTo(acknowledged);
        store.close();
    }

    private interface LogChange {
        byte[] apply(byte[] log);
    }

    private static LogChange flip(int at, int mask) {
        return log -> {
            log[at] ^= (byte) mask;
            return log;
        };
    }

    private static LogChange zeros(int from, int to) {
        return log -> {
            Arrays.fill(log, from, Math.min(to, log.length), (byte) 0);
            return log;
        };
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAKill() throws IOException {
        assertThat(countAndClose(killedAfter(BATCHES))).isEqualTo(BATCHES);
        assertThat(countAndClose(temp.resolve("store"))).isEqualTo(BATCHES);
    }

    @Test
    void aFlippedByteNeverLosesWhatWasAcknowledged() throws IOException {
        Path killed = killedAfter(BATCHES);
        int size = (int) Files.size(newestLog(killed));
        for (int i = 0; i < 20; i++) {
            assertAllOrRefused("first record, byte " + i, killed, BATCHES, flip(i, 1 + random.nextInt(255)));
            int last = size - 1 - i;
            assertAllOrRefused("last record, byte " + last, killed, BATCHES, flip(last, 1 + random.nextInt(255)));
        }
        for (int i = 0; i < 30; i++) {
            int at = random.nextInt(size);
            assertAllOrRefused("byte " + at, killed, BATCHES, flip(at, 1 + random.nextInt(255)));
        }
        // The last record's own header: its length decides what RocksDB takes for a torn write.
        int lastRecord = size - lastRecordBytes(Files.readAllBytes(newestLog(killed)));
        for (int i = 0; i < 7; i++) {
            assertAllOrRefused("header of the last record " + i, killed, BATCHES, flip(lastRecord + i, 0x11));
        }
    }

    /** Bytes of the last record of a log. */
    private static int lastRecordBytes(byte[] log) {
        int at = log.length / BLOCK_BYTES * BLOCK_BYTES;
        int begin = at;
        while (at < log.length) {
            begin = at;
            at += 7 + (log[at + 4] & 0xff) + ((log[at + 5] & 0xff) << 8);
        }
        return log.length - begin;
    }

    @Test
    void zeroedPagesNeverLoseWhatWasAcknowledged() throws IOException {
        Path killed = killedAfter(BATCHES);
        int size = (int) Files.size(newestLog(killed));
        for (int at = 0; at < size; at += 3 * BLOCK_BYTES) {
            assertAllOrRefused("block at " + at, killed, BATCHES, zeros(at, at + BLOCK_BYTES));
        }
        for (int i = 0; i < 20; i++) {
            int at = random.nextInt(size) / 4096 * 4096;
            assertAllOrRefused("page at " + at, killed, BATCHES, zeros(at, at + 4096));
        }
    }

    @Test
    void aBlockOfWholeRecordsThatIsGoneIsNoticed() throws IOException {
        // Every batch fills exactly one block, so that no checksum notices when one is gone; RocksDB steps over zeros.
        RocksKeyValue store = open(temp.resolve("store"));
        int overhead = 7 + 12 + 1 + 1 + 1 + 2 + 3;
        for (int i = 0; i < 6; i++) {
            Data body = Data.wrap(new byte[BLOCK_BYTES - overhead]);
            store.write(new KeyValueBatch().put(Family.DATA, Bytes.utf8("k" + i), Bytes.EMPTY, body));
        }
        Path killed = copy(temp.resolve("store"));
        store.close();
        assertThat(Files.size(newestLog(killed))).isEqualTo(6L * BLOCK_BYTES);
        Path log = newestLog(killed);
        Files.write(log, zeros(2 * BLOCK_BYTES, 3 * BLOCK_BYTES).apply(Files.readAllBytes(log)));
        assertThatThrownBy(() -> open(killed)).hasMessageContaining(log + " at byte " + 2 * BLOCK_BYTES);
    }

    @Test
    void aLogThatLostItsEndIsNoticed() throws IOException {
        Path killed = killedAfter(BATCHES);
        int size = (int) Files.size(newestLog(killed));
        for (int cut : new int[] {1, 2, 6, 7, 8, 100, 5_000, 40_000, size / 2, size - 1, size}) {
            assertAllOrRefused("cut by " + cut, killed, BATCHES, log -> Arrays.copyOf(log, size - cut));
        }
        int lastRecord = lastRecordBytes(Files.readAllBytes(newestLog(killed)));
        Path folder = copy(killed);
        Path log = newestLog(folder);
        Files.write(log, Arrays.copyOf(Files.readAllBytes(log), size - lastRecord));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> open(folder)).hasMessageContaining("accept-loss");
        }
        Path without = copy(killed);
        Files.delete(newestLog(without));
        assertThatThrownBy(() -> open(without)).hasMessageContaining("accept-loss");
    }

    @Test
    void aTornWriteIsDroppedAsAWhole() throws IOException {
        Path folder = temp.resolve("store");
        RocksKeyValue store = open(folder);
        write(store, 0, BATCHES);
        long acknowledgedBytes = Files.size(newestLog(folder));
        byte[] acknowledged = Files.readAllBytes(folder.resolve("acknowledged"));
        write(store, BATCHES, BATCHES + 1);
        Path killed = copy(folder);
        store.close();
        // The last write reached the disk in part or whole, but nobody was told.
        Files.write(killed.resolve("acknowledged"), acknowledged);
        int begin = (int) acknowledgedBytes;
        int size = (int) Files.size(newestLog(killed));
        assertThat(size - begin).isGreaterThan(2 * BLOCK_BYTES);
        List<LogChange> tears = new ArrayList<>();
        for (int length : new int[] {begin + 1, begin + 6, begin + 7, begin + 8, begin + 5000, size - 1}) {
            tears.add(log -> Arrays.copyOf(log, length));
            tears.add(zeros(length, size));
        }
        for (int page = begin / 4096 + 1; page * 4096 < size; page += 9) {
            tears.add(zeros(page * 4096, page * 4096 + 4096));
        }
        tears.add(log -> Arrays.copyOf(log, size + 3 * BLOCK_BYTES));
        tears.add(log -> {
            byte[] garbage = new byte[size - begin];
            random.nextBytes(garbage);
            System.arraycopy(garbage, 0, log, begin, garbage.length);
            return log;
        });
        for (LogChange tear : tears) {
            Path torn = copy(killed);
            Path log = newestLog(torn);
            Files.write(log, tear.apply(Files.readAllBytes(log)));
            RocksKeyValue opened = open(torn);
            int count = count(opened);
            assertThat(count).isBetween(BATCHES, BATCHES + 1);
            write(opened, count, BATCHES + 2);
            Path again = copy(torn);
            opened.close();
            assertThat(countAndClose(again)).isEqualTo(BATCHES + 2);
        }
    }

    @Test
    void aTornWriteIsDroppedAfterAStartThatWasCutShort() throws IOException {
        Path folder = temp.resolve("store");
        RocksKeyValue store = open(folder);
        write(store, 0, BATCHES);
        byte[] acknowledged = Files.readAllBytes(folder.resolve("acknowledged"));
        write(store, BATCHES, BATCHES + 1);
        Path torn = copy(folder);
        store.close();
        Files.write(torn.resolve("acknowledged"), acknowledged);
        Path log = newestLog(torn);
        Files.write(log, Arrays.copyOf(Files.readAllBytes(log), (int) Files.size(log) - 5));
        Path cutShort = copy(torn);
        // A start makes a new log before it gives the old one up; the power fails in between.
        RocksKeyValue opened = open(torn);
        Path newer = newestLog(torn);
        assertThat(newer.getFileName()).isNotEqualTo(log.getFileName());
        assertThat(Files.size(newer)).isPositive();
        Files.copy(newer, cutShort.resolve(newer.getFileName()));
        opened.close();
        assertThat(countAndClose(cutShort)).isEqualTo(BATCHES);
    }

    @Test
    void theSameDamageIsRefusedOnceItWasAcknowledged() throws IOException {
        Path killed = killedAfter(BATCHES);
        Path log = newestLog(killed);
        byte[] bytes = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> open(killed)).hasMessageContaining(log.toString());
    }

    @Test
    void everyLogThatIsNeededIsChecked() throws Exception {
        Path live = temp.resolve("store");
        RocksKeyValue store = open(live);
        write(store, 0, BATCHES);
        // Tables of some families, and a new log; rows of the others are still in the old one alone.
        store.reclaim();
        awaitTables(store, Family.DATA);
        write(store, BATCHES, BATCHES + 3);
        Path killed = copy(live);
        store.close();
        assertThat(countAndClose(copy(killed))).isEqualTo(BATCHES + 3);
        Path old = logs(killed).get(0);
        byte[] bytes = Files.readAllBytes(old);
        for (LogChange change : List.of(flip(bytes.length / 2, 1), flip(bytes.length - 1, 1), (LogChange)
                log -> Arrays.copyOf(log, log.length - 1))) {
            Path changed = copy(killed);
            Files.write(changed.resolve(old.getFileName()), change.apply(bytes.clone()));
            assertThatThrownBy(() -> open(changed))
                    .hasMessageContaining(old.getFileName().toString());
        }
        Path shorter = copy(killed);
        Files.write(shorter.resolve(old.getFileName()), Arrays.copyOf(bytes, bytes.length - lastRecordBytes(bytes)));
        Path missing = copy(killed);
        Files.delete(missing.resolve(old.getFileName()));
        Path damaged = copy(killed);
        Files.write(
                damaged.resolve(old.getFileName()), flip(bytes.length / 2, 1).apply(bytes.clone()));
        for (Path folder : List.of(shorter, missing, damaged)) {
            assertThatThrownBy(() -> open(folder)).hasMessageContaining("accept-loss");
            Files.createFile(folder.resolve("accept-loss"));
            // The tables that exist cannot be taken back; what is lost is in the other families.
            RocksKeyValue opened = open(folder);
            assertThat(opened.get(Family.DATA, key(BATCHES - 1), Tier.DISK)).isNotNull();
            opened.close();
            open(folder).close();
        }
    }

    private static void awaitTables(RocksKeyValue store, Family family) throws InterruptedException {
        int tries = 0;
        while (store.property(family, "rocksdb.num-entries-active-mem-table")
                        + store.property(family, "rocksdb.num-entries-imm-mem-tables")
                > 0) {
            assertThat(++tries).isLessThan(1000);
            Thread.sleep(10);
        }
    }

    @Test
    void anOperatorMayAcceptTheLossOnce() throws IOException {
        Path killed = killedAfter(BATCHES);
        int middle = (int) Files.size(newestLog(killed)) / 2;
        Path log = newestLog(killed);
        Files.write(log, flip(middle, 4).apply(Files.readAllBytes(log)));
        assertThat(catchThrowable(() -> open(killed))).isInstanceOf(StoreFailedException.class);
        Files.createFile(killed.resolve("accept-loss"));
        RocksKeyValue store = open(killed);
        int left = count(store);
        assertThat(left).isBetween(BATCHES / 4, BATCHES - 1);
        assertThat(killed.resolve("accept-loss")).doesNotExist();
        write(store, left, BATCHES);
        Path again = copy(killed);
        store.close();
        assertThat(countAndClose(again)).isEqualTo(BATCHES);
    }

    @Test
    void anOperatorMayAcceptTheLossOfAnEnd() throws IOException {
        Path killed = killedAfter(BATCHES);
        Path log = newestLog(killed);
        Files.write(log, new byte[0]);
        assertThat(catchThrowable(() -> open(killed))).isInstanceOf(StoreFailedException.class);
        Files.createFile(killed.resolve("accept-loss"));
        assertThat(countAndClose(killed)).isZero();
        assertThat(countAndClose(killed)).isZero();
    }

    @Test
    void withoutTheMarkALogIsCheckedAsFarAsItProvesItself() throws IOException {
        Path killed = killedAfter(BATCHES);
        Files.write(killed.resolve("acknowledged"), new byte[] {1, 2, 3});
        assertThat(countAndClose(copy(killed))).isEqualTo(BATCHES);
        Path log = newestLog(killed);
        Files.write(log, flip((int) Files.size(log) / 2, 4).apply(Files.readAllBytes(log)));
        assertThatThrownBy(() -> open(killed)).hasMessageContaining(log.toString());
    }
}
