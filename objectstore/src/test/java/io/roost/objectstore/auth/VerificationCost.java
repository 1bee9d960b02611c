package io.roost.objectstore.auth;

import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.http.PayloadChecks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;

/**
 * Prints what signatures and checksums cost on this machine: run its main with the test class path. Not a test, because
 * time is measured and never asserted.
 */
public final class VerificationCost {
    private static final int ROUNDS = 100_000;

    private VerificationCost() {}

    /** Prints microseconds per operation, the best of five runs. */
    public static void main(String[] arguments) {
        RawRequest put = new SdkSigner.Request("PUT", "https://s3.localhost:9000/bucket/some/key/of/usual/length.bin")
                .header("User-Agent", "aws-sdk-java/2 md/io#sync ua/2.1 os/Linux lang/java")
                .header("Accept-Encoding", "identity")
                .header("x-amz-meta-color", "blue")
                .body(SdkSigner.Body.UNSIGNED, new byte[4096])
                .sign()
                .request();
        RawRequest url = new SdkSigner.Request("GET", "https://s3.localhost:9000/bucket/some/key/of/usual/length.bin")
                .presigned(Duration.ofMinutes(5))
                .sign()
                .request();
        SigningKeys keys = new SigningKeys(16);
        print("verify a signed header", () -> verify(put, keys), ROUNDS);
        print("verify a presigned URL", () -> verify(url, keys), ROUNDS);

        byte[] body = new byte[4096];
        new Random(1).nextBytes(body);
        print("MD5 of 4 KiB", () -> check(body, RequestHeaders.EMPTY), ROUNDS);
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            print(algorithm.wireName() + " of 4 KiB", () -> checksum(algorithm, body), ROUNDS);
            byte[] large = new byte[4 << 20];
            print(algorithm.wireName() + " of 4 MiB", () -> checksum(algorithm, large), 100);
        }
    }

    private static Object verify(RawRequest request, SigningKeys keys) {
        return ((Authentication.Signed) Authentication.of(request, SdkSigner.RULES)).verify(SdkSigner.KEY, keys);
    }

    private static Object check(byte[] body, RequestHeaders headers) {
        PayloadChecks checks = PayloadChecks.of(PayloadMode.Unsigned.INSTANCE, headers, PayloadChecks.Purpose.OBJECT);
        checks.update(ByteBuffer.wrap(body));
        return checks.finish(RequestHeaders.EMPTY);
    }

    private static Object checksum(ChecksumAlgorithm algorithm, byte[] body) {
        ChecksumAlgorithm.Running running = algorithm.start();
        running.update(ByteBuffer.wrap(body));
        return running.value();
    }

    private interface Operation {
        Object run();
    }

    private static void print(String name, Operation operation, int rounds) {
        long best = Long.MAX_VALUE;
        int seen = 0;
        for (int run = 0; run < 5; run++) {
            long begin = System.nanoTime();
            for (int i = 0; i < rounds; i++) {
                seen ^= operation.run().hashCode();
            }
            best = Math.min(best, System.nanoTime() - begin);
        }
        System.out.printf("%-26s %8.2f us  (%x)%n", name, best / 1000.0 / rounds, seen);
    }
}
