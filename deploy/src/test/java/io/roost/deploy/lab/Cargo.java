package io.roost.deploy.lab;

import io.roost.deploy.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Objects that a cluster is full of: by bytes mostly large ones, by number mostly small ones. Each says what it is. */
final class Cargo {
    private static final int THREADS = 8;
    private static final int PATIENCE_MILLIS = 60_000;
    /** Of each dozen; 4.6 MiB in all. */
    private static final int[] SIZES = {
        4 << 20, 300_000, 64 << 10, 64 << 10, 20_000, 20_000, 4_000, 4_000, 4_000, 1_000, 1_000, 200
    };

    private final Gateway.Access access;
    private final String bucket;
    private final long objects;

    /** So many bytes at least. */
    Cargo(Gateway.Access access, String bucket, long bytes) {
        this.access = access;
        this.bucket = bucket;
        long dozen = Arrays.stream(SIZES).asLongStream().sum();
        this.objects = (bytes + dozen - 1) / dozen * SIZES.length;
    }

    long objects() {
        return objects;
    }

    long bytes() {
        return objects / SIZES.length * Arrays.stream(SIZES).asLongStream().sum();
    }

    private static byte[] body(long number) {
        byte[] body = new byte[SIZES[(int) (number % SIZES.length)]];
        new SplittableRandom(number).nextBytes(body);
        byte[] head = ("object " + number + "\n").getBytes(StandardCharsets.UTF_8);
        System.arraycopy(head, 0, body, 0, head.length);
        return body;
    }

    private String path(long number) {
        return "/" + bucket + "/cargo/" + number % 100 + "/" + number;
    }

    private interface Work {
        /** Handles an object; the complaint, or null. */
        String on(Gateway gateway, long number);
    }

    /** Writes all, through one gateway. */
    void load(int node) throws IOException, InterruptedException {
        each(List.of(node), (gateway, number) -> {
            Gateway.Outcome outcome = gateway.send("PUT", path(number), Map.of(), Map.of(), body(number));
            boolean isWritten = outcome instanceof Gateway.Outcome.Answered answered
                    && answered.response().status() == 200;
            return isWritten ? null : outcome.toString();
        });
    }

    /** Reads all, each through one of some gateways. */
    void check(List<Integer> nodes, Violations violations) throws IOException, InterruptedException {
        each(nodes, (gateway, number) -> {
            Gateway.Outcome outcome = gateway.send("GET", path(number), Map.of(), Map.of(), new byte[0]);
            if (!(outcome instanceof Gateway.Outcome.Answered answered)) {
                return outcome.toString();
            }
            RawConnection.Response response = answered.response();
            if (response.status() == 404) {
                violations.add(Violations.Kind.LOST, path(number) + " at node " + gateway.node());
            } else if (response.status() != 200 || !Arrays.equals(response.body(), body(number))) {
                violations.add(
                        Violations.Kind.WRONG,
                        path(number) + " at node " + gateway.node() + ": " + response.status() + ", "
                                + response.body().length + " bytes");
            }
            return null;
        });
    }

    private void each(List<Integer> nodes, Work work) throws IOException, InterruptedException {
        AtomicLong next = new AtomicLong();
        AtomicReference<String> complaint = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int node = nodes.get(i % nodes.size());
            Thread thread = new Thread(
                    () -> {
                        try (Gateway gateway = new Gateway(access, node, PATIENCE_MILLIS)) {
                            for (long number = next.getAndIncrement();
                                    number < objects && complaint.get() == null;
                                    number = next.getAndIncrement()) {
                                String wrong = work.on(gateway, number);
                                if (wrong != null) {
                                    complaint.compareAndSet(null, path(number) + " at node " + node + ": " + wrong);
                                }
                            }
                        } catch (RuntimeException | Error failure) {
                            complaint.compareAndSet(null, failure.toString());
                        }
                    },
                    "cargo " + i);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (complaint.get() != null) {
            throw new IOException(complaint.get());
        }
    }
}
