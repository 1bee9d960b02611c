package io.roost.cluster.store.rocksdb;

import io.roost.cluster.store.BlockFile;
import io.roost.cluster.store.BlockFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeSet;

/** Data files as files of a folder, named {@code data-N}. */
public final class FileBlockFiles implements BlockFiles {
    private static final String PREFIX = "data-";

    private final Path folder;
    private final FileStore fileStore;

    private FileBlockFiles(Path folder, FileStore fileStore) {
        this.folder = folder;
        this.fileStore = fileStore;
    }

    /** The files of a folder, which is made when it does not exist. */
    public static FileBlockFiles open(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new FileBlockFiles(folder, Files.getFileStore(folder));
    }

    @Override
    public List<Integer> list() throws IOException {
        TreeSet<Integer> numbers = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : files) {
                String digits = file.getFileName().toString().substring(PREFIX.length());
                try {
                    numbers.add(Integer.parseUnsignedInt(digits));
                } catch (NumberFormatException e) {
                    throw new IOException("not a data file: " + file, e);
                }
            }
        }
        return List.copyOf(numbers);
    }

    private Path path(int number) {
        return folder.resolve(PREFIX + number);
    }

    @Override
    public BlockFile create(int number) throws IOException {
        try {
            FileChannel channel = FileChannel.open(
                    path(number), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            syncFolder();
            return new ChannelFile(channel);
        } catch (IOException e) {
            throw translated(e);
        }
    }

    @Override
    public BlockFile open(int number) throws IOException {
        return new ChannelFile(FileChannel.open(path(number), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public void delete(int number) throws IOException {
        Files.delete(path(number));
    }

    @Override
    public long availableBytes() throws IOException {
        return fileStore.getUsableSpace();
    }

    @Override
    public long capacityBytes() throws IOException {
        return fileStore.getTotalSpace();
    }

    private void syncFolder() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static IOException translated(IOException e) {
        String message = String.valueOf(e.getMessage());
        // Java has no code for ENOSPC and EDQUOT; these are glibc's texts in the C locale that the JVM uses.
        return message.contains("No space left on device") || message.contains("Disk quota exceeded")
                ? new BlockFile.NoSpaceException(message)
                : e;
    }

    /** One file. */
    private static final class ChannelFile implements BlockFile {
        private final FileChannel channel;
        private volatile long size;

        ChannelFile(FileChannel channel) throws IOException {
            this.channel = channel;
            this.size = channel.size();
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            long at = offset;
            while (into.hasRemaining()) {
                int count = channel.read(into, at);
                if (count < 0) {
                    throw new EOFException("the file ends at " + at);
                }
                at += count;
            }
        }

        @Override
        public void write(long offset, ByteBuffer from) throws IOException {
            long at = offset;
            try {
                while (from.hasRemaining()) {
                    at += channel.write(from, at);
                }
            } catch (IOException e) {
                throw translated(e);
            } finally {
                size = Math.max(size, at);
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long newSize) throws IOException {
            channel.truncate(newSize);
            size = channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
