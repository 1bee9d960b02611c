package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Debian's rclone. */
@ExtendWith(SharedServer.class)
class RcloneIT {
    @TempDir
    private Path folder;

    private ClientProgram rclone;

    @BeforeEach
    void client(S3Server server) {
        rclone = ClientProgram.at(folder, "/usr/bin/rclone", "--retries", "1", "--low-level-retries", "1")
                .with("RCLONE_CONFIG", folder.resolve("rclone.conf").toString())
                .with("RCLONE_CONFIG_ROOST_TYPE", "s3")
                .with("RCLONE_CONFIG_ROOST_PROVIDER", "Other")
                .with("RCLONE_CONFIG_ROOST_REGION", "us-east-1")
                .with("RCLONE_CONFIG_ROOST_ENDPOINT", server.endpoint().toString())
                .with("RCLONE_CONFIG_ROOST_ACCESS_KEY_ID", server.accessKey())
                .with("RCLONE_CONFIG_ROOST_SECRET_ACCESS_KEY", server.secretKey());
    }

    @Test
    void aTreeOfOddNamesIsSyncedAndChecked() throws IOException {
        Path tree = folder.resolve("tree");
        Trees.fill(tree, 13, 1100);
        Path dated = tree.resolve("plain");
        Files.setLastModifiedTime(dated, FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z")));
        rclone.run("mkdir", "roost:rclone-tree");
        rclone.run("sync", tree.toString(), "roost:rclone-tree/t");
        rclone.run("check", tree.toString(), "roost:rclone-tree/t");
        rclone.run("check", "--download", tree.toString(), "roost:rclone-tree/t");
        assertThat(new TreeSet<>(rclone.run("lsf", "-R", "--files-only", "roost:rclone-tree/t")
                        .lines()
                        .toList()))
                .isEqualTo(Trees.content(tree).keySet());
        assertThat(rclone.run("lsf", "--format", "t", "roost:rclone-tree/t/plain"))
                .startsWith("2001-02-03 04:05:06");
        Path back = folder.resolve("back");
        rclone.run("copy", "roost:rclone-tree/t", back.toString());
        Trees.assertEqual(back, tree);
        assertThat(Files.getLastModifiedTime(back.resolve("plain"))).isEqualTo(Files.getLastModifiedTime(dated));

        Files.delete(tree.resolve("upper"));
        Trees.file(tree.resolve("plain"), 14, 4321);
        rclone.run("sync", tree.toString(), "roost:rclone-tree/t");
        rclone.run("check", tree.toString(), "roost:rclone-tree/t");
        rclone.run("sync", "roost:rclone-tree/t", "roost:rclone-tree/copied on the server");
        rclone.run("check", "roost:rclone-tree/t", "roost:rclone-tree/copied on the server");
        rclone.run("purge", "roost:rclone-tree");
        assertThat(rclone.run("lsd", "roost:")).doesNotContain("rclone-tree");
    }

    @Test
    void aLargeFileGoesInPartsAndIsReadInRanges() throws IOException {
        Path file = Trees.file(folder.resolve("large"), 17, 30_000_000);
        rclone.run("mkdir", "roost:rclone-large");
        rclone.run(
                "copyto",
                "--s3-upload-cutoff",
                "6M",
                "--s3-chunk-size",
                "5M",
                file.toString(),
                "roost:rclone-large/large");
        rclone.run("check", "--download", file.getParent().toString(), "roost:rclone-large", "--include", "/large");
        Path range = folder.resolve("range");
        Process cat = rclone.start(
                range,
                folder.resolve("cat-err"),
                "cat",
                "--offset",
                "9999999",
                "--count",
                "3000000",
                "roost:rclone-large/large");
        assertThat(cat.onExit().join().exitValue()).isZero();
        assertThat(Files.readAllBytes(range))
                .isEqualTo(Arrays.copyOfRange(Files.readAllBytes(file), 9_999_999, 12_999_999));
        rclone.run("purge", "roost:rclone-large");
    }
}
