package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.deploy.RoostProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The bodies of mail over S3, for the client with the most rights that there is: it reads them and changes nothing. */
class MailBucketIT {
    private static final Pattern LMTP = Pattern.compile("LMTP on port (\\d+)");
    private static final String BUCKET = "mail";
    private static final int MESSAGES = 3;

    @TempDir
    private Path folder;

    private void deliver(RoostProcess server) throws Exception {
        Matcher lmtp = LMTP.matcher(server.output());
        assertThat(lmtp.find()).as(server.output()).isTrue();
        String data = folder.resolve("data").toString();
        RoostProcess.command(0, "mailbox", "create", "ada", "--password", "secret", "--data", data);
        Path script = RoostProcess.root().resolve("deploy/acceptance/mail/deliver.py");
        assertThat(ClientProgram.at(folder, "/usr/bin/python3", script.toString())
                        .run(lmtp.group(1), "ada", Integer.toString(MESSAGES)))
                .isEqualTo("ok\n");
    }

    private static void refused(ThrowingCallable change) {
        assertThatThrownBy(change).isInstanceOfSatisfying(S3Exception.class, refused -> {
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
            assertThat(refused.awsErrorDetails().errorMessage()).contains("the mail store's", "IMAP and LMTP");
        });
    }

    @Test
    void isReadOnly() throws Exception {
        try (RoostProcess process = RoostProcess.on(folder.resolve("data"), "--mail");
                S3Client s3 = SdkClients.pathStyle(new S3Server(
                        process.endpoint(), RoostProcess.ACCESS_KEY, RoostProcess.SECRET_KEY, Optional.empty()))) {
            deliver(process);
            List<S3Object> bodies = s3.listObjectsV2(r -> r.bucket(BUCKET)).contents();
            assertThat(bodies).hasSize(MESSAGES);
            String key = bodies.get(0).key();
            assertThat(s3.headObject(r -> r.bucket(BUCKET).key(key)).contentLength())
                    .isEqualTo(bodies.get(0).size());
            byte[] body = s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asByteArray();
            assertThat(body).hasSize(bodies.get(0).size().intValue());

            RequestBody other = RequestBody.fromString("other");
            refused(() -> s3.putObject(r -> r.bucket(BUCKET).key(key), other));
            refused(() -> s3.putObject(r -> r.bucket(BUCKET).key("new"), other));
            refused(() -> s3.deleteObject(r -> r.bucket(BUCKET).key(key)));
            refused(() -> s3.deleteObjects(r -> r.bucket(BUCKET)
                    .delete(d -> d.objects(ObjectIdentifier.builder().key(key).build()))));
            refused(() -> s3.copyObject(r -> r.sourceBucket(BUCKET)
                    .sourceKey(key)
                    .destinationBucket(BUCKET)
                    .destinationKey("copy")));
            refused(() -> s3.createMultipartUpload(r -> r.bucket(BUCKET).key("parts")));
            refused(() -> s3.deleteBucketLifecycle(r -> r.bucket(BUCKET)));
            refused(() -> s3.deleteBucket(r -> r.bucket(BUCKET)));
            RoostProcess.command(
                    1, "bucket", "rm", BUCKET, "--data", folder.resolve("data").toString());

            s3.createBucket(r -> r.bucket("elsewhere"));
            s3.copyObject(r -> r.sourceBucket(BUCKET)
                    .sourceKey(key)
                    .destinationBucket("elsewhere")
                    .destinationKey("copy"));
            assertThat(s3.getObjectAsBytes(r -> r.bucket("elsewhere").key("copy"))
                            .asByteArray())
                    .isEqualTo(body);
            assertThat(s3.listObjectsV2(r -> r.bucket(BUCKET)).contents()).isEqualTo(bodies);
            refused(() -> s3.deleteObject(r -> r.bucket(BUCKET).key(key)));
        }
    }
}
