package io.roost.deploy;

import io.roost.cluster.store.StoreFailedException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** How a server ends: in order, when somebody asks its process to, or at once, after a failure that it must not outlive. */
final class Ending implements Consumer<Throwable> {
    private final AtomicReference<Throwable> fatal = new AtomicReference<>();
    private final CountDownLatch failed = new CountDownLatch(1);

    /** The disk or the program has failed; on any thread. */
    @Override
    public void accept(Throwable failure) {
        fatal.compareAndSet(null, failure);
        failed.countDown();
    }

    /** What an orderly end is; it runs on a thread of its own. */
    void inOrder(Runnable close) {
        Runnable closing = () -> {
            if (fatal.get() == null) {
                close.run();
            }
        };
        Runtime.getRuntime().addShutdownHook(new Thread(closing, "close"));
    }

    /** True for what only a developer can mend, who needs to know where it was. */
    private static boolean isFaultOfProgram(Throwable failure) {
        return failure instanceof Error
                || (failure instanceof RuntimeException
                        && !(failure instanceof StoreFailedException)
                        && !(failure instanceof UncheckedIOException));
    }

    /** Waits for a failure, and ends the process then. */
    int await() throws InterruptedException {
        failed.await();
        System.err.println("roost: the disk or the program has failed, so the server stops at once; what it has"
                + " acknowledged is on disk: " + fatal.get());
        if (isFaultOfProgram(fatal.get())) {
            fatal.get().printStackTrace();
        }
        System.err.flush();
        // No orderly end: nothing may be written any more.
        Runtime.getRuntime().halt(CommandFailure.FAILED);
        return CommandFailure.FAILED;
    }
}
