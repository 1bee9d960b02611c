package io.roost.cluster.store.rocksdb;

import io.roost.cluster.store.StoreFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a database so that nothing that was acknowledged vanishes in silence: a write that was torn by a power loss is
 * dropped, every other damage to the logs is refused before RocksDB touches them, until the operator accepts the loss.
 */
final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

    /** A file of this name in the folder accepts, once, that acknowledged writes are lost. */
    static final String CONSENT = "accept-loss";

    private final Path folder;
    private final RocksOptions options;
    private final boolean isLossAccepted;
    private final AcknowledgedMark.State acknowledged;

    LogRecovery(Path folder, RocksOptions options) throws IOException {
        this.folder = folder;
        this.options = options;
        this.isLossAccepted = isLossAccepted(folder);
        AcknowledgedMark.State read = AcknowledgedMark.read(folder);
        if (read == null) {
            LOG.warn(
                    "{}: what was acknowledged is not known, its file is damaged; the logs are checked without",
                    folder);
        }
        this.acknowledged = read == null ? AcknowledgedMark.State.UNKNOWN : read;
    }

    private static boolean isLossAccepted(Path folder) {
        return Files.exists(folder.resolve(CONSENT));
    }

    /** What the options for a folder should say of missing logs. */
    static RocksOptions.MissingLogs missingLogs(Path folder) {
        return isLossAccepted(folder) ? RocksOptions.MissingLogs.ACCEPTED : RocksOptions.MissingLogs.REFUSED;
    }

    /**
     * Opens the database.
     *
     * @param handles gets those of the families
     * @throws StoreFailedException when acknowledged writes would be lost
     */
    RocksDB open(List<ColumnFamilyHandle> handles) throws RocksDBException, IOException {
        WriteAheadLog.Damage damage = WriteAheadLog.inspect(folder, acknowledged.firstLog());
        if (damage != null && damage.place() == WriteAheadLog.Place.TAIL && isAcknowledgedReadable()) {
            LOG.warn("{}: a write that had not been acknowledged is dropped", damage);
            return open(WALRecoveryMode.PointInTimeRecovery, handles);
        }
        if (isLossAccepted) {
            return openWithLoss(damage, handles);
        }
        if (damage != null) {
            throw lost("the write-ahead log is damaged: " + damage + ". What was acknowledged is in it");
        }
        try {
            return open(WALRecoveryMode.AbsoluteConsistency, handles);
        } catch (RocksDBException e) {
            // Its only words for a log that is missing or too short.
            if (String.valueOf(e.getMessage()).contains("WAL")) {
                throw lost("the write-ahead log is not as it was: " + e.getMessage());
            }
            throw e;
        }
    }

    /** Opens an older state; where some tables are newer than the damage, all but what is damaged. */
    private RocksDB openWithLoss(WriteAheadLog.Damage damage, List<ColumnFamilyHandle> handles)
            throws RocksDBException {
        if (damage != null) {
            LOG.warn("{}: acknowledged writes are dropped, as accepted by {}", damage, CONSENT);
        }
        try {
            return open(WALRecoveryMode.PointInTimeRecovery, handles);
        } catch (RocksDBException e) {
            LOG.warn("{}: tables are newer than the damage, so writes behind it are kept: {}", folder, e.getMessage());
            return open(WALRecoveryMode.SkipAnyCorruptedRecords, handles);
        }
    }

    private RocksDB open(WALRecoveryMode mode, List<ColumnFamilyHandle> handles) throws RocksDBException {
        options.database().setWalRecoveryMode(mode);
        return RocksDB.open(options.database(), folder.toString(), options.families(), handles);
    }

    /** True when all that was acknowledged is before the damage; found without changing the database. */
    private boolean isAcknowledgedReadable() {
        options.database().setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (RocksDB db = RocksDB.openReadOnly(options.database(), folder.toString(), options.families(), handles)) {
            handles.forEach(ColumnFamilyHandle::close);
            return db.getLatestSequenceNumber() >= acknowledged.sequence();
        } catch (RocksDBException e) {
            LOG.warn("{}: cannot be opened without the end of the log: {}", folder, e.getMessage());
            return false;
        }
    }

    /**
     * Checks what has been opened, and begins to remember what is acknowledged from now on.
     *
     * @throws StoreFailedException when it is less than what was acknowledged before
     */
    AcknowledgedMark begin(RocksDB db) throws IOException {
        long sequence = db.getLatestSequenceNumber();
        if (sequence < acknowledged.sequence() && !isLossAccepted) {
            throw lost("the last writes are missing: change " + acknowledged.sequence()
                    + " was acknowledged, the newest is " + sequence
                    + ". The end of the write-ahead log is gone, or files are from an older copy");
        }
        long newestLog = new TreeMap<>(WriteAheadLog.files(folder)).lastKey();
        AcknowledgedMark mark = AcknowledgedMark.begin(folder, new AcknowledgedMark.State(newestLog, sequence));
        if (Files.deleteIfExists(folder.resolve(CONSENT))) {
            LOG.warn(
                    "{}: opened with loss accepted, up to change {} of {} acknowledged",
                    folder,
                    sequence,
                    acknowledged.sequence());
        }
        return mark;
    }

    private StoreFailedException lost(String what) {
        return new StoreFailedException(
                what + ". Restore the folder from a copy; or, to go on without what is lost, create the" + " file "
                        + folder.resolve(CONSENT) + " and start again");
    }
}
