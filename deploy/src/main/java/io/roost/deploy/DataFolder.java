package io.roost.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * Where a node keeps its data, and how a command finds a node on the same machine.
 *
 * <pre>
 * ${XDG_DATA_HOME:-~/.local/share}/roost/dev    what `roost dev` uses unless told otherwise
 * ${XDG_DATA_HOME:-~/.local/share}/roost/last   one line: the data folder of the dev started last, also of a --temp one
 * FOLDER/admin.json                             {"url": "http://127.0.0.1:9440", "token": "..."}, mode 0600, while it runs
 * </pre>
 */
public final class DataFolder {
    /** In a data folder: the address of the admin API of the node that runs, and its bearer token. */
    public static final String ADMIN_FILE = "admin.json";

    private final Path home;

    /** Below the folder that the environment says. */
    public DataFolder(Map<String, String> environment) {
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        // The XDG specification: a relative path is to be ignored.
        home = data.startsWith("/")
                ? Path.of(data, "roost")
                : Path.of(
                        environment.getOrDefault("HOME", System.getProperty("user.home")), ".local", "share", "roost");
    }

    /** Where {@code roost dev} keeps its data unless told otherwise. */
    public Path ofDev() {
        return home.resolve("dev");
    }

    /** Makes a node the one that commands without an address speak to. */
    public void rememberLast(Path dataFolder) throws IOException {
        Files.createDirectories(home);
        Path written = Files.createTempFile(home, "last", ".new");
        Files.writeString(written, dataFolder.toAbsolutePath() + "\n", StandardCharsets.UTF_8);
        Files.move(written, home.resolve("last"), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * The data folder of the node that commands without an address ask: the one started last, if it runs, else the one
     * that {@code roost dev} uses unless told otherwise.
     */
    Path toAsk() throws IOException {
        return last().filter(folder -> Files.exists(folder.resolve(ADMIN_FILE))).orElse(ofDev());
    }

    /** The data folder of the dev started last, empty when none ever was. */
    public Optional<Path> last() throws IOException {
        try {
            return Optional.of(Path.of(Files.readString(home.resolve("last"), StandardCharsets.UTF_8)
                    .strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
