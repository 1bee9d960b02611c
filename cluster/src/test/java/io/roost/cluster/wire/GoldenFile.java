package io.roost.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An encoding that was released, in hex, 32 bytes a line. {@code -Droost.golden=write} writes the files of encodings that
 * have none yet; an existing file is never changed, for data in that form is out there.
 */
public final class GoldenFile {
    private static final Path SOURCES = Path.of("src", "test", "resources", "golden");

    private GoldenFile() {}

    /** Checks that a value is still encoded as it was, and gives the file's bytes. */
    public static Bytes check(String name, Bytes encoded) {
        Path source = SOURCES.resolve(name + ".hex");
        if ("write".equals(System.getProperty("roost.golden")) && !Files.exists(source)) {
            write(source, encoded);
            return encoded;
        }
        Bytes golden = read(name);
        assertThat(encoded.hex()).as("encoding of %s", name).isEqualTo(golden.hex());
        return golden;
    }

    /** The bytes of a file. */
    public static Bytes read(String name) {
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + name + ".hex")) {
            assertThat(in).as("golden file %s", name).isNotNull();
            String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return Bytes.hex(hex.replace("\n", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path source, Bytes encoded) {
        String hex = encoded.hex();
        StringBuilder lines = new StringBuilder();
        for (int at = 0; at < hex.length(); at += 64) {
            lines.append(hex, at, Math.min(at + 64, hex.length())).append('\n');
        }
        try {
            Files.createDirectories(source.getParent());
            Files.writeString(source, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
