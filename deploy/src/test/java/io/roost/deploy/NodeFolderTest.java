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
    void leavesAFolderAloneThatIsNotRoosts() throws IOException {
        Path path = Files.createDirectory(parent.resolve("home"));
        Files.writeString(path.resolve("precious"), "mine");
        assertThatThrownBy(() -> NodeFolder.open(path))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("the folder " + path
                        + " has no data of Roost and is not empty (there is precious); choose a new or an empty one");
        try (var files = Files.list(path)) {
            assertThat(files).containsExactly(path.resolve("precious"));
        }
    }

    @Test
    void takesAnEmptyFolderAndWhatAnEndedStartHasLeft() throws IOException {
        Path path = Files.createDirectory(parent.resolve("dev"));
        Files.createDirectory(path.resolve("lost+found"));
        Files.writeString(path.resolve("lock"), "1\n");
        Files.writeString(path.resolve("format.new"), "{");
        try (NodeFolder folder = NodeFolder.open(path)) {
            assertThat(folder.fsid()).isNotNull();
            folder.delete("no such file");
        }
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "x");
        assertThatThrownBy(() -> NodeFolder.open(file))
                .hasMessage("cannot use the data folder " + file + ": " + file + " is no folder");
        assertThatThrownBy(() -> NodeFolder.open(file.resolve("below")))
                .hasMessage("cannot use the data folder " + file.resolve("below") + ": " + file + " is no folder");
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
