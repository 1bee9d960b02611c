package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void followsTheXdgSpecification() {
        assertThat(new DataFolder(Map.of("XDG_DATA_HOME", "/data", "HOME", "/home/a")).ofDev())
                .isEqualTo(Path.of("/data/roost/dev"));
        assertThat(new DataFolder(Map.of("XDG_DATA_HOME", "relative", "HOME", "/home/a")).ofDev())
                .isEqualTo(Path.of("/home/a/.local/share/roost/dev"));
    }

    @Test
    void theNodeToAskIsTheLastOneAsLongAsItRuns() throws IOException {
        DataFolder folders = new DataFolder(Map.of("XDG_DATA_HOME", folder.toString()));
        assertThat(folders.toAsk()).isEqualTo(folders.ofDev());
        Path other = Files.createDirectory(folder.resolve("other"));
        folders.rememberLast(other);
        assertThat(folders.toAsk()).isEqualTo(folders.ofDev());
        Files.writeString(other.resolve(DataFolder.ADMIN_FILE), "{}");
        assertThat(folders.toAsk()).isEqualTo(other);
    }

    @Test
    void theLastNodeIsTheOneRememberedLast() throws IOException {
        DataFolder folders = new DataFolder(Map.of("XDG_DATA_HOME", folder.toString()));
        assertThat(folders.last()).isEmpty();
        folders.rememberLast(Path.of("/tmp/one"));
        folders.rememberLast(Path.of("/tmp/two"));
        assertThat(folders.last()).hasValue(Path.of("/tmp/two"));
        try (var files = Files.list(folder.resolve("roost"))) {
            assertThat(files).hasSize(1);
        }
    }
}
