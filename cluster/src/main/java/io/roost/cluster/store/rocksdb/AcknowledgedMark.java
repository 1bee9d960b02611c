package io.roost.cluster.store.rocksdb;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Remembers in a file of its own how far writes have been acknowledged, so that a log whose last record is damaged can be
 * told from one whose last write was never acknowledged. Written after every write and not synced: it is exact after a
 * process was killed, and after a power loss it is at most as old as what the kernel had not written back, and never
 * ahead. Safe for any thread.
 *
 * <pre>
 * format u32 = 1, number of the first log that counts u64, sequence number u64, CRC32C of all before u32; big-endian
 * </pre>
 */
final class AcknowledgedMark implements AutoCloseable {
    private static final String NAME = "acknowledged";
    private static final int FORMAT = 1;
    private static final int BYTES = 24;

    /**
     * What has been acknowledged.
     *
     * @param firstLog what older logs hold is in tables since the database was opened
     * @param sequence number of the newest change that was acknowledged
     */
    record State(long firstLog, long sequence) {
        /** Nothing is known. */
        static final State UNKNOWN = new State(0, 0);

        byte[] encode() {
            byte[] file = new byte[BYTES];
            ByteBuffer bytes =
                    ByteBuffer.wrap(file).putInt(FORMAT).putLong(firstLog).putLong(sequence);
            bytes.putInt(crc(file));
            return file;
        }

        /** Null when these are not the bytes of a state. */
        static State decode(byte[] file) {
            ByteBuffer bytes = ByteBuffer.wrap(file);
            if (file.length != BYTES || bytes.getInt() != FORMAT) {
                return null;
            }
            State state = new State(bytes.getLong(), bytes.getLong());
            return crc(file) == bytes.getInt() ? state : null;
        }

        private static int crc(byte[] file) {
            CRC32C crc = new CRC32C();
            crc.update(file, 0, BYTES - 4);
            return (int) crc.getValue();
        }
    }

    // Not a channel: that would be closed when its thread is interrupted.
    private final RandomAccessFile file;
    private State state;

    private AcknowledgedMark(RandomAccessFile file, State state) {
        this.file = file;
        this.state = state;
    }

    /** What was acknowledged, {@link State#UNKNOWN} for a new folder, null when the file is damaged. */
    static State read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        return Files.exists(file) ? State.decode(Files.readAllBytes(file)) : State.UNKNOWN;
    }

    /** Begins to remember, durably, from the given state on. */
    static AcknowledgedMark begin(Path folder, State state) throws IOException {
        RandomAccessFile file = new RandomAccessFile(folder.resolve(NAME).toFile(), "rw");
        boolean complete = false;
        try (FileChannel directory = FileChannel.open(folder)) {
            file.setLength(BYTES);
            file.write(state.encode());
            file.getFD().sync();
            directory.force(true);
            complete = true;
            return new AcknowledgedMark(file, state);
        } finally {
            if (!complete) {
                file.close();
            }
        }
    }

    /** Everything up to a sequence number is durable and about to be acknowledged. */
    synchronized void advance(long sequence) throws IOException {
        if (sequence > state.sequence()) {
            state = new State(state.firstLog(), sequence);
            file.seek(0);
            file.write(state.encode());
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
