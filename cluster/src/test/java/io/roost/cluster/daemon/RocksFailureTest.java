package io.roost.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RocksFailureTest {
    private record Told(Throwable failure, boolean wasCallerGone) {}

    private final CompletableFuture<Told> told = new CompletableFuture<>();

    /** The thread of RocksDB is still in the JVM for a moment after it has said what is wrong. */
    @Test
    void isToldWhenTheThreadThatSaidItIsGone() throws Exception {
        CompletableFuture<Thread> calling = new CompletableFuture<>();
        CountDownLatch said = new CountDownLatch(1);
        Consumer<String> failure = RocksFailure.toldTo(
                "osd.3", cause -> told.complete(new Told(cause, !calling.join().isAlive())));
        Thread caller = new Thread(() -> {
            failure.accept("a table is damaged");
            said.countDown();
            pause();
        });
        calling.complete(caller);
        caller.start();
        assertThat(said.await(10, TimeUnit.SECONDS)).isTrue();
        Told end = told.get(10, TimeUnit.SECONDS);
        assertThat(end.failure()).hasMessage("RocksDB of osd.3: a table is damaged");
        assertThat(end.wasCallerGone()).isTrue();
    }

    /** A thread of the program goes on; the failure is told all the same. */
    @Test
    void isToldThoughTheThreadThatSaidItGoesOn() throws Exception {
        RocksFailure.toldTo("osd.3", cause -> told.complete(new Told(cause, false)))
                .accept("no space");
        assertThat(told.get(10, TimeUnit.SECONDS).failure()).hasMessage("RocksDB of osd.3: no space");
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException nobodyInterrupts) {
            Thread.currentThread().interrupt();
        }
    }
}
