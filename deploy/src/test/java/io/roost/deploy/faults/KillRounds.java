package io.roost.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RoostProcess;
import io.roost.deploy.faults.KeyHistory.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A real server under concurrent PUT, overwrite, multipart and DELETE is killed with SIGKILL at random moments and
 * started again on its data. After each kill: every key holds what its last acknowledged write left or what a write
 * without an answer would have, byte for byte; a listing shows just these keys; uploads that were begun can be completed
 * with the parts that were acknowledged; and {@code roost verify} is clean after {@code roost gc run}. A round counts only
 * when the kill met an unanswered PUT and an open multipart upload.
 */
public final class KillRounds {
    static final String BUCKET = "killed";
    private static final int WRITERS = 6;
    private static final int MAX_UNCOUNTED = 20;

    private final Path data;
    private final Random random;
    private final Map<String, KeyHistory> keys = new TreeMap<>();
    private final Map<String, OpenUpload> uploads = new ConcurrentHashMap<>();
    private int unansweredPuts;

    private KillRounds(Path data, long seed) {
        this.data = data;
        this.random = new Random(seed);
        for (int writer = 0; writer < WRITERS; writer++) {
            for (String key : KillWriter.keys(writer)) {
                keys.put(key, new KeyHistory());
            }
        }
    }

    /** Runs {@code FOLDER ROUNDS [SEED]}. */
    public static void main(String[] arguments) throws Exception {
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime();
        run(Path.of(arguments[0]), Integer.parseInt(arguments[1]), seed);
    }

    /** Runs so many rounds that count. */
    static void run(Path data, int rounds, long seed) throws Exception {
        System.out.println("KillRounds seed " + seed);
        KillRounds run = new KillRounds(data, seed);
        int counted = 0;
        int uncounted = 0;
        while (counted < rounds) {
            if (run.round()) {
                counted++;
                System.out.println("KillRounds: kill " + counted + " of " + rounds);
            } else {
                uncounted++;
                assertThat(uncounted).as("kills that met no open write").isLessThanOrEqualTo(MAX_UNCOUNTED);
            }
        }
        try (RoostProcess server = RoostProcess.on(data);
                S3Client s3 = client(server)) {
            run.check(s3);
        }
        int acknowledged =
                run.keys.values().stream().mapToInt(KeyHistory::acknowledged).sum();
        System.out.println("report " + counted + " kills that met an unanswered PUT and an open upload, " + uncounted
                + " others; " + acknowledged + " writes were acknowledged, " + run.unansweredPuts
                + " PUTs had no answer when the server was killed; seed " + seed);
    }

    private boolean round() throws Exception {
        try (RoostProcess server = RoostProcess.on(data);
                S3Client s3 = client(server)) {
            check(s3);
            AtomicInteger unanswered = new AtomicInteger();
            List<KillWriter> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(new KillWriter(s3, i, random.nextLong(), keys, uploads, unanswered));
            }
            writers.forEach(KillWriter::start);
            // The moment is what is random here; nothing depends on how much is done before it.
            Thread.sleep(500 + random.nextInt(2500));
            writers.forEach(KillWriter::expectEnd);
            unansweredPuts += unanswered.get();
            boolean counts = unanswered.get() > 0 && !uploads.isEmpty();
            server.kill();
            for (KillWriter writer : writers) {
                writer.join();
                assertThat(writer.failure()).isNull();
            }
            return counts;
        }
    }

    private static S3Client client(RoostProcess server) {
        return S3Client.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(RoostProcess.ACCESS_KEY, RoostProcess.SECRET_KEY)))
                .overrideConfiguration(
                        c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(60)))
                .build();
    }

    private void check(S3Client s3) throws Exception {
        try {
            s3.headBucket(r -> r.bucket(BUCKET));
        } catch (NoSuchBucketException e) {
            s3.createBucket(r -> r.bucket(BUCKET));
        }
        List<String> present = new ArrayList<>();
        keys.forEach((key, history) -> {
            State found = found(s3, key, history.possible());
            history.settle(found);
            if (!found.isAbsent()) {
                present.add(key);
            }
        });
        List<String> listed = new ArrayList<>();
        for (S3Object object :
                s3.listObjectsV2Paginator(r -> r.bucket(BUCKET).maxKeys(13)).contents()) {
            listed.add(object.key());
            assertThat(object.size()).as(object.key()).isEqualTo((long)
                    keys.get(object.key()).possible().get(0).length());
        }
        assertThat(listed).isEqualTo(present);
        completeUploads(s3);
        RoostProcess.command(0, "gc", "run", "--all", "--data", data.toString());
        RoostProcess.command(0, "verify", "--data", data.toString());
    }

    private static State found(S3Client s3, String key, List<State> possible) {
        byte[] bytes;
        try {
            bytes = s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asByteArrayUnsafe();
        } catch (NoSuchKeyException e) {
            assertThat(possible).as(key + " is not there").contains(State.NONE);
            return State.NONE;
        }
        List<State> sorted = new ArrayList<>(possible);
        Collections.reverse(sorted);
        for (State state : sorted) {
            if (!state.isAbsent() && state.length() == bytes.length && Arrays.equals(state.bytes(), bytes)) {
                return state;
            }
        }
        throw new AssertionError(key + " holds " + bytes.length + " bytes that are none of " + possible);
    }

    private void completeUploads(S3Client s3) {
        TreeSet<String> open = new TreeSet<>();
        for (MultipartUpload upload :
                s3.listMultipartUploadsPaginator(r -> r.bucket(BUCKET)).uploads()) {
            open.add(upload.uploadId());
        }
        uploads.forEach((id, upload) -> {
            KeyHistory history = keys.get(upload.key());
            if (upload.hasParts()) {
                // Also when it was completed without an answer: then this is the retry.
                assertThat(open.contains(id) || upload.isCompleting())
                        .as("upload " + id)
                        .isTrue();
                history.begin(upload.state());
                upload.complete(s3, id);
                history.acknowledge();
                history.settle(found(s3, upload.key(), history.possible()));
            }
            open.remove(id);
            if (!upload.hasParts()) {
                s3.abortMultipartUpload(r -> r.bucket(BUCKET).key(upload.key()).uploadId(id));
            }
        });
        uploads.clear();
        // Those whose creation had no answer.
        for (MultipartUpload upload :
                s3.listMultipartUploadsPaginator(r -> r.bucket(BUCKET)).uploads()) {
            assertThat(open).contains(upload.uploadId());
            s3.abortMultipartUpload(r -> r.bucket(BUCKET).key(upload.key()).uploadId(upload.uploadId()));
        }
    }
}
