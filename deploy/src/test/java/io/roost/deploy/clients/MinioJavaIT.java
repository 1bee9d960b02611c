package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minio.BucketExistsArgs;
import io.minio.ComposeObjectArgs;
import io.minio.ComposeSource;
import io.minio.CopyObjectArgs;
import io.minio.CopySource;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveBucketArgs;
import io.minio.RemoveObjectsArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.ErrorResponseException;
import io.minio.http.Method;
import io.minio.messages.DeleteError;
import io.minio.messages.DeleteObject;
import io.minio.messages.Item;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** minio-java. */
@ExtendWith(SharedServer.class)
class MinioJavaIT {
    private static final String BUCKET = "minio-java";

    private static byte[] bytes(MinioClient minio, String key) throws Exception {
        try (InputStream in = minio.getObject(
                GetObjectArgs.builder().bucket(BUCKET).object(key).build())) {
            return in.readAllBytes();
        }
    }

    @Test
    void objectsComeBackAsTheyWere(S3Server server) throws Exception {
        MinioClient minio = MinioClient.builder()
                .endpoint(server.endpoint().toString())
                .credentials(server.accessKey(), server.secretKey())
                .build();
        minio.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
        assertThat(minio.bucketExists(BucketExistsArgs.builder().bucket(BUCKET).build()))
                .isTrue();
        byte[] small = Trees.bytes(1, 12_345);
        byte[] large = Trees.bytes(2, 11 << 20);
        put(minio, "a/small ü+%", small);
        put(minio, "a/large", large);
        assertThat(bytes(minio, "a/small ü+%")).isEqualTo(small);
        assertThat(bytes(minio, "a/large")).isEqualTo(large);
        StatObjectResponse stat = minio.statObject(
                StatObjectArgs.builder().bucket(BUCKET).object("a/large").build());
        assertThat(stat.size()).isEqualTo(large.length);
        assertThat(stat.contentType()).isEqualTo("text/x-test");
        assertThat(stat.userMetadata()).containsEntry("colour", "blue");
        copies(minio, large);
        presigned(minio, small);
        listedAndRemoved(minio);
    }

    private static void put(MinioClient minio, String key, byte[] body) throws Exception {
        minio.putObject(
                PutObjectArgs.builder()
                        .bucket(BUCKET)
                        .object(key)
                        .contentType("text/x-test")
                        .userMetadata(Map.of("colour", "blue"))
                        .stream(new ByteArrayInputStream(body), body.length, 5 << 20)
                        .build());
    }

    private static void copies(MinioClient minio, byte[] large) throws Exception {
        minio.copyObject(CopyObjectArgs.builder()
                .bucket(BUCKET)
                .object("copy")
                .source(CopySource.builder().bucket(BUCKET).object("a/large").build())
                .build());
        assertThat(bytes(minio, "copy")).isEqualTo(large);
        ComposeSource source =
                ComposeSource.builder().bucket(BUCKET).object("a/large").build();
        minio.composeObject(ComposeObjectArgs.builder()
                .bucket(BUCKET)
                .object("twice")
                .sources(List.of(source, source))
                .build());
        byte[] twice = bytes(minio, "twice");
        assertThat(twice).hasSize(2 * large.length).startsWith(large).endsWith(large);
    }

    private static void presigned(MinioClient minio, byte[] small) throws Exception {
        String url = minio.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                .method(Method.GET)
                .bucket(BUCKET)
                .object("a/small ü+%")
                .build());
        try (InputStream in = URI.create(url).toURL().openStream()) {
            assertThat(in.readAllBytes()).isEqualTo(small);
        }
    }

    private static void listedAndRemoved(MinioClient minio) throws Exception {
        List<String> keys = new ArrayList<>();
        for (Result<Item> item : minio.listObjects(
                ListObjectsArgs.builder().bucket(BUCKET).recursive(true).build())) {
            keys.add(item.get().objectName());
        }
        assertThat(keys).containsExactly("a/large", "a/small ü+%", "copy", "twice");
        List<DeleteObject> all = keys.stream().map(DeleteObject::new).toList();
        for (Result<DeleteError> error : minio.removeObjects(
                RemoveObjectsArgs.builder().bucket(BUCKET).objects(all).build())) {
            throw new AssertionError(error.get().message());
        }
        assertThatThrownBy(() -> bytes(minio, "copy"))
                .isInstanceOfSatisfying(
                        ErrorResponseException.class,
                        e -> assertThat(e.errorResponse().code()).isEqualTo("NoSuchKey"));
        minio.removeBucket(RemoveBucketArgs.builder().bucket(BUCKET).build());
    }
}
