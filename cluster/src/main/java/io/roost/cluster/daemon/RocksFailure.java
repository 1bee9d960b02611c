package io.roost.cluster.daemon;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Tells of a failure of a RocksDB when its own thread has left the JVM. Whoever hears of it ends the process, and that waits
 * for RocksDB's threads: one that is in the JVM then would never come back to be waited for.
 */
final class RocksFailure {
    private static final long MAX_RETURN_MILLIS = 1000;

    private RocksFailure() {}

    /**
     * What a RocksDB is opened with.
     *
     * @param store whose it is
     * @param onFatal called on a thread of its own
     */
    static Consumer<String> toldTo(String store, Consumer<Throwable> onFatal) {
        return message -> {
            Thread caller = Thread.currentThread();
            Runnable tell = () -> {
                try {
                    // A thread of this program that has met the error does not end, but is not waited for either.
                    caller.join(MAX_RETURN_MILLIS);
                } catch (InterruptedException nobodyInterrupts) {
                    Thread.currentThread().interrupt();
                }
                onFatal.accept(new IOException("RocksDB of " + store + ": " + message));
            };
            new Thread(tell, "rocksdb-failure").start();
        };
    }
}
