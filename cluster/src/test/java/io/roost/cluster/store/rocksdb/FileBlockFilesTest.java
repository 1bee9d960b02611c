package io.roost.cluster.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.store.BlockFileContract;
import io.roost.cluster.store.BlockFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlockFilesTest extends BlockFileContract {
    @TempDir
    Path folder;

    @Override
    protected BlockFiles folder() throws IOException {
        return FileBlockFiles.open(folder.resolve("files"));
    }

    @Test
    void aFileThatIsNoDataFileIsNotPassedOverInSilence() throws IOException {
        BlockFiles files = folder();
        Files.createFile(folder.resolve("files/data-x"));
        assertThatThrownBy(files::list).isInstanceOf(IOException.class).hasMessageContaining("data-x");
    }
}
