package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.QueryParameters;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Target;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3RouterTest {
    private final S3Router router = new S3Router(List.of("s3.localhost", "S3.Example.org"));

    @ParameterizedTest
    @CsvSource({
        "GET, SERVICE, '', no, ListBuckets",
        "GET, SERVICE, x-id=ListBuckets, no, ListBuckets",
        "PUT, BUCKET, '', no, CreateBucket",
        "HEAD, BUCKET, '', no, HeadBucket",
        "DELETE, BUCKET, '', no, DeleteBucket",
        "GET, BUCKET, '', no, ListObjects",
        "GET, BUCKET, prefix=a&delimiter=%2F, no, ListObjects",
        "GET, BUCKET, list-type=2&prefix=a, no, ListObjectsV2",
        "GET, BUCKET, list-type=1, no, ListObjects",
        "GET, BUCKET, location, no, GetBucketLocation",
        "GET, BUCKET, location=, no, GetBucketLocation",
        "GET, BUCKET, versioning, no, GetBucketVersioning",
        "PUT, BUCKET, versioning, no, PutBucketVersioning",
        "GET, BUCKET, versions, no, ListObjectVersions",
        "GET, BUCKET, uploads, no, ListMultipartUploads",
        "GET, BUCKET, inventory&id=1, no, GetBucketInventoryConfiguration",
        "GET, BUCKET, inventory, no, ListBucketInventoryConfigurations",
        "GET, BUCKET, policy, no, GetBucketPolicy",
        "GET, BUCKET, policyStatus, no, GetBucketPolicyStatus",
        "POST, BUCKET, delete, no, DeleteObjects",
        "POST, BUCKET, '', no, PostObject",
        "PUT, OBJECT, '', no, PutObject",
        "PUT, OBJECT, x-id=PutObject, no, PutObject",
        "PUT, OBJECT, '', yes, CopyObject",
        "PUT, OBJECT, partNumber=1&uploadId=u, no, UploadPart",
        "PUT, OBJECT, partNumber=1&uploadId=u, yes, UploadPartCopy",
        "PUT, OBJECT, acl, no, PutObjectAcl",
        "GET, OBJECT, '', no, GetObject",
        "GET, OBJECT, versionId=null, no, GetObject",
        "GET, OBJECT, uploadId=u, no, ListParts",
        "GET, OBJECT, attributes, no, GetObjectAttributes",
        "HEAD, OBJECT, '', no, HeadObject",
        "DELETE, OBJECT, '', no, DeleteObject",
        "DELETE, OBJECT, uploadId=u, no, AbortMultipartUpload",
        "POST, OBJECT, uploads, no, CreateMultipartUpload",
        "POST, OBJECT, uploads=, no, CreateMultipartUpload",
        "POST, OBJECT, uploadId=u, no, CompleteMultipartUpload",
        "POST, OBJECT, select&select-type=2, no, SelectObjectContent",
        "PUT, OBJECT, renameObject, no, RenameObject",
    })
    void methodScopeAndSubResourceSelectTheOperation(
            String method, S3Operation.Scope scope, String query, String copy, String expected) {
        S3Operation operation = router.operation(method, scope, QueryParameters.parse(query), copy.equals("yes"));
        assertThat(operation.apiName()).isEqualTo(expected);
    }

    @Test
    void everyOperationIsReachedByItsOwnRow() {
        Set<String> names = new HashSet<>();
        for (S3Operation operation : S3Operation.values()) {
            assertThat(names.add(operation.apiName())).isTrue();
            String query = operation.subResource();
            if (operation == S3Operation.LIST_OBJECTS_V2) {
                query += "=2";
            }
            if (operation.when() == S3Operation.When.WITH_ID) {
                query += "&id=x";
            }
            boolean copies = operation.when() == S3Operation.When.WITH_COPY_SOURCE;
            assertThat(router.operation(operation.method(), operation.scope(), QueryParameters.parse(query), copies))
                    .isEqualTo(operation);
        }
    }

    @ParameterizedTest
    @CsvSource({"PATCH, OBJECT", "POST, SERVICE", "PUT, SERVICE", "TRACE, BUCKET", "POST, OBJECT"})
    void whatFitsNothingIsMethodNotAllowed(String method, S3Operation.Scope scope) {
        assertThatThrownBy(() -> router.operation(method, scope, QueryParameters.NONE, false))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.METHOD_NOT_ALLOWED));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:9000, /b/a, b, 61",
        "localhost:9000, /b/a/, b, 612f",
        "localhost:9000, /b//, b, 2f",
        "localhost:9000, /b/../x, b, 2e2e2f78",
        "localhost:9000, /b/a+b, b, 612b62",
        "localhost:9000, /b/a%2Bb%2f%25, b, 612b622f25",
        "localhost:9000, /b/%00%01%7F, b, 00017f",
        "localhost:9000, /b/%C3%A9, b, c3a9",
        "localhost:9000, /b/, b, ''",
        "localhost:9000, /b, b, ''",
        "s3.localhost:9000, /b/k, b, 6b",
        "b.s3.localhost:9000, /k, b, 6b",
        "B.S3.Localhost, /k, b, 6b",
        "b.c.s3.example.org, /, b.c, ''",
        "b.s3.localhost, //, b, 2f",
        "b.other.org, /x/k, x, 6b",
    })
    void pathAndHostNameBucketAndKeyWithoutNormalising(String host, String path, String bucket, String keyHex) {
        assertThat(router.target(host, path)).isEqualTo(new S3Target(bucket, Bytes.hex(keyHex)));
    }

    @Test
    void theRootIsTheService() {
        assertThat(router.target("s3.localhost", "/")).isEqualTo(S3Target.SERVICE);
        assertThat(router.target(null, "/")).isEqualTo(S3Target.SERVICE);
    }

    @ParameterizedTest
    @CsvSource({"/b/%", "/b/%4", "/b/%zz", "/b/%FF", "/b/%C3", "/b/%ED%A0%80", "x", "//b"})
    void whatCannotBeDecodedIsInvalid(String path) {
        assertThatThrownBy(() -> router.target("localhost", path))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.INVALID_URI));
    }

    @Test
    void aKeyHasAtMost1024Bytes() {
        assertThat(router.target("localhost", "/b/" + "%C3%A9".repeat(512))
                        .key()
                        .length())
                .isEqualTo(1024);
        assertThatThrownBy(() -> router.target("localhost", "/b/" + "k".repeat(1025)))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.KEY_TOO_LONG));
    }
}
