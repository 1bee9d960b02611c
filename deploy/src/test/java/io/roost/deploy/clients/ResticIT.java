package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Debian's restic. */
@ExtendWith(SharedServer.class)
class ResticIT {
    @TempDir
    private Path folder;

    @Test
    void backsUpChecksRestoresAndPrunes(S3Server server) throws IOException {
        ClientProgram restic = ClientProgram.at(
                        folder,
                        "/usr/bin/restic",
                        "--cache-dir",
                        folder.resolve("cache").toString())
                .with("RESTIC_REPOSITORY", "s3:" + server.endpoint() + "/restic-repository/deep/er")
                .with("RESTIC_PASSWORD", "correct horse")
                .with("AWS_ACCESS_KEY_ID", server.accessKey())
                .with("AWS_SECRET_ACCESS_KEY", server.secretKey());
        Path tree = folder.resolve("tree");
        Trees.fill(tree, 19, 200);
        Trees.file(tree.resolve("big"), 20, 20_000_000);
        assertThat(restic.fail("snapshots")).contains("unable to open config file");
        restic.run("init");
        restic.run("backup", tree.toString());
        restic.run("check", "--read-data");
        Path restored = folder.resolve("restored");
        restic.run("restore", "latest", "--target", restored.toString());
        Trees.assertEqual(restored.resolve(tree.toString().substring(1)), tree);

        Trees.file(tree.resolve("big"), 21, 20_000_000);
        Files.delete(tree.resolve("plain"));
        restic.run("backup", tree.toString());
        restic.run("forget", "--keep-last", "1", "--prune");
        restic.run("check", "--read-data");
        assertThat(restic.run("snapshots", "--json")).contains("\"tree\"").doesNotContain("},{");
        Path again = folder.resolve("again");
        restic.run("restore", "latest", "--target", again.toString());
        Trees.assertEqual(again.resolve(tree.toString().substring(1)), tree);
    }
}
