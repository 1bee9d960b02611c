package io.roost.cluster.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Port to one data file. Reads are safe for any thread, also beside a write; everything else is for one thread at a time.
 */
public interface BlockFile extends AutoCloseable {
    /** Bytes of the file. */
    long size();

    /**
     * Reads from an offset until the buffer has no room left.
     *
     * @throws IOException when the disk fails or the file ends before
     */
    void read(long offset, ByteBuffer into) throws IOException;

    /**
     * Writes all bytes of a buffer at an offset, making the file longer when it ends before. Not durable before
     * {@link #sync}.
     *
     * @throws NoSpaceException when the disk is full; any part of the bytes may have been written
     */
    void write(long offset, ByteBuffer from) throws IOException;

    /** Makes everything written durable. After a failure the file must not be used on. */
    void sync() throws IOException;

    /** Cuts the file off, giving the space behind back to the disk. Need not be durable. */
    void truncate(long size) throws IOException;

    @Override
    void close() throws IOException;

    /** The disk has no room for what should be written. */
    final class NoSpaceException extends IOException {
        private static final long serialVersionUID = 1L;

        /** What did not fit. */
        public NoSpaceException(String message) {
            super(message);
        }
    }
}
