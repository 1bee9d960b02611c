package io.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Prints how long starts take; a number depends on the machine, so none is asserted. */
class StartTimesTest {
    private static final int STARTS = 10;

    @Test
    void startsAndStopsAgainAndAgain() {
        List<Double> starts = new ArrayList<>();
        List<Double> stops = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            long began = System.nanoTime();
            RoostServer server = RoostServer.builder().buckets("bucket").start();
            starts.add((System.nanoTime() - began) / 1e6);
            try (S3Client s3 = (S3Client) AwsSdkClients.of(S3Client.class, server)) {
                assertThat(s3.putObject(r -> r.bucket("bucket").key("k"), RequestBody.fromString("v"))
                                .eTag())
                        .isNotEmpty();
            }
            long ending = System.nanoTime();
            server.close();
            stops.add((System.nanoTime() - ending) / 1e6);
        }
        System.out.printf(
                Locale.ROOT,
                "RoostServer: first start in this JVM %.0f ms, then %.0f to %.0f ms; close %.0f to %.0f ms%n",
                starts.get(0),
                Collections.min(starts.subList(1, STARTS)),
                Collections.max(starts.subList(1, STARTS)),
                Collections.min(stops),
                Collections.max(stops));
    }
}
