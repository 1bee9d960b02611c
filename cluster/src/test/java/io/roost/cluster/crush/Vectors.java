package io.roost.cluster.crush;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads the placement vectors among the test resources. */
public final class Vectors {
    private Vectors() {}

    /** The text of a file below {@code crush/}. */
    public static String text(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/crush/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no vector file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its lines. */
    public static List<String> lines(String name) {
        return text(name).lines().toList();
    }
}
