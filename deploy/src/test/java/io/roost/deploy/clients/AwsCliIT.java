package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Debian's AWS CLI. */
@ExtendWith(SharedServer.class)
class AwsCliIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MULTIPART_BYTES = 20_000_001;

    @TempDir
    private Path folder;

    private ClientProgram aws;

    @BeforeEach
    void client(S3Server server) {
        aws = ClientProgram.at(
                        folder,
                        "/usr/bin/aws",
                        "--endpoint-url",
                        server.endpoint().toString(),
                        "--output",
                        "json")
                .with("AWS_ACCESS_KEY_ID", server.accessKey())
                .with("AWS_SECRET_ACCESS_KEY", server.secretKey())
                .with("AWS_DEFAULT_REGION", "us-east-1")
                .with("AWS_EC2_METADATA_DISABLED", "true")
                .with("AWS_PAGER", "");
    }

    private JsonNode json(String... arguments) throws IOException {
        return JSON.readTree(aws.run(arguments));
    }

    @Test
    void filesComeBackAsTheyWere() throws IOException {
        aws.run("s3", "mb", "s3://aws-cli-files");
        Path small = Trees.file(folder.resolve("in/small file"), 1, 1234);
        Path large = Trees.file(folder.resolve("in/large"), 2, MULTIPART_BYTES);
        Path empty = Trees.file(folder.resolve("in/empty"), 3, 0);
        for (Path file : new Path[] {small, large, empty}) {
            String url = "s3://aws-cli-files/some folder/" + file.getFileName();
            aws.run(
                    "s3",
                    "cp",
                    "--metadata",
                    "colour=dark blue,size=XL",
                    "--content-type",
                    "text/x-test",
                    file.toString(),
                    url);
            Path back = folder.resolve("back");
            aws.run("s3", "cp", url, back.toString());
            assertThat(back).hasSameBinaryContentAs(file);
            JsonNode head = json(
                    "s3api", "head-object", "--bucket", "aws-cli-files", "--key", "some folder/" + file.getFileName());
            assertThat(head.path("ContentLength").asLong()).isEqualTo(Files.size(file));
            assertThat(head.path("ContentType").asText()).isEqualTo("text/x-test");
            assertThat(head.path("Metadata").path("colour").asText()).isEqualTo("dark blue");
            assertThat(head.path("Metadata").path("size").asText()).isEqualTo("XL");
        }
        JsonNode listed = json("s3api", "list-objects-v2", "--bucket", "aws-cli-files", "--prefix", "some folder/");
        assertThat(listed.path("Contents").findValuesAsText("Key"))
                .containsExactly("some folder/empty", "some folder/large", "some folder/small file");
        assertThat(listed.path("Contents").findValuesAsText("Size"))
                .containsExactly("0", Integer.toString(MULTIPART_BYTES), "1234");
        assertThat(listed.path("Contents").get(1).path("ETag").asText()).endsWith("-3\"");
        aws.run("s3", "rb", "--force", "s3://aws-cli-files");
        assertThat(aws.run("s3", "ls")).doesNotContain("aws-cli-files");
    }

    @Test
    void aTreeIsSyncedBothWays() throws IOException {
        aws.run("s3", "mb", "s3://aws-cli-tree");
        Path tree = folder.resolve("tree");
        Trees.fill(tree, 7, 90);
        aws.run("s3", "sync", tree.toString(), "s3://aws-cli-tree/tree");
        Path back = folder.resolve("tree-back");
        aws.run("s3", "sync", "s3://aws-cli-tree/tree", back.toString());
        Trees.assertEqual(back, tree);
        assertThat(aws.run("s3", "sync", tree.toString(), "s3://aws-cli-tree/tree"))
                .isEmpty();
        Files.delete(tree.resolve("plain"));
        aws.run("s3", "sync", "--delete", tree.toString(), "s3://aws-cli-tree/tree");
        assertThat(aws.run("s3", "ls", "--recursive", "s3://aws-cli-tree/").lines())
                .hasSize(Trees.content(tree).size());
        aws.run("s3", "rm", "--recursive", "s3://aws-cli-tree/");
        aws.run("s3", "rb", "s3://aws-cli-tree");
    }

    @Test
    void copiesRangesAndErrorsAreAsAwsAnswers() throws IOException {
        aws.run("s3api", "create-bucket", "--bucket", "aws-cli-api");
        Path body = Trees.file(folder.resolve("body"), 11, 5000);
        JsonNode put = json(
                "s3api",
                "put-object",
                "--bucket",
                "aws-cli-api",
                "--key",
                "a",
                "--body",
                body.toString(),
                "--metadata",
                "v=1");
        JsonNode copied = json(
                "s3api",
                "copy-object",
                "--bucket",
                "aws-cli-api",
                "--key",
                "a",
                "--copy-source",
                "aws-cli-api/a",
                "--metadata",
                "v=2",
                "--metadata-directive",
                "REPLACE");
        assertThat(copied.path("CopyObjectResult").path("ETag")).isEqualTo(put.path("ETag"));
        Path part = folder.resolve("part");
        JsonNode got = json(
                "s3api",
                "get-object",
                "--bucket",
                "aws-cli-api",
                "--key",
                "a",
                "--range",
                "bytes=1000-1999",
                part.toString());
        assertThat(got.path("ContentRange").asText()).isEqualTo("bytes 1000-1999/5000");
        assertThat(got.path("Metadata").path("v").asText()).isEqualTo("2");
        assertThat(Files.readAllBytes(part)).isEqualTo(Arrays.copyOfRange(Trees.bytes(11, 5000), 1000, 2000));
        JsonNode location = json("s3api", "get-bucket-location", "--bucket", "aws-cli-api");
        assertThat(location.path("LocationConstraint").isNull()).isTrue();
        assertThat(aws.fail("s3api", "get-object", "--bucket", "aws-cli-api", "--key", "none", part.toString()))
                .contains("NoSuchKey");
        assertThat(aws.fail("s3api", "get-object", "--bucket", "aws-cli-none", "--key", "a", part.toString()))
                .contains("NoSuchBucket");
        assertThat(aws.fail("s3api", "delete-bucket", "--bucket", "aws-cli-api"))
                .contains("BucketNotEmpty");
        JsonNode deleted = json(
                "s3api",
                "delete-objects",
                "--bucket",
                "aws-cli-api",
                "--delete",
                "{\"Objects\":[{\"Key\":\"a\"},{\"Key\":\"never\"}]}");
        assertThat(deleted.path("Deleted")).hasSize(2);
        aws.run("s3api", "delete-bucket", "--bucket", "aws-cli-api");
    }

    @Test
    void aPresignedUrlIsGoodForItsObjectOnly() throws IOException, InterruptedException {
        aws.run("s3", "mb", "s3://aws-cli-presign");
        Path file = Trees.file(folder.resolve("file"), 5, 777);
        aws.run("s3", "cp", file.toString(), "s3://aws-cli-presign/a b");
        String url = aws.run("s3", "presign", "s3://aws-cli-presign/a b").strip();
        HttpClient http = HttpClient.newHttpClient();
        HttpResponse<byte[]> got =
                http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.body()).isEqualTo(Files.readAllBytes(file));
        HttpRequest other = HttpRequest.newBuilder(URI.create(url.replace("a%20b", "a%20c")))
                .build();
        assertThat(http.send(other, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
        aws.run("s3", "rb", "--force", "s3://aws-cli-presign");
    }
}
