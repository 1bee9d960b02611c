package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A node's data folder, locked for this process: {@code lock} with the pid, {@code format} with the cluster's fsid and the
 * version of the layout, {@code credentials} in AWS's format, {@code admin.json} for the command, {@code tls-certificate.pem}
 * and {@code tls-key.pem} of a node that makes its certificate itself.
 */
public final class NodeFolder implements AutoCloseable {
    /** Version of the layout that this program writes. */
    static final int FORMAT_VERSION = 1;

    private static final Set<PosixFilePermission> PRIVATE_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");
    /** What a start leaves that ended before the format was written; and what a new file system has. */
    private static final Set<String> OF_A_BEGINNING = Set.of("lock", "format.new", "lost+found");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path path;
    private final FileChannel lockFile;
    private final UUID fsid;
    private final boolean isTemporary;

    private NodeFolder(Path path, FileChannel lockFile, UUID fsid, boolean isTemporary) {
        this.path = path;
        this.lockFile = lockFile;
        this.fsid = fsid;
        this.isTemporary = isTemporary;
    }

    /**
     * Opens a folder, making it when it does not exist, and locks it.
     *
     * @throws CommandFailure when another process holds it, it was written by a newer version, or it is no folder of
     *     Roost's and not empty
     */
    public static NodeFolder open(Path path) {
        return open(path, UUID.randomUUID(), false);
    }

    /** The same; a new one is of a cluster that exists, and one of another cluster is refused. */
    static NodeFolder openOf(Path path, UUID fsid) {
        NodeFolder folder = open(path, fsid, false);
        if (!folder.fsid.equals(fsid)) {
            folder.close();
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN,
                    "the data folder " + path + " is of cluster " + folder.fsid + ", not " + fsid);
        }
        return folder;
    }

    private static NodeFolder open(Path path, UUID newFsid, boolean isTemporary) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            if (!Files.isDirectory(path)) {
                Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
            }
            boolean isNew = !Files.exists(path.resolve("format"));
            if (isNew) {
                requireEmpty(path);
            }
            FileChannel lock = lock(path);
            UUID fsid = isNew ? writeFormat(path, newFsid) : readFormat(path);
            return new NodeFolder(path, lock, fsid, isTemporary);
        } catch (IOException failure) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "cannot use the data folder " + path + ": " + Reason.of(failure));
        }
    }

    /** A new folder below the system's temporary one. */
    public static NodeFolder openTemporary() {
        try {
            return open(
                    Files.createTempDirectory("roost-dev-", PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER)),
                    UUID.randomUUID(),
                    true);
        } catch (IOException failure) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "cannot make a temporary folder: " + Reason.of(failure));
        }
    }

    /** A folder of somebody else's is not filled: with a wrong {@code --data} that might be a home folder. */
    private static void requireEmpty(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            Optional<Path> foreign = files.filter(
                            file -> !OF_A_BEGINNING.contains(file.getFileName().toString()))
                    .findFirst();
            if (foreign.isPresent()) {
                throw new CommandFailure(
                        CommandFailure.COULD_NOT_RUN,
                        "the folder " + path + " has no data of Roost and is not empty (there is "
                                + foreign.get().getFileName() + "); choose a new or an empty one");
            }
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        Path file = path.resolve("lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException held) {
            lock = null;
        }
        if (lock == null) {
            String holder = Files.readString(file).trim();
            channel.close();
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN,
                    "the data folder " + path + " is in use by process " + holder
                            + "; stop it, or choose another folder with --data");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        return channel;
    }

    private static UUID writeFormat(Path path, UUID fsid) throws IOException {
        ObjectNode format = MAPPER.createObjectNode();
        format.put("fsid", fsid.toString()).put("version", FORMAT_VERSION);
        writePrivately(path.resolve("format"), MAPPER.writeValueAsString(format) + "\n");
        return fsid;
    }

    private static UUID readFormat(Path path) throws IOException {
        JsonNode format = MAPPER.readTree(path.resolve("format").toFile());
        int version = format.path("version").asInt();
        if (version > FORMAT_VERSION) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN,
                    "the data folder " + path + " has format " + version + ", this program knows " + FORMAT_VERSION
                            + ": use a newer Roost");
        }
        return UUID.fromString(format.path("fsid").asText());
    }

    /** Replaces a file of the folder as a whole, readable by its owner only. */
    void write(String name, String content) {
        try {
            writePrivately(path.resolve(name), content);
        } catch (IOException failure) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "cannot write " + path.resolve(name) + ": " + Reason.of(failure));
        }
    }

    private static void writePrivately(Path file, String content) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(written);
        Files.createFile(written, PosixFilePermissions.asFileAttribute(PRIVATE_FILE));
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes a file of the folder, if it is there. */
    void delete(String name) {
        try {
            Files.deleteIfExists(path.resolve(name));
        } catch (IOException failure) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "cannot remove " + path.resolve(name) + ": " + Reason.of(failure));
        }
    }

    /** The content of a file of the folder, or null when there is none. */
    String read(String name) {
        try {
            Path file = path.resolve(name);
            return Files.exists(file) ? Files.readString(file) : null;
        } catch (IOException failure) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "cannot read " + path.resolve(name) + ": " + Reason.of(failure));
        }
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    /** The cluster's id. */
    public UUID fsid() {
        return fsid;
    }

    /** True when the folder is of this start only. */
    public boolean isTemporary() {
        return isTemporary;
    }

    /** Removes all of it; only for a temporary folder. */
    void remove() {
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "cannot remove " + path + ": " + Reason.of(failure));
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException failure) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "cannot unlock " + path + ": " + Reason.of(failure));
        }
    }
}
