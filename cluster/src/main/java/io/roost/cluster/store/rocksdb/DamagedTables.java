package io.roost.cluster.store.rocksdb;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/**
 * Remembers, in a file, tables that a compaction could not read. RocksDB takes no more writes after such a compaction,
 * and would begin it again soon after every start; so while the file is there tables are not compacted, and everything
 * that can be read is served. An administrator may delete it after the disk is right again.
 */
final class DamagedTables implements RocksOptions.Failures {
    static final String NAME = "damaged-tables";

    private final Path file;
    private final List<String> known;
    private final Consumer<String> onFailure;

    /** Reads what is known of a folder. */
    DamagedTables(Path folder, Consumer<String> onFailure) throws IOException {
        this.file = folder.resolve(NAME);
        this.onFailure = onFailure;
        this.known = Files.exists(file) ? List.copyOf(Files.readAllLines(file)) : List.of();
    }

    /** Says which tables cannot be opened, which RocksDB does not always; nothing when all can. */
    static String unreadable(Path folder) {
        StringBuilder text = new StringBuilder();
        try (DirectoryStream<Path> tables = Files.newDirectoryStream(folder, "*.sst");
                Options options = new Options()) {
            for (Path table : tables) {
                try (SstFileReader reader = new SstFileReader(options)) {
                    reader.open(table.toString());
                } catch (RocksDBException failure) {
                    text.append("; ").append(table).append(": ").append(failure.getMessage());
                }
            }
        } catch (IOException | DirectoryIteratorException failure) {
            text.append("; the folder cannot be read: ").append(failure.getMessage());
        }
        return text.toString();
    }

    /** What was known when the database was opened. */
    List<String> known() {
        return known;
    }

    RocksOptions.Compaction compaction() {
        return known.isEmpty() ? RocksOptions.Compaction.ON : RocksOptions.Compaction.OFF;
    }

    @Override
    public void onDamagedTable(String detail) {
        String next = ". The next start goes on without compaction, because of " + file;
        try {
            String line = detail.replace('\n', ' ') + "\n";
            Files.writeString(
                    file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
        } catch (IOException e) {
            next = ". It cannot be remembered for the next start: " + e;
        }
        onFailure.accept("a table is damaged, so nothing more can be written: " + detail + next);
    }

    @Override
    public void onFailure(String detail) {
        onFailure.accept(detail);
    }
}
