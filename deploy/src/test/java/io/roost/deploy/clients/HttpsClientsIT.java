package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RoostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients over HTTPS that know the server by its certificate and compare its name: they sign in other ways there. Each one
 * stores and reads a small file and one that goes in parts, and refuses the server when it is not given the certificate.
 */
@ExtendWith(SharedServer.class)
class HttpsClientsIT {
    @TempDir
    private Path folder;

    private S3Server server;
    private String certificate;
    private Path small;
    private Path large;

    @BeforeEach
    void start(@SharedServer.Tls S3Server tlsServer) throws IOException {
        server = tlsServer;
        certificate = server.data().orElseThrow().resolve("tls-certificate.pem").toString();
        small = Trees.file(folder.resolve("in/small file+"), 1, 1234);
        large = Trees.file(folder.resolve("in/large"), 2, 9_000_000);
    }

    private ClientProgram withKeys(ClientProgram program) {
        return program.with("AWS_ACCESS_KEY_ID", server.accessKey())
                .with("AWS_SECRET_ACCESS_KEY", server.secretKey())
                .with("AWS_DEFAULT_REGION", "us-east-1")
                .with("AWS_EC2_METADATA_DISABLED", "true");
    }

    private Path back(Path file) {
        return folder.resolve("back-" + file.getFileName());
    }

    @Test
    void awsCli() {
        String endpoint = server.endpoint().toString();
        ClientProgram stranger = withKeys(ClientProgram.at(folder, "/usr/bin/aws", "--endpoint-url", endpoint));
        assertThat(stranger.fail("s3", "mb", "s3://https-aws")).contains("CERTIFICATE_VERIFY_FAILED");
        ClientProgram aws = withKeys(
                ClientProgram.at(folder, "/usr/bin/aws", "--endpoint-url", endpoint, "--ca-bundle", certificate));
        aws.run("s3", "mb", "s3://https-aws");
        for (Path file : new Path[] {small, large}) {
            String url = "s3://https-aws/dir/" + file.getFileName();
            aws.run("s3", "cp", file.toString(), url);
            aws.run("s3", "cp", url, back(file).toString());
            assertThat(back(file)).hasSameBinaryContentAs(file);
        }
        assertThat(aws.run("s3", "ls", "--recursive", "s3://https-aws/").lines())
                .hasSize(2);
        aws.run("s3", "rb", "--force", "s3://https-aws");
    }

    @Test
    void curl() throws IOException {
        String[] signed = {
            "--silent",
            "--show-error",
            "--fail-with-body",
            "--aws-sigv4",
            "aws:amz:us-east-1:s3",
            "--user",
            server.accessKey() + ":" + server.secretKey(),
            "--header",
            "x-amz-content-sha256: UNSIGNED-PAYLOAD"
        };
        String url = server.endpoint() + "/https-curl";
        ClientProgram stranger = ClientProgram.at(folder, "/usr/bin/curl", signed);
        assertThat(stranger.fail("--request", "PUT", url)).contains("certificate");
        ClientProgram curl = ClientProgram.at(folder, "/usr/bin/curl", append(signed, "--cacert", certificate));
        curl.run("--request", "PUT", url);
        for (Path file : new Path[] {small, large}) {
            String object = url + "/dir/"
                    + file.getFileName().toString().replace(" ", "%20").replace("+", "%2B");
            curl.run("--upload-file", file.toString(), object);
            assertThat(curl.run("--head", object)).contains("ength: " + Files.size(file));
            curl.run("--output", back(file).toString(), object);
            assertThat(back(file)).hasSameBinaryContentAs(file);
            curl.run("--request", "DELETE", object);
        }
        assertThat(curl.run(url + "?list-type=2")).contains("<KeyCount>0</KeyCount>");
        curl.run("--request", "DELETE", url);
    }

    private static String[] append(String[] first, String... more) {
        String[] all = java.util.Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    @Test
    void rclone() {
        String[] options = {"--retries", "1", "--low-level-retries", "1", "--s3-upload-cutoff", "6M"};
        assertThat(rclone(options).fail("mkdir", "roost:https-rclone")).contains("x509");
        ClientProgram rclone = rclone(append(options, "--ca-cert", certificate));
        rclone.run("mkdir", "roost:https-rclone");
        rclone.run("copy", small.getParent().toString(), "roost:https-rclone/dir");
        rclone.run("check", "--download", small.getParent().toString(), "roost:https-rclone/dir");
        rclone.run("copy", "roost:https-rclone/dir", folder.resolve("rclone").toString());
        assertThat(folder.resolve("rclone/large")).hasSameBinaryContentAs(large);
        rclone.run("purge", "roost:https-rclone");
    }

    private ClientProgram rclone(String... options) {
        return ClientProgram.at(folder, "/usr/bin/rclone", options)
                .with("RCLONE_CONFIG", folder.resolve("rclone.conf").toString())
                .with("RCLONE_CONFIG_ROOST_TYPE", "s3")
                .with("RCLONE_CONFIG_ROOST_PROVIDER", "Other")
                .with("RCLONE_CONFIG_ROOST_REGION", "us-east-1")
                .with("RCLONE_CONFIG_ROOST_ENDPOINT", server.endpoint().toString())
                .with("RCLONE_CONFIG_ROOST_ACCESS_KEY_ID", server.accessKey())
                .with("RCLONE_CONFIG_ROOST_SECRET_ACCESS_KEY", server.secretKey());
    }

    @Test
    void restic() throws IOException {
        assertThat(restic("--no-cache").fail("snapshots")).contains("x509");
        ClientProgram restic = restic("--no-cache", "--cacert", certificate);
        restic.run("init");
        restic.run("backup", small.getParent().toString());
        restic.run("check", "--read-data");
        Path restored = folder.resolve("restored");
        restic.run("restore", "latest", "--target", restored.toString());
        Path tree = small.getParent();
        Trees.assertEqual(restored.resolve(tree.toString().substring(1)), tree);
    }

    private ClientProgram restic(String... options) {
        return withKeys(ClientProgram.at(folder, "/usr/bin/restic", options))
                .with("RESTIC_REPOSITORY", "s3:" + server.endpoint() + "/https-restic/repository")
                .with("RESTIC_PASSWORD", "correct horse");
    }

    @Test
    void s3cmd() throws IOException {
        Path config = folder.resolve("s3cfg");
        Files.writeString(
                config,
                String.join(
                        "\n",
                        "[default]",
                        "access_key = " + server.accessKey(),
                        "secret_key = " + server.secretKey(),
                        "host_base = " + server.authority(),
                        "host_bucket = " + server.authority(),
                        "use_https = True",
                        "max_retries = 1",
                        "multipart_chunk_size_mb = 5",
                        ""));
        String[] options = {"--config", config.toString(), "--no-progress"};
        assertThat(ClientProgram.at(folder, "/usr/bin/s3cmd", options).fail("mb", "s3://https-s3cmd"))
                .contains("CERTIFICATE_VERIFY_FAILED");
        ClientProgram s3cmd = ClientProgram.at(folder, "/usr/bin/s3cmd", append(options, "--ca-certs", certificate));
        s3cmd.run("mb", "s3://https-s3cmd");
        for (Path file : new Path[] {small, large}) {
            String url = "s3://https-s3cmd/dir/" + file.getFileName();
            s3cmd.run("put", file.toString(), url);
            s3cmd.run("get", url, back(file).toString());
            assertThat(back(file)).hasSameBinaryContentAs(file);
        }
        s3cmd.run("del", "--recursive", "--force", "s3://https-s3cmd/");
        s3cmd.run("rb", "s3://https-s3cmd");
    }

    @Test
    void boto3() {
        if (!Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/boto3"))) {
            ClientProgram.absent("client python3-boto3 is not installed");
        }
        Path script = RoostProcess.root().resolve("deploy/acceptance/boto3/round_trip.py");
        ClientProgram boto3 = withKeys(ClientProgram.at(folder, "/usr/bin/python3", script.toString()));
        String endpoint = server.endpoint().toString();
        assertThat(boto3.fail(endpoint, "https-boto3")).contains("CERTIFICATE_VERIFY_FAILED");
        assertThat(boto3.run(endpoint, "https-boto3", certificate)).endsWith("ok\n");
    }
}
