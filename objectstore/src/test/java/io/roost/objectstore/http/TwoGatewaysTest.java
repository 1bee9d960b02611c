package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What one gateway has answered, another of the same cluster goes by at once, whatever it knew before. */
@SuppressWarnings("try") // An interrupted test has failed anyway.
class TwoGatewaysTest {
    private static final String BUCKET = "passing";

    /** More than once, so that a race between a read and a change would show. */
    private static final int ROUNDS = 10;

    @TempDir
    private Path folder;

    @Test
    void aBucketThatIsSomebodyElsesNowIsSoAtEveryGateway() throws Exception {
        try (TestGateway first = TestGateway.start(folder);
                TestGateway second = first.another();
                S3Client his = first.client(TestGateway.USER);
                S3Client hisElsewhere = second.client(TestGateway.USER);
                S3Client others = first.client(TestGateway.OTHER);
                S3Client othersElsewhere = second.client(TestGateway.OTHER)) {
            for (int round = 0; round < ROUNDS; round++) {
                changeHands(his, hisElsewhere, othersElsewhere);
                changeHands(others, othersElsewhere, hisElsewhere);
            }
        }
    }

    private static void changeHands(S3Client owner, S3Client ownerElsewhere, S3Client strangerElsewhere) {
        owner.createBucket(b -> b.bucket(BUCKET));
        ownerElsewhere.putObject(b -> b.bucket(BUCKET).key("k"), RequestBody.fromString("v"));
        assertThatThrownBy(
                        () -> strangerElsewhere.getObject(b -> b.bucket(BUCKET).key("k")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
        ownerElsewhere.deleteObject(b -> b.bucket(BUCKET).key("k"));
        owner.deleteBucket(b -> b.bucket(BUCKET));
    }
}
