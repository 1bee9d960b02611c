package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFolderTest {
    @TempDir
    private Path parent;

    @Test
    void keepsTheClustersIdBetweenStarts() {
        UUID fsid;
        try (NodeFolder folder = NodeFolder.open(parent.resolve("dev"))) {
            fsid = folder.fsid();
        }
        try (NodeFolder folder = NodeFolder.open(parent.resolve("dev"))) {
            assertThat(folder.fsid()).isEqualTo(fsid);
        }
    }

    @Test
    void isForItsOwnerOnly() throws IOException {
        try (NodeFolder folder = NodeFolder.open(parent.resolve("dev"))) {
            folder.write("credentials", "secret\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.path().resolve("credentials"))))
                    .isEqualTo("rw-------");
            assertThat(folder.read("credentials")).isEqualTo("secret\n");
            assertThat(folder.read("nothing")).isNull();
        }
    }

    @Test
    void aSecondStartIsToldWhoHoldsTheFolder() {
        Path path = parent.resolve("dev");
        try (NodeFolder folder = NodeFolder.open(path)) {
            assertThat(folder.path()).isEqualTo(path);
            assertThatThrownBy(() -> NodeFolder.open(path))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void refusesAFormatThatIsNewer() throws IOException {
        Path path = Files.createDirectory(parent.resolve("dev"));
        Files.writeString(path.resolve("format"), "{\"fsid\": \"" + UUID.randomUUID() + "\", \"version\": 99}\n");
        assertThatThrownBy(() -> NodeFolder.open(path))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("has format 99, this program knows 1");
    }

    @Test
    void aTemporaryFolderIsRemovedWhole() throws IOException {
        NodeFolder folder = NodeFolder.openTemporary();
        Files.createDirectories(folder.path().resolve("a/b"));
        folder.write("a/b/c", "x");
        folder.close();
        folder.remove();
        assertThat(folder.path()).doesNotExist();
    }
}
