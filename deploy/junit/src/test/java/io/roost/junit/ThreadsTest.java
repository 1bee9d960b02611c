package io.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

class ThreadsTest {
    /** A thread that has been told to end may take a moment; one that leaks never ends. */
    private static final long PATIENCE_SECONDS = 30;

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    /** Waits for the threads that are not of before to end; returns those that do not. */
    private static Set<String> leaked(Set<Thread> before) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (Thread thread : threads()) {
            if (!before.contains(thread)) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
        }
        Set<Thread> left = threads();
        left.removeAll(before);
        return left.stream().map(Thread::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void use(RoostServer server) {
        try (S3Client s3 = (S3Client) AwsSdkClients.of(S3Client.class, server)) {
            s3.putObject(r -> r.bucket("bucket").key("k"), RequestBody.fromBytes(new byte[1 << 20]));
            assertThat(s3.listObjectsV2(r -> r.bucket("bucket")).contents()).hasSize(1);
        }
    }

    @Test
    void leavesNoThreadBehind() throws InterruptedException {
        // Libraries start threads of the whole process with their first use: the SDK's cleaner, for example.
        try (RoostServer server = RoostServer.builder().buckets("bucket").start()) {
            use(server);
        }
        Set<Thread> before = threads();
        for (int i = 0; i < 3; i++) {
            try (RoostServer server = RoostServer.builder().buckets("bucket").start()) {
                use(server);
                assertThat(threads()).anyMatch(thread -> thread.getName().startsWith("osd-0-"));
            }
        }
        assertThat(leaked(before)).isEmpty();
    }

    @Test
    void leavesNoThreadBehindWhenItCannotStart() throws InterruptedException {
        try (RoostServer server = RoostServer.builder().buckets("bucket").start()) {
            use(server);
            Set<Thread> before = threads();
            RoostServer.Builder samePort =
                    RoostServer.builder().port(server.endpoint().getPort());
            assertThat(catchThrowable(() -> samePort.start().close())).isInstanceOf(RoostException.class);
            assertThat(leaked(before)).isEmpty();
        }
    }
}
