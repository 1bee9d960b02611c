package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Debian's s3cmd. */
@ExtendWith(SharedServer.class)
class S3cmdIT {
    @TempDir
    private Path folder;

    private ClientProgram s3cmd;

    @BeforeEach
    void client(S3Server server) throws IOException {
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
                        "use_https = False",
                        "multipart_chunk_size_mb = 5",
                        ""));
        s3cmd = ClientProgram.at(folder, "/usr/bin/s3cmd", "--config", config.toString(), "--no-progress");
    }

    @Test
    void filesComeBackAsTheyWere() throws IOException {
        s3cmd.run("mb", "s3://s3cmd-files");
        Path small = Trees.file(folder.resolve("in/small + file"), 1, 1234);
        Path large = Trees.file(folder.resolve("in/large"), 2, 12_000_000);
        for (Path file : new Path[] {small, large}) {
            String url = "s3://s3cmd-files/dir/" + file.getFileName();
            s3cmd.run("put", "--add-header=x-amz-meta-colour:blue", "--mime-type=text/x-test", file.toString(), url);
            Path back = folder.resolve("back-" + file.getFileName());
            s3cmd.run("get", url, back.toString());
            assertThat(back).hasSameBinaryContentAs(file);
            assertThat(s3cmd.run("info", url))
                    .contains("MIME type: text/x-test")
                    .contains("x-amz-meta-colour: blue")
                    .contains("File size: " + Files.size(file));
        }
        assertThat(s3cmd.run("ls", "s3://s3cmd-files/")).contains("DIR").contains("s3://s3cmd-files/dir/");
        s3cmd.run("cp", "s3://s3cmd-files/dir/small + file", "s3://s3cmd-files/copy");
        s3cmd.run("mv", "s3://s3cmd-files/copy", "s3://s3cmd-files/moved");
        assertThat(s3cmd.run("ls", "--recursive", "s3://s3cmd-files/").lines()).hasSize(3);
        assertThat(s3cmd.run("du", "s3://s3cmd-files/").strip()).startsWith(Long.toString(12_000_000 + 1234 + 1234));
        s3cmd.run("del", "--recursive", "--force", "s3://s3cmd-files/");
        s3cmd.run("rb", "s3://s3cmd-files");
        assertThat(s3cmd.run("ls")).doesNotContain("s3cmd-files");
    }

    @Test
    void aTreeIsSyncedBothWays() throws IOException {
        s3cmd.run("mb", "s3://s3cmd-tree");
        Path tree = folder.resolve("tree");
        Trees.fill(tree, 9, 80);
        s3cmd.run("sync", tree + "/", "s3://s3cmd-tree/t/");
        Path back = folder.resolve("tree-back");
        Files.createDirectories(back);
        s3cmd.run("sync", "s3://s3cmd-tree/t/", back + "/");
        Trees.assertEqual(back, tree);
        Files.delete(tree.resolve("plain"));
        s3cmd.run("sync", "--delete-removed", tree + "/", "s3://s3cmd-tree/t/");
        assertThat(s3cmd.run("ls", "--recursive", "s3://s3cmd-tree/").lines())
                .hasSize(Trees.content(tree).size());
        s3cmd.run("rb", "--recursive", "--force", "s3://s3cmd-tree");
    }
}
