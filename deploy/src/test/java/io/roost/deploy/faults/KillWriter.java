package io.roost.deploy.faults;

import io.roost.deploy.faults.KeyHistory.Segment;
import io.roost.deploy.faults.KeyHistory.State;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Writes keys of its own, one request after the other, until its connection breaks. */
final class KillWriter {
    private static final int KEYS = 12;
    private static final int PART_BYTES = 5 << 20;

    private final Thread thread;
    private final S3Client s3;
    private final List<String> keys;
    private final Random random;
    private final Map<String, KeyHistory> histories;
    private final Map<String, OpenUpload> uploads;
    private final AtomicInteger unanswered;
    private volatile boolean isEndExpected;
    private volatile Throwable failure;

    KillWriter(
            S3Client s3,
            int number,
            long seed,
            Map<String, KeyHistory> histories,
            Map<String, OpenUpload> uploads,
            AtomicInteger unanswered) {
        this.thread = new Thread(this::run, "writer " + number);
        this.s3 = s3;
        this.keys = keys(number);
        this.random = new Random(seed);
        this.histories = histories;
        this.uploads = uploads;
        this.unanswered = unanswered;
    }

    /** The keys of a writer. */
    static List<String> keys(int writer) {
        return IntStream.range(0, KEYS)
                .mapToObj(i -> "writer-" + writer + "/key-" + i)
                .toList();
    }

    /** The server is about to be killed: from now on a lost connection is no failure. */
    void expectEnd() {
        isEndExpected = true;
    }

    /** What went wrong other than the kill, or null. */
    Throwable failure() {
        return failure;
    }

    void start() {
        thread.start();
    }

    void join() throws InterruptedException {
        thread.join();
    }

    private void run() {
        try {
            // Ends by the exception of the connection that the kill breaks.
            while (true) {
                step();
            }
        } catch (SdkClientException e) {
            failure = isEndExpected ? null : e;
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void step() {
        String key = keys.get(random.nextInt(keys.size()));
        int dice = random.nextInt(100);
        if (dice < 60) {
            put(key, State.of(random.nextLong(), size()));
        } else if (dice < 80) {
            KeyHistory history = histories.get(key);
            history.begin(State.NONE);
            s3.deleteObject(r -> r.bucket(KillRounds.BUCKET).key(key));
            history.acknowledge();
        } else {
            multipart(key);
        }
    }

    /** Mostly small; some above what is kept beside the keys, a few in several stripes. */
    private int size() {
        int dice = random.nextInt(100);
        if (dice < 60) {
            return random.nextInt(10_000);
        }
        return dice < 90 ? random.nextInt(500_000) : (4 << 20) + random.nextInt(6 << 20);
    }

    private void put(String key, State state) {
        KeyHistory history = histories.get(key);
        byte[] bytes = state.bytes();
        history.begin(state);
        unanswered.incrementAndGet();
        s3.putObject(r -> r.bucket(KillRounds.BUCKET).key(key), RequestBody.fromBytes(bytes));
        unanswered.decrementAndGet();
        history.acknowledge();
    }

    private void multipart(String key) {
        String id = s3.createMultipartUpload(r -> r.bucket(KillRounds.BUCKET).key(key))
                .uploadId();
        OpenUpload upload = new OpenUpload(key);
        uploads.put(id, upload);
        upload.addPart(s3, id, new Segment(random.nextLong(), PART_BYTES));
        upload.addPart(s3, id, new Segment(random.nextLong(), random.nextInt(100_000)));
        KeyHistory history = histories.get(key);
        history.begin(upload.state());
        upload.complete(s3, id);
        history.acknowledge();
        uploads.remove(id);
    }
}
