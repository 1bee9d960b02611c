package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** Debian's s3fs in the foreground, where the machine has FUSE. */
@ExtendWith(SharedServer.class)
class S3fsIT {
    private static final long MOUNT_SECONDS = 30;

    @TempDir
    private Path folder;

    @Test
    void aMountedBucketBehavesAsAFolder(S3Server server) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "this machine has no FUSE");
        ClientProgram s3fs = ClientProgram.at(folder, "/usr/bin/s3fs");
        ClientProgram unmount = ClientProgram.at(folder, "/usr/bin/fusermount", "-u");
        Path password = Files.writeString(folder.resolve("password"), server.accessKey() + ":" + server.secretKey());
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        try (S3Client s3 = SdkClients.pathStyle(server)) {
            s3.createBucket(r -> r.bucket("s3fs-bucket"));
        }
        Path mount = Files.createDirectory(folder.resolve("mount"));
        Path errors = folder.resolve("s3fs-errors");
        Process process = s3fs.start(
                folder.resolve("s3fs-output"),
                errors,
                "s3fs-bucket",
                mount.toString(),
                "-f",
                "-o",
                "url=" + server.endpoint() + ",use_path_request_style,passwd_file=" + password
                        + ",multipart_size=10,singlepart_copy_limit=10,endpoint=us-east-1");
        try {
            awaitMount(process, mount, errors);
            use(mount);
            unmount.run(mount.toString());
            assertThat(process.waitFor(MOUNT_SECONDS, TimeUnit.SECONDS)).isTrue();
            checkThroughS3(server);
        } finally {
            if (process.isAlive()) {
                unmount.call(mount.toString());
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** The kernel's table of mounts is the only thing that says when s3fs is ready; polled until it does. */
    private static void awaitMount(Process process, Path mount, Path errors) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (!Files.readString(Path.of("/proc/mounts")).contains(" " + mount + " fuse.s3fs")) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("s3fs ended:\n" + Files.readString(errors));
            }
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(MOUNT_SECONDS)) {
                throw new AssertionError("s3fs did not mount:\n" + Files.readString(errors));
            }
        }
    }

    private static void use(Path mount) throws IOException {
        Path tree = mount.resolve("tree");
        Files.createDirectories(tree.resolve("deep/er"));
        byte[] bytes = Trees.bytes(31, 100_000);
        Path file = Files.write(tree.resolve("deep/er/a file+ü"), bytes);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rwxr-x--x");
        Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        assertThat(Files.size(file)).isEqualTo(100_003);
        Path moved = Files.move(file, tree.resolve("moved"));
        assertThat(Files.exists(file)).isFalse();
        assertThat(Files.size(moved)).isEqualTo(100_003);
        Files.createSymbolicLink(tree.resolve("link"), Path.of("moved"));
        assertThat(Files.size(tree.resolve("link"))).isEqualTo(100_003);
        byte[] large = Trees.bytes(32, 25_000_000);
        Path parts = Files.write(mount.resolve("parts"), large);
        try (FileChannel channel = FileChannel.open(parts, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {42}), 12_000_000);
        }
        large[12_000_000] = 42;
        assertThat(Files.readAllBytes(parts)).isEqualTo(large);
        Files.move(parts, mount.resolve("renamed parts"));
        assertThat(Files.readAllBytes(mount.resolve("renamed parts"))).isEqualTo(large);
        Files.delete(tree.resolve("deep/er"));
        try (Stream<Path> listed = Files.list(tree)) {
            assertThat(listed.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("deep", "moved", "link");
        }
    }

    private static void checkThroughS3(S3Server server) {
        try (S3Client s3 = SdkClients.pathStyle(server)) {
            assertThat(s3.headObject(r -> r.bucket("s3fs-bucket").key("tree/moved"))
                            .contentLength())
                    .isEqualTo(100_003);
            assertThat(s3.listObjectsV2(r -> r.bucket("s3fs-bucket")).contents())
                    .extracting(object -> object.key())
                    .containsExactly("renamed parts", "tree/", "tree/deep/", "tree/link", "tree/moved");
            SdkClients.removeBucket(s3, "s3fs-bucket");
        }
    }
}
