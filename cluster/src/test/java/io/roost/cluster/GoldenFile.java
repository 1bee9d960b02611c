package io.roost.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A released form of some bytes, kept as hex digits in {@code src/test/resources/golden}. A change of a format adds a
 * file; the older ones must stay readable. {@code -Droost.golden=write} writes files that do not exist yet.
 */
public final class GoldenFile {
    private static final int LINE = 64;

    private GoldenFile() {}

    /** The file's bytes. */
    public static Bytes read(String name) {
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
            if (in == null) {
                throw new AssertionError("no golden file " + name + "; write it with -Droost.golden=write");
            }
            String digits = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return Bytes.hex(digits.replace("\n", ""));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Fails unless the bytes are those of the file. */
    public static void check(String name, Bytes bytes) {
        Path file = Path.of("src/test/resources/golden", name);
        if ("write".equals(System.getProperty("roost.golden")) && !Files.exists(file)) {
            write(file, bytes.hex());
            return;
        }
        assertThat(bytes.hex()).as("golden file %s", name).isEqualTo(read(name).hex());
    }

    private static void write(Path file, String digits) {
        StringBuilder lines = new StringBuilder();
        for (int at = 0; at < digits.length(); at += LINE) {
            lines.append(digits, at, Math.min(at + LINE, digits.length())).append('\n');
        }
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, lines);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
