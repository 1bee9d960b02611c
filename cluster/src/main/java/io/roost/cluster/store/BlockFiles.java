package io.roost.cluster.store;

import java.io.IOException;
import java.util.List;

/** Port to the folder of a store's data files, which are named by number. For one thread at a time. */
public interface BlockFiles {
    /** Numbers of the files there are, ascending. */
    List<Integer> list() throws IOException;

    /** Makes an empty file that survives a crash from now on; it must not exist. */
    BlockFile create(int number) throws IOException;

    /** Opens a file that exists. */
    BlockFile open(int number) throws IOException;

    /** Removes a file; it may be there again after a crash. */
    void delete(int number) throws IOException;

    /** Bytes that may still be written to the disk that the files are on. */
    long availableBytes() throws IOException;

    /** The size of that disk in bytes, whoever has what of it. */
    long capacityBytes() throws IOException;
}
